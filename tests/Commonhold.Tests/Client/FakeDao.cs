using System.Security.Cryptography;
using System.Text.Json;
using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Tests.Age;

namespace Commonhold.Tests.Client;

/// <summary>A DAO in memory: a node that carries, a chain that remembers, guardians that answer. It can be told to misbehave.</summary>
internal sealed class FakeDao : INodeClient, IValidatorNode, IChainView
{
    public const ulong ChainTime = 1_800_000_000;

    private readonly List<KeyShare> _shares = Ceremonies.Run(3, 5);
    private readonly Dictionary<Bytes32, (ContributionSubmission Submission, VerdictSubmission? Verdict)> _contributions = [];

    public Secp256k1Key[] GuardianKeys { get; } = [.. Enumerable.Range(0, 5).Select(_ => Secp256k1Key.Generate())];

    public List<ValidatorInfo> Validators { get; } = [];

    public Dictionary<Bytes32, byte[]> Blobs { get; } = [];

    public List<BatchProposal> Committed { get; } = [];

    public List<BatchProposal> Proposed { get; } = [];

    public List<BatchSignature> Signatures { get; } = [];

    public List<VerdictSubmission> Verdicts { get; } = [];

    /// <summary>Called before a verdict is taken: throws to lose it on the way.</summary>
    public Action<VerdictSubmission>? BeforeVerdict { get; set; }

    public Func<DaoInfo, DaoInfo> Tell { get; set; } = dao => dao;

    public ThresholdKey Key => _shares[0].Key;

    public DaoInfo Info => new(
        1, true, "Test", 31337, ChainTime, 1,
        new DaoContracts(At(1), At(2), At(3), At(4), At(5), At(6), At(7), At(8)),
        new DatasetInfo(Key.Recipient.ToString(), 1, true, Schema.Hash(Policy.Schema), Policy.Schema,
            ContributionPolicy.DigestOf(Policy.ToJsonBytes())),
        new GuardiansInfo(3, [.. GuardianKeys.Select((k, i) => new GuardianEndpoint((uint)i + 1, k.Address))]),
        new ValidatorsInfo(1, Validators), new BatchingRule(1000, 60), new NodeLimits(100_000_000, 10));

    public BatchMessage? Head => Committed.Count == 0 ? null : Committed[^1];

    public IReadOnlyList<GuardianLink> Guardians(Func<uint, IGuardianClient, IGuardianClient>? replace = null) =>
        [.. _shares.Select((share, i) =>
        {
            IGuardianClient guardian = new FakeGuardian(this, (uint)i + 1, share);
            return new GuardianLink((uint)i + 1, replace?.Invoke((uint)i + 1, guardian) ?? guardian);
        })];

    /// <summary>Proposes everything accepted and not yet in a batch, the way an honest node would.</summary>
    public BatchProposal Propose(Func<List<Leaf>, List<Leaf>>? change = null)
    {
        VerdictSubmission[] accepted = [.. Verdicts.Where(v => v.Accepted && !Committed.Any(b => b.Verdicts.Any(w => w.CiphertextDigest == v.CiphertextDigest)))];
        List<Leaf> leaves = [.. accepted.Select((v, i) => v.ToLeaf((uint)i))];
        leaves = change?.Invoke(leaves) ?? leaves;
        BatchManifest manifest = new(Info.ChainId, Info.Contracts.Registry, new BatchId((ulong)Committed.Count), leaves);
        RewardTree rewards = new(Committed.SelectMany(b => b.Manifest.Leaves).Concat(leaves).GroupBy(l => l.Owner)
            .Select(g => KeyValuePair.Create(g.Key, g.Aggregate(Points.Zero, (sum, l) => sum + l.Points))));
        return BatchProposal.From(BatchMessage.Of(manifest, rewards, Head?.StructHash() ?? Bytes32.Zero), manifest, accepted);
    }

    /// <summary>What a vote does: another policy from now on.</summary>
    public void Require(Func<ContributionPolicy, ContributionPolicy> change) => Policy = change(Policy);

