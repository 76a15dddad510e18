using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary><c>POST /v1/uploads</c>.</summary>
public sealed record UploadRequest(Bytes32 CiphertextDigest, ulong Size);

/// <summary>Where a contribution stands.</summary>
public enum ContributionState
{
    Waiting,
    Accepted,
    Refused,
    Committed,
    Withdrawn,
}

/// <summary><c>GET /v1/contributions/{digest}</c>.</summary>
/// <param name="ReceivedAt">Unix seconds.</param>
/// <param name="Verdict">Set once a validator answered.</param>
/// <param name="Report">The JSON text of the verdict's report.</param>
/// <param name="BatchId">Set once its batch is on chain, with <paramref name="Index"/>.</param>
public sealed record ContributionStatus(
    Bytes32 CiphertextDigest,
    Address Owner,
    ulong Size,
    ContributionState State,
    ulong ReceivedAt,
    SignedVerdict? Verdict = null,
    string? Report = null,
    BatchId? BatchId = null,
    uint? Index = null,
    bool Withdrawn = false);

/// <summary><c>GET /v1/contributions/{digest}/proof</c>: that a leaf stands under its batch's root.</summary>
public sealed record ContributionProof(BatchId BatchId, Leaf Leaf, Bytes32 Root, IReadOnlyList<Bytes32> Proof)
{
    public bool IsValid => MerkleTree.Verify(Root, Leaf.Hash(), Proof);
}

/// <summary>One of <c>GET /v1/batches</c>: the message that the validators signed, and where it was committed.</summary>
/// <param name="CommittedAt">Unix seconds of the block.</param>
public sealed record BatchInfo(BatchMessage Batch, Bytes32 StructHash, Bytes32? TransactionHash = null, ulong? CommittedAt = null);

/// <summary><c>GET /v1/rewards/{account}</c>.</summary>
/// <param name="Proof">Under the reward root of the newest batch; empty when there is nothing to claim or one leaf alone.</param>
/// <param name="Claimed">What the account has claimed so far, in points.</param>
public sealed record RewardStatus(Address Account, Points CumulativePoints, IReadOnlyList<Bytes32> Proof, Points Claimed);

/// <summary><c>GET /v1/validators/{address}/work</c>.</summary>
public sealed record ValidatorWork(IReadOnlyList<WorkItem> Contributions, IReadOnlyList<BatchProposal> Batches)
{
    public bool IsEmpty => Contributions.Count == 0 && Batches.Count == 0;
}

/// <param name="Ticket">An age file for the validator.</param>
/// <param name="Evidence">A sealed <see cref="EvidenceBundle"/>; absent for none.</param>
public sealed record WorkItem(SignedContribution Contribution, byte[] Ticket, byte[]? Evidence = null);

/// <summary><c>POST /v1/relay/votes</c>.</summary>
/// <param name="Reason">What the voter says to it, for everybody to read; part of what was signed.</param>
public sealed record RelayVote(string ProposalId, byte Support, Address Voter, Signature Signature, string? Reason = null)
{
    /// <summary>Bytes of UTF-8 that the relayer pays for.</summary>
    public const int MaxReasonBytes = 500;
}

/// <summary><c>POST /v1/relay/delegations</c>.</summary>
/// <param name="Nonce">The delegator's nonce in the token, decimal.</param>
/// <param name="Expiry">Unix seconds of chain time.</param>
public sealed record RelayDelegation(Address Delegator, Address Delegatee, Wei Nonce, ulong Expiry, Signature Signature);

/// <summary><c>POST /v1/relay/proposals/{id}/steps</c>: the node does what is due, so there is nothing to say.</summary>
public sealed record ProposalStepWish;

/// <summary>202 of <c>POST /v1/relay/proposals/{id}/steps</c>.</summary>
/// <param name="Step"><c>queue</c> or <c>execute</c>: what was due.</param>
public sealed record ProposalStep(string Id, string Step);

/// <summary><c>POST /v1/relay/claims</c>.</summary>
public sealed record RelayClaims(IReadOnlyList<Address> Accounts);

/// <summary><c>POST /v1/relay/revenue-claims</c>.</summary>
public sealed record RelayRevenueClaim(Address Account, IReadOnlyList<ulong> Distributions);

/// <summary><c>POST /v1/relay/withdrawals</c>.</summary>
public sealed record RelayWithdrawal(Bytes32 Digest, ulong Deadline, Signature Signature);

/// <summary>202 of the relayer.</summary>
public sealed record RelayReceipt(string Id);

public enum RelayState
{
    Queued,
    Sent,
    Mined,
    Failed,
}

/// <summary><c>GET /v1/relay/{id}</c>.</summary>
public sealed record RelayStatus(string Id, RelayState State, Bytes32? TransactionHash = null, string? Error = null);
