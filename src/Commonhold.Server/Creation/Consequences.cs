using System.Globalization;
using Commonhold.Client;
using Commonhold.Server.Web.Components;

namespace Commonhold.Server.Creation;

/// <summary>What a choice means in plain sentences: for the page, and for the page's script while somebody types.</summary>
internal static class Consequences
{
    /// <param name="members">Of equal weight.</param>
    public static IReadOnlyList<string> OfVoting(GovernanceRules rules, long members)
    {
        members = Math.Clamp(members, 1, 1_000_000_000);
        var quorum = Math.Max(1, ((members * rules.QuorumPercent) + 99) / 100);
        var majority = (members / 2) + 1;
        List<string> sentences =
        [
            $"Whoever holds {Percent(rules.ProposalThresholdBps)} of all tokens may propose; with {People(members)} of equal weight {(members * rules.ProposalThresholdBps <= 10_000 ? "each of them can" : "nobody can alone: others have to delegate their votes to the one who proposes")}.",
            $"Voting begins {(rules.VotingDelay == 0 ? "at once" : $"{Text.Duration(rules.VotingDelay)} after a proposal")} and lasts {Text.Duration(rules.VotingPeriod)}.",
            members == 1 ? "With one member that member decides alone."
                : $"With {People(members)} of equal weight, at least {quorum.ToString("N0", CultureInfo.InvariantCulture)} must take part (the quorum of {rules.QuorumPercent} %). If everybody votes, {majority.ToString("N0", CultureInfo.InvariantCulture)} must vote yes{(quorum < majority ? $"; if only {People(quorum)} {(quorum == 1 ? "votes" : "vote")}, {((quorum / 2) + 1).ToString("N0", CultureInfo.InvariantCulture)} yes {((quorum / 2) + 1 == 1 ? "vote is" : "votes are")} enough" : "")}.",
            rules.LateQuorumExtension == 0 ? "A quorum that is reached in the last minute ends the vote on time." : $"If the quorum is reached late, voting stays open for {Text.Duration(rules.LateQuorumExtension)} from then, so that nobody wins by surprise.",
            rules.TimelockDelay == 0 ? "What passed takes effect at once: nobody has time to object or to leave." : $"What passed waits {Text.Duration(rules.TimelockDelay)} before it takes effect. In that time everybody sees what is coming.",
            $"So from proposal to effect it takes at least {Text.Duration(rules.VotingDelay + (ulong)rules.VotingPeriod + rules.TimelockDelay)}.",
        ];
        if (rules.VotingDelay + (ulong)rules.VotingPeriod + rules.TimelockDelay < 86_400)
            sentences.Add("Less than a day is right for a trial. For a real dataset people need time to notice.");
        if (rules.QuorumPercent > 50)
            sentences.Add("A quorum above half is hard to reach: if most members do not vote, nothing can ever be decided, not even a lower quorum.");
        return sentences;
    }

    public static IReadOnlyList<string> OfGuardians(int count, uint threshold) => count == 0 ? [] :
    [
        $"Any {threshold} of {count} together can open what the members’ vote allowed. Fewer can open nothing.",
        threshold == 1 ? "One guardian alone could open everything, against every vote. Choose more than one for anything of value." : $"If {threshold} of them were dishonest together they could open everything without a vote. Choose people who do not know each other well, in different places.",
        count == (int)threshold ? "If a single guardian is lost, no grant can be opened any more. Members still read their own files." : $"{count - (int)threshold} of them may be lost or asleep and grants still open. If {count - (int)threshold + 1} are lost, none does; members still read their own files.",
    ];

    public static IReadOnlyList<string> OfValidators(int count, uint threshold) => count == 0 ? [] :
    [
        $"Each contribution is looked at by one of {People(count, "validator")}, once; {threshold} of them must sign each batch.",
        threshold == 1 ? "One validator’s stolen key could make up contributions, up to the daily limit of new tokens." : $"It takes {threshold} stolen keys to make up contributions, and then at most the daily limit of new tokens.",
    ];

    public static IReadOnlyList<string> OfSplit(RevenueSplit split) =>
        [$"Of 100 paid, the members share {(10_000 - split.OperatorsBps - split.TreasuryBps) / 100m}, the operators get {split.OperatorsBps / 100m} and the treasury {split.TreasuryBps / 100m}. A vote can change this for later payments, never for past ones."];

    private static string Percent(ushort bps) => string.Create(CultureInfo.InvariantCulture, $"{bps / 100m} %");

    private static string People(long count, string noun = "member") => Text.Counted(count, noun);
}
