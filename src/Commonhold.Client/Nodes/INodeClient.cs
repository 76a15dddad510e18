using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>A Commonhold node over HTTP (protocol.md §5, §7). Nothing that it says is trusted by itself: digests, roots and
/// signatures are compared by the callers that act on them.</summary>
/// <remarks>The second implementation is a node in the same process. A refusal by the node is a <see cref="CommonholdException"/>
/// with its <see cref="CommonholdException.Refusal"/>; a network that stays broken after the safe retries is one with
/// <see cref="CommonholdException.IsTransient"/>.</remarks>
public interface INodeClient
{
    Task<DaoInfo> GetDaoAsync(CancellationToken cancellationToken);

    /// <summary>The policy with this digest, proved by it.</summary>
    /// <exception cref="CommonholdException"><c>policy.unknown</c>, or the node gave another document: <c>policy.digest_mismatch</c>.</exception>
    Task<ContributionPolicy> GetPolicyAsync(Bytes32 digest, CancellationToken cancellationToken);

    /// <summary>Uploads, or goes on where an earlier attempt stopped; done when the node has the whole file under its digest.</summary>
    /// <param name="content">Seekable; its digest and length are those announced.</param>
    Task UploadAsync(Bytes32 digest, Stream content, IProgress<long>? progress, CancellationToken cancellationToken);

    Task SubmitAsync(ContributionSubmission submission, CancellationToken cancellationToken);

    /// <returns>Null when the node does not know it.</returns>
    Task<ContributionStatus?> GetContributionAsync(Bytes32 digest, CancellationToken cancellationToken);

    Task<IReadOnlyList<ContributionStatus>> ListContributionsAsync(Address owner, CancellationToken cancellationToken);

    /// <summary>The sealed explanation of a verdict; hold it against the report by <see cref="ValueExplanation.Open"/>.</summary>
    /// <returns>Null when there is none.</returns>
    Task<byte[]?> GetExplanationAsync(Bytes32 digest, CancellationToken cancellationToken);

    Task<ContributionProof> GetProofAsync(Bytes32 digest, CancellationToken cancellationToken);

    /// <summary>Writes the blob to a stream, resuming after a broken connection, and proves its digest.</summary>
    /// <param name="maxBytes">Refused beyond, whatever the node sends: <c>blob.too_large</c>; other bytes: <c>blob.digest_mismatch</c>.</param>
    Task DownloadBlobAsync(Bytes32 digest, Stream destination, long maxBytes, CancellationToken cancellationToken);

    Task<IReadOnlyList<BatchInfo>> ListBatchesAsync(BatchId from, CancellationToken cancellationToken);

    /// <summary>The manifest as the node gives it; compare it with the chain.</summary>
    Task<Result<BatchManifest>> GetManifestAsync(BatchId batchId, CancellationToken cancellationToken);

    Task<RewardStatus> GetRewardsAsync(Address account, CancellationToken cancellationToken);

    Task<RelayReceipt> RelayVoteAsync(RelayVote vote, CancellationToken cancellationToken);

    Task<RelayReceipt> RelayClaimsAsync(IReadOnlyList<Address> accounts, CancellationToken cancellationToken);

    Task<RelayReceipt> RelayRevenueClaimAsync(RelayRevenueClaim claim, CancellationToken cancellationToken);

    Task<RelayReceipt> RelayWithdrawalAsync(RelayWithdrawal withdrawal, CancellationToken cancellationToken);

    Task<RelayStatus> GetRelayAsync(string id, CancellationToken cancellationToken);

    /// <summary>The first write wins; the same bytes again are fine, other bytes are refused by the node.</summary>
    Task PutCeremonyMessageAsync(uint epoch, byte round, uint guardian, CeremonyPut message, CancellationToken cancellationToken);

    Task<IReadOnlyList<CeremonyPost>> GetCeremonyMessagesAsync(uint epoch, byte round, CancellationToken cancellationToken);
}

/// <summary>The part of the node that validators talk to; every request is signed with the validator's key.</summary>
public interface IValidatorNode
{
    /// <summary>Publishes where this validator's tickets go.</summary>
    Task PublishRecipientAsync(ValidatorRecipient recipient, CancellationToken cancellationToken);

    /// <summary>Waits up to <paramref name="wait"/> for something to do.</summary>
    Task<ValidatorWork> GetWorkAsync(TimeSpan wait, CancellationToken cancellationToken);

    Task PostVerdictAsync(VerdictSubmission verdict, CancellationToken cancellationToken);

    Task PostBatchSignatureAsync(BatchId batchId, BatchSignature signature, CancellationToken cancellationToken);
}
