using System.Numerics;
using Commonhold.Client;
using Commonhold.Server.Web.Components;

namespace Commonhold.Server.Governance;

/// <summary>A proposal's state in words that need no explanation.</summary>
internal static class ProposalWords
{
    /// <summary>Still to be voted on or carried out.</summary>
    public static bool IsOpen(ProposalView view) => view.State is "pending" or "active" or "succeeded" or "queued";

    public static bool IsReady(ProposalView view, long now) => view.State == "succeeded" || (view.State == "queued" && view.QueuedUntil <= now);

    /// <summary>The tag's words and its kind.</summary>
    public static (string Words, string? Kind) State(ProposalView view, long now) => view.State switch
    {
        "pending" => ("Opens soon", "info"),
        "active" => ("Open", "info"),
        "succeeded" => ("Passed", "good"),
        "queued" => (view.QueuedUntil <= now ? "Passed, ready" : "Passed, waiting", "good"),
        "executed" => ("Carried out", "good"),
        "defeated" => ("Defeated", "bad"),
        "canceled" => ("Cancelled", null),
        "expired" => ("Expired", null),
        _ => ("Unknown", "warn"),
    };

    public static string Explain(ProposalView view, long now) => view.State switch
    {
        "pending" => "Voting has not begun. Who may vote, and with how much, is fixed at the moment it begins.",
        "active" => "Voting is open. Everybody who had votes when it began can vote once.",
        "succeeded" => "The vote passed. Next it is put into the waiting time, so that whoever disagrees can act before it takes effect.",
        "queued" when view.QueuedUntil <= now => "The vote passed and the waiting time is over. Anyone can have it carried out.",
        "queued" => "The vote passed. It waits, so that whoever disagrees can act before it takes effect.",
        "executed" => "The vote passed, and what it decided has been done on the chain.",
        // Who votes against does not count towards the quorum: where most were against it, that is why, however few they were.
        "defeated" when view.Votes.Against > view.Votes.For => "More votes were against it than for it. Nothing changes.",
        "defeated" when view.Quorum is { } quorum && view.Votes.For + view.Votes.Abstain < quorum => "Too few took part: the quorum was not reached. Nothing changes.",
        "defeated" => "Not more votes were for it than against it. Nothing changes.",
        "canceled" => "It was taken back. Nothing changes.",
        "expired" => "It passed but was not carried out in time. Nothing changes.",
        _ => "The chain does not say how this stands.",
    };

    /// <summary>When the next thing happens by itself; null when nothing does.</summary>
    public static long? DueAt(ProposalView view, long now) => view.State switch
    {
        "pending" => view.VoteStart,
        "active" => view.VoteEnd,
        "queued" when view.QueuedUntil > now => view.QueuedUntil,
        _ => null,
    };

    /// <summary>All its sentences; one call is the usual case.</summary>
    public static string Sentence(ProposalView view) => string.Join(" ", view.Sentences);

    public static string Support(long support) => support switch { 0 => "Against", 1 => "For", _ => "Abstain" };

    public static string? SupportKind(long support) => support switch { 0 => "bad", 1 => "good", _ => null };

    /// <summary>How many it takes: rounded up, so that who has so many has enough.</summary>
    public static string Needed(Wei units)
    {
        var hundredth = BigInteger.Pow(10, 16);
        return Text.Units((units.Value + hundredth - 1) / hundredth, 2);
    }

    /// <summary>Tokens as people read them: at most two digits after the point, never rounded up.</summary>
    public static string Votes(Wei units)
    {
        var text = Text.Units(units.Value, 18);
        var point = text.IndexOf('.', StringComparison.Ordinal);
        if (point < 0 || text.Length <= point + 3)
            return text;
        var cut = text[..(point + 3)].TrimEnd('0').TrimEnd('.');
        return cut is "0" or "−0" ? "less than 0.01" : cut;
    }
}
