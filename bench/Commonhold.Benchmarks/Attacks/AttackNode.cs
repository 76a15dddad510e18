using System.Collections.Concurrent;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Benchmarks.Attacks;

/// <summary>A node that carries contributions to a validator and its verdicts and signatures back; no network, no chain.</summary>
internal sealed class AttackNode(DaoInfo dao, ContributionPolicy policy) : INodeClient, IValidatorNode
{
    private readonly ConcurrentDictionary<Bytes32, (WorkItem Item, byte[] File)> _waiting = new();

    /// <summary>The last one given; null when there was none since the last offer.</summary>
    public VerdictSubmission? Verdict { get; private set; }

    /// <summary>Verdicts whose contributions are in no batch yet.</summary>
    public ConcurrentQueue<VerdictSubmission> Accepted { get; } = new();

    /// <summary>The next batch to be signed; null for none.</summary>
    public BatchProposal? Proposal { get; set; }

    public BatchSignature? BatchSignature { get; private set; }

    public void Offer(WorkItem item, byte[] file)
    {
        _waiting[item.Contribution.CiphertextDigest] = (item, file);
        Verdict = null;
    }

    public Task<DaoInfo> GetDaoAsync(CancellationToken cancellationToken) => Task.FromResult(dao);

    public Task<ContributionPolicy> GetPolicyAsync(Bytes32 digest, CancellationToken cancellationToken) =>
        Task.FromResult(ContributionPolicy.Parse(policy.ToJsonBytes(), digest).Value);

    public Task DownloadBlobAsync(Bytes32 digest, Stream destination, long maxBytes, CancellationToken cancellationToken) =>
        destination.WriteAsync(_waiting[digest].File, cancellationToken).AsTask();

    public Task PublishRecipientAsync(ValidatorRecipient recipient, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<ValidatorWork> GetWorkAsync(TimeSpan wait, CancellationToken cancellationToken) =>
        Task.FromResult(new ValidatorWork([.. _waiting.Values.Select(w => w.Item)], Proposal is { } proposal ? [proposal] : []));

    public Task PostVerdictAsync(VerdictSubmission verdict, CancellationToken cancellationToken)
    {
        Verdict = verdict;
        if (verdict.Accepted)
            Accepted.Enqueue(verdict);
        _waiting.TryRemove(verdict.CiphertextDigest, out _);
        return Task.CompletedTask;
    }

    public Task PostBatchSignatureAsync(BatchId batchId, BatchSignature signature, CancellationToken cancellationToken)
    {
        (BatchSignature, Proposal) = (signature, null);
        return Task.CompletedTask;
    }

    public Task UploadAsync(Bytes32 digest, Stream content, IProgress<long>? progress, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task SubmitAsync(ContributionSubmission submission, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ContributionStatus?> GetContributionAsync(Bytes32 digest, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<ContributionStatus>> ListContributionsAsync(Address owner, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<byte[]?> GetExplanationAsync(Bytes32 digest, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ContributionProof> GetProofAsync(Bytes32 digest, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<BatchInfo>> ListBatchesAsync(BatchId from, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<BatchInfo>>([]);

    public Task<Result<BatchManifest>> GetManifestAsync(BatchId batchId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<RewardStatus> GetRewardsAsync(Address account, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<RelayReceipt> RelayVoteAsync(RelayVote vote, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<RelayReceipt> RelayClaimsAsync(IReadOnlyList<Address> accounts, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<RelayReceipt> RelayRevenueClaimAsync(RelayRevenueClaim claim, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<RelayReceipt> RelayWithdrawalAsync(RelayWithdrawal withdrawal, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<RelayStatus> GetRelayAsync(string id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task PutCeremonyMessageAsync(uint epoch, byte round, uint guardian, CeremonyPut message, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<CeremonyPost>> GetCeremonyMessagesAsync(uint epoch, byte round, CancellationToken cancellationToken) => throw new NotSupportedException();
}
