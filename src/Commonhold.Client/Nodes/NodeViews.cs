using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>Where a request stands in chain time.</summary>
public enum RequestState
{
    Requested,
    Granted,
    Ended,
    Revoked,
    Refunded,
}

/// <summary>One of <c>GET /v1/requests</c> and <c>/v1/grants</c>.</summary>
/// <param name="EndsAt">When the grant ends, or ended when it was revoked; chain time.</param>
public sealed record RequestView(
    GrantId RequestId, Address Buyer, RequestState State, Bytes32 TermsHash, GrantTerms Terms, long RequestedAt,
    long? OpenedAt = null, long? EndsAt = null, long? RefundedAt = null);

/// <summary>One call of a proposal.</summary>
/// <param name="Value">In wei, decimal.</param>
/// <param name="Calldata">0x and hexadecimal digits.</param>
public sealed record ProposalAction(Address Target, string Value, string Calldata);

/// <summary>Weights, in base units of the token.</summary>
public sealed record Tally(Wei Against, Wei For, Wei Abstain);

/// <summary>One of <c>GET /v1/proposals</c>; times are chain time.</summary>
/// <param name="Sentences">What each action would do, read from its calldata.</param>
/// <param name="QueuedUntil">From when on it can be executed.</param>
/// <param name="Position">For paging: <c>?before=</c>.</param>
/// <param name="Quorum">Votes for or abstaining that it needs, in base units; known once voting has opened.</param>
public sealed record ProposalView(
    string ProposalId, string State, Address Proposer, string Description, IReadOnlyList<string> Sentences, IReadOnlyList<ProposalAction> Actions,
    long ProposedAt, long VoteStart, long VoteEnd, Tally Votes, long Position, long? QueuedUntil = null,
    long? ExecutedAt = null, Wei? Quorum = null);

/// <summary><c>GET /v1/voting-power/{account}</c>: what an account holds, whom it votes through, and who votes through it; base units of the token.</summary>
/// <param name="Delegate">The zero address when the tokens rest.</param>
/// <param name="Votes">What counts when the account votes now.</param>
/// <param name="Delegators">Others whose tokens vote through this account, newest first, at most 200.</param>
public sealed record VotingPower(Address Account, Wei Balance, Wei Votes, Wei Supply, Address Delegate, IReadOnlyList<Delegator> Delegators);

/// <param name="Balance">What it brings now.</param>
/// <param name="Since">Unix seconds.</param>
public sealed record Delegator(Address Account, Wei Balance, long Since);

/// <summary>One of <c>GET /v1/distributions</c>; amounts in base units.</summary>
public sealed record DistributionView
{
    public long DistributionId { get; init; }
    public Address Currency { get; init; }
    public Address Payer { get; init; }
    public Wei Members { get; init; }
    public Wei Operators { get; init; }
    public Wei Treasury { get; init; }
    public long DistributedAt { get; init; }
}

/// <summary>One of <c>GET /v1/revenue/{account}</c>.</summary>
public sealed record ClaimableView(long DistributionId, Address Currency, Wei Amount);

/// <summary><c>POST /v1/trial/faucet</c>.</summary>
public sealed record FaucetWish(Address Account);

/// <param name="Ids">Operations to look up at <c>/v1/relay/{id}</c>.</param>
public sealed record FaucetReceipt(bool Trial, IReadOnlyList<string> Ids);
