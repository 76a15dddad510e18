using System.Security.Cryptography;
using Commonhold.Age;
using Commonhold.Benchmarks.Attacks;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Validator;
using Commonhold.Validator.Ownership;
using Commonhold.Validator.State;
using Microsoft.Extensions.Logging.Abstractions;

namespace Commonhold.Benchmarks.Day;

/// <summary>Members, a validator with its state on disk, and a node that is a dictionary: tickets, seals and signatures are real.</summary>
internal sealed class DayWorld : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("commonhold-day-").FullName;
    private readonly ValidatorKey _key = ValidatorKey.Generate();
    private readonly X25519Identity _dataset = X25519Identity.Generate();
    private readonly DaoInfo _dao;
    private readonly AttackNode _node;
    private readonly ValidatorState _state;
    private readonly ValidatorProcess _validator;
    private readonly Dictionary<Address, Points> _rewards = [];
    private Bytes32 _head;

    public DayWorld()
    {
        var policy = ContributionPolicy.Standard("reddit-export-v1");
        _dao = new DaoInfo(
            1, true, "A day", 31337, (ulong)TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(), 1,
            new DaoContracts(At(1), At(2), At(3), At(4), At(5), At(6), At(7), At(8)),
            new DatasetInfo(_dataset.Recipient.ToString(), 1, true, Schema.Hash(policy.Schema), policy.Schema, ContributionPolicy.DigestOf(policy.ToJsonBytes())),
            new GuardiansInfo(1, []), new ValidatorsInfo(1, [new ValidatorInfo(_key.Address)]), new BatchingRule(1000, 60), new NodeLimits(100_000_000, 10));
        _node = new AttackNode(_dao, policy);
        _state = ValidatorState.Open(_directory);
        _validator = new ValidatorProcess(
            _node, _node, _key, _state, new OwnershipLadder([]), new ValidatorOptions { StateDirectory = _directory, Wait = TimeSpan.Zero },
            TimeProvider.System, NullLogger<ValidatorProcess>.Instance);
    }

    public int Accepted { get; private set; }

    public int Batches { get; private set; }

    public int Waiting => _node.Accepted.Count;

    public long RowKeys => _state.Rows.Count;

    public long TextKeys => _state.Texts.Count;

    /// <summary>What a member's program does: clean, encrypt, make the ticket, sign.</summary>
    public async Task<(WorkItem Item, byte[] File)> SealAsync(byte[] original, CancellationToken cancellationToken)
    {
        var cleaned = ForgedExport.Clean(original);
        using var member = MemberKey.Generate();
        using var recipient = new TicketRecipient(_dataset.Recipient);
        using var sealedFile = new MemoryStream();
        await AgeFile.EncryptAsync(new MemoryStream(cleaned), sealedFile, [recipient, member.Recipient], cancellationToken: cancellationToken);
        var file = sealedFile.ToArray();
        var digest = Bytes32.FromSpan(SHA256.HashData(file));
        var terms = new ContributionTerms(
            member.Address, digest, (ulong)file.Length, Bytes32.FromSpan(recipient.Ticket.Share), _dao.Dataset.Schema, 1, _dao.ChainTime + 100_000, Bytes32.Zero);
        return (new WorkItem(terms.Signed(member.Account, _dao.RegistryDomain), TicketFile.Seal(recipient.Ticket, digest, _key.Identity.Recipient, member.Recipient), null), file);
    }

    public async Task JudgeAsync(IReadOnlyList<(WorkItem Item, byte[] File)> offers, CancellationToken cancellationToken)
    {
        foreach (var (item, file) in offers)
            _node.Offer(item, file);
        var before = _node.Accepted.Count;
        await _validator.RunOnceAsync(cancellationToken);
        Accepted += _node.Accepted.Count - before;
    }

    /// <summary>Puts what was accepted into a batch and has the validator sign it.</summary>
    public async Task CommitBatchAsync(CancellationToken cancellationToken)
    {
        List<VerdictSubmission> verdicts = [];
        while (_node.Accepted.TryDequeue(out var verdict))
            verdicts.Add(verdict);
        if (verdicts.Count == 0)
            return;
        Leaf[] leaves = [.. verdicts.Select((v, i) => v.ToLeaf((uint)i))];
        foreach (var leaf in leaves)
            _rewards[leaf.Owner] = _rewards.GetValueOrDefault(leaf.Owner) + leaf.Points;
        var manifest = new BatchManifest(_dao.ChainId, _dao.Contracts.Registry, new BatchId((ulong)Batches), leaves);
        var batch = BatchMessage.Of(manifest, new RewardTree(_rewards), _head);
        _node.Proposal = BatchProposal.From(batch, manifest, verdicts);
        await _validator.RunOnceAsync(cancellationToken);
        if (_node.BatchSignature is not { } signature || signature.StructHash != batch.StructHash())
            throw new InvalidOperationException($"Batch {Batches} was not signed.");
        (_head, Batches) = (batch.StructHash(), Batches + 1);
    }

    /// <summary>Closes the state and says how many bytes each part of it has.</summary>
    public IReadOnlyList<(string Name, long Bytes)> Close()
    {
        _state.Dispose();
        return [.. Directory.GetFiles(_directory).GroupBy(path => Path.GetFileName(path) switch
        {
            var name when name.StartsWith("rows-", StringComparison.Ordinal) => "rowFilesMB",
            var name when name.StartsWith("texts-", StringComparison.Ordinal) => "textFilesMB",
            _ => "databaseMB",
        }).Select(g => (g.Key, g.Sum(path => new FileInfo(path).Length)))];
    }

    public void Dispose()
    {
        _validator.Dispose();
        _state.Dispose();
        _key.Dispose();
        _dataset.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static Address At(byte number) => Address.FromSpan([.. new byte[19], number]);
}