    public Task<DaoInfo> GetDaoAsync(CancellationToken cancellationToken) => Task.FromResult(Tell(Info));

    public async Task UploadAsync(Bytes32 digest, Stream content, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        using MemoryStream bytes = new();
        await content.CopyToAsync(bytes, cancellationToken);
        Assert.Equal(digest, Bytes32.FromSpan(SHA256.HashData(bytes.ToArray())));
        Blobs[digest] = bytes.ToArray();
    }

    public Task SubmitAsync(ContributionSubmission submission, CancellationToken cancellationToken)
    {
        _contributions.TryAdd(submission.CiphertextDigest, (submission, null));
        return Task.CompletedTask;
    }

    public Task<ContributionStatus?> GetContributionAsync(Bytes32 digest, CancellationToken cancellationToken) =>
        Task.FromResult(_contributions.TryGetValue(digest, out var known)
            ? new ContributionStatus(digest, known.Submission.Owner, known.Submission.Size, known.Verdict switch
            {
                null => ContributionState.Waiting,
                { Accepted: true } => ContributionState.Accepted,
                _ => ContributionState.Refused,
            }, ChainTime)
            : null);

    public Task DownloadBlobAsync(Bytes32 digest, Stream destination, long maxBytes, CancellationToken cancellationToken) =>
        !Blobs.TryGetValue(digest, out byte[]? blob) ? throw new CommonholdException(new Refusal("http.status_404", "No such blob."))
        : blob.Length > maxBytes ? throw new CommonholdException(new Refusal("blob.too_large", "Too large."))
        : destination.WriteAsync(blob, cancellationToken).AsTask();

