using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Indexer;

namespace Commonhold.Server.Governance;

/// <summary>What <c>/vote</c> shows.</summary>
/// <param name="Now">Chain time.</param>
/// <param name="Power">The signed-in account's.</param>
/// <param name="Next">Where the list goes on.</param>
internal sealed record VotesModel(
    IReadOnlyList<ProposalLine> Open, IReadOnlyList<ProposalLine> Past, Token Token, long Now, VotingPower? Power, long? Next, bool IsFirst, VotingRules Rules);

/// <param name="Purposes">What the requests that it approves say they are for, where the text is known.</param>
internal sealed record ProposalLine(ToldProposal Told, IReadOnlyDictionary<Bytes32, string> Purposes);

/// <summary>How votes go here; seconds and base units, and what a vote can change about the last two: in hundredths of a percent, and percent.</summary>
internal sealed record VotingRules(long Delay, long Period, long TimelockDelay, Wei Threshold, long LateExtension, long ThresholdBps, long QuorumPercent);

/// <summary>What <c>/vote/{id}</c> shows.</summary>
/// <param name="Supply">All tokens when voting opened, or now while it has not.</param>
/// <param name="Votes">The first of them; <paramref name="VoteCount"/> says how many there are.</param>
internal sealed record VoteModel(
    ToldProposal Told, IReadOnlyDictionary<Bytes32, string> Purposes, Token Token, long Now, Wei Supply, IReadOnlyList<VoteView> Votes, long VoteCount, VotingRules Rules,
    VoterStanding? You)
{
    public ProposalView View => Told.View;
}

/// <summary>The signed-in account in this vote.</summary>
/// <param name="Weight">What counts when it votes: its votes when voting opened, or now while it has not.</param>
/// <param name="Balance">What it holds now.</param>
/// <param name="Vote">How it voted.</param>
internal sealed record VoterStanding(Address Account, Wei Weight, Wei Balance, Address Delegate, VoteView? Vote);

/// <summary>What <c>/vote/new</c> shows.</summary>
/// <param name="Kind">Which form; null for the choice between them.</param>
/// <param name="Requests">That a vote could approve or a grant that it could end, by kind.</param>
internal sealed record ProposeModel(
    string? Kind, Token Token, VotingRules Rules, IReadOnlyList<Access.ToldRequest> Requests, Client.Contracts.RevenuePool.Split Split, Bytes32 PolicyDigest,
    IReadOnlyList<Address> Validators, uint Signatures, Address Timelock, ulong? Chosen);