    public Task<IReadOnlyList<BatchInfo>> ListBatchesAsync(BatchId from, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<BatchInfo>>([.. Committed.Skip((int)from.Value).Select(b => new BatchInfo(
            new BatchMessage(b.BatchId, b.Previous, b.Root, b.Count, b.Points, b.RewardRoot, b.RewardPoints), b.StructHash()))]);

    public Task<Result<BatchManifest>> GetManifestAsync(BatchId batchId, CancellationToken cancellationToken) =>
        Task.FromResult(BatchManifest.FromWire(Committed[(int)batchId.Value].Manifest));

    public ContributionPolicy Policy { get; set; } = ContributionPolicy.Trial(Schema.RedditExport);

    public Task<ContributionPolicy> GetPolicyAsync(Bytes32 digest, CancellationToken cancellationToken) =>
        Task.FromResult(ContributionPolicy.Parse(Policy.ToJsonBytes(), digest).Value);

    public Task<byte[]?> GetExplanationAsync(Bytes32 digest, CancellationToken cancellationToken) =>
        Task.FromResult(_contributions.TryGetValue(digest, out var found) ? found.Verdict?.Explanation : null);

    public Task PublishRecipientAsync(ValidatorRecipient recipient, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<ValidatorWork> GetWorkAsync(TimeSpan wait, CancellationToken cancellationToken) =>
        Task.FromResult(new ValidatorWork(
            [.. _contributions.Values.Where(c => c.Verdict is null).Select(c => new WorkItem(c.Submission.ToSigned(), c.Submission.Ticket, c.Submission.Evidence))],
            [.. Proposed]));

    public Task PostVerdictAsync(VerdictSubmission verdict, CancellationToken cancellationToken)
    {
        BeforeVerdict?.Invoke(verdict);
        // Over the wire and back, as it would come.
        VerdictSubmission read = JsonSerializer.Deserialize(
            JsonSerializer.SerializeToUtf8Bytes(verdict, WireJson.Default.VerdictSubmission), WireJson.Default.VerdictSubmission)!;
        Assert.True(read.IsGenuine(Info.RegistryDomain));
        _contributions[read.CiphertextDigest] = (_contributions[read.CiphertextDigest].Submission, read);
        Verdicts.Add(read);
        return Task.CompletedTask;
    }

    public Task PostBatchSignatureAsync(BatchId batchId, BatchSignature signature, CancellationToken cancellationToken)
    {
        Signatures.Add(signature);
        return Task.CompletedTask;
    }

    public Task<DaoContracts> ContractsAsync(CancellationToken cancellationToken) => Task.FromResult(Info.Contracts);

    public Task<Refusal?> CheckAsync(DaoInfo told, CancellationToken cancellationToken) => Task.FromResult<Refusal?>(null);

    public Task<(Bytes32 Root, uint Count)?> BatchAsync(Address registry, BatchId batch, CancellationToken cancellationToken) =>
        Task.FromResult<(Bytes32, uint)?>(batch.Value < (ulong)Committed.Count ? (Committed[(int)batch.Value].Root, Committed[(int)batch.Value].Count) : null);

    /// <summary>Epoch 1 is active, 2 waits for its guardians, and of others the registry knows nothing.</summary>
    public Task<DatasetKey> KeyAsync(Address guardians, uint epoch, CancellationToken cancellationToken) =>
        epoch is 0 or > 2 ? throw new ContractRevertException(null, [], default, null, "GuardianRegistryUnknownEpoch")
        : epoch == 2 ? Task.FromResult(new DatasetKey(2, default, 3, [], [.. GuardianKeys.Select(k => k.Address)]))
        : Task.FromResult(new DatasetKey(1, Bytes32.FromSpan(Key.Recipient.Point), 3,
            [.. Key.Commitments.Select(c => Bytes32.FromSpan(c.Bytes))], [.. GuardianKeys.Select(k => k.Address)]));

    public Task<IReadOnlyList<ContributionStatus>> ListContributionsAsync(Address owner, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ContributionProof> GetProofAsync(Bytes32 digest, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<RewardStatus> GetRewardsAsync(Address account, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<RelayReceipt> RelayVoteAsync(RelayVote vote, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<RelayReceipt> RelayClaimsAsync(IReadOnlyList<Address> accounts, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<RelayReceipt> RelayRevenueClaimAsync(RelayRevenueClaim claim, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<RelayReceipt> RelayWithdrawalAsync(RelayWithdrawal withdrawal, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<RelayStatus> GetRelayAsync(string id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task PutCeremonyMessageAsync(uint epoch, byte round, uint guardian, CeremonyPut message, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<CeremonyPost>> GetCeremonyMessagesAsync(uint epoch, byte round, CancellationToken cancellationToken) => throw new NotSupportedException();

    private static Address At(byte number) => Address.FromSpan([.. new byte[19], number]);
}

/// <summary>A guardian that answers everybody: the release rule has tests of its own.</summary>
internal sealed class FakeGuardian(FakeDao dao, uint index, KeyShare share) : IGuardianClient
{
    public int Calls { get; private set; }

    public Task<GuardianInfo> GetInfoAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<byte[]> ReleaseAsync(ReleaseRequest request, CancellationToken cancellationToken)
    {
        Calls++;
        IReadOnlyList<Leaf> leaves = dao.Committed[(int)request.BatchId.Value].Manifest.Leaves;
        ReleaseAnswer answer = new(1, index, 1, request.GrantId, request.BatchId,
            [.. request.Indices.Select(i =>
            {
                byte[] e = leaves[(int)i].EphemeralShare.ToArray();
                PartialAnswer partial = share.Answer(e);
                string? proof = request.Proofs ? Hex.Encode(share.Prove(e).ToBytes()) : null;
                return new ShareAnswer(i, Bytes32.FromSpan(partial.Point.Span), proof);
            })],
            []);
        return Task.FromResult(Seal(Change(answer, request), request.Terms));
    }

    public IAsyncEnumerable<string> ReadLogAsync(ulong from, CancellationToken cancellationToken) => throw new NotSupportedException();

    private ReleaseAnswer Change(ReleaseAnswer answer, ReleaseRequest request) => answer;

    private static byte[] Seal(ReleaseAnswer answer, GrantTerms terms) => AgeFile.Seal(
        JsonSerializer.SerializeToUtf8Bytes(answer, WireJson.Default.ReleaseAnswer), new X25519Recipient(terms.Recipient.AsSpan()));
}
