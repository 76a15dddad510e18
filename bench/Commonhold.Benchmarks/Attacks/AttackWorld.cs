using System.Security.Cryptography;
using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Exports;
using Commonhold.Exports.Reddit;
using Commonhold.Validator;
using Commonhold.Validator.Ownership;
using Commonhold.Validator.Ownership.Dkim;
using Commonhold.Validator.State;
using Microsoft.Extensions.Logging.Abstractions;

namespace Commonhold.Benchmarks.Attacks;

/// <summary>What came of one contribution.</summary>
/// <param name="Code">Of the refusal; null when it was accepted.</param>
internal sealed record Outcome(bool Accepted, double Points, string? Code);

/// <summary>A whole validator with its state on disk, that judges what wallets bring it: tickets, seals and signatures are real.</summary>
internal sealed class AttackWorld : IDisposable
{
    private static readonly ValidatorKey Key = ValidatorKey.Generate("0x" + new string('7', 64));
    private static readonly X25519Identity Dataset = X25519Identity.Generate();

    private readonly string _directory;
    private readonly AttackNode _node;
    private readonly DaoInfo _dao;
    private readonly ContributionPolicy _policy;
    private readonly DateTimeOffset _now;
    private readonly Dictionary<string, MemberKey> _wallets = [];
    private ValidatorState _state;
    private ValidatorProcess _validator;

    public AttackWorld(ContributionPolicy policy, DateTimeOffset now)
        : this(policy, now, System.IO.Directory.CreateTempSubdirectory("commonhold-attacks-").FullName)
    {
    }

    private AttackWorld(ContributionPolicy policy, DateTimeOffset now, string directory)
    {
        (_directory, _policy, _now) = (directory, policy, now);
        _dao = new DaoInfo(
            1, true, "Attacked", 31337, (ulong)now.ToUnixTimeSeconds(), 1,
            new DaoContracts(At(1), At(2), At(3), At(4), At(5), At(6), At(7), At(8)),
            new DatasetInfo(Dataset.Recipient.ToString(), 1, true, Schema.Hash(policy.Schema), policy.Schema, ContributionPolicy.DigestOf(policy.ToJsonBytes())),
            new GuardiansInfo(1, []), new ValidatorsInfo(1, [new ValidatorInfo(Key.Address)]), new BatchingRule(1000, 60), new NodeLimits(100_000_000, 10));
        _node = new AttackNode(_dao, policy);
        (_state, _validator) = Start();
    }

    /// <summary>A world in the same state, which then goes its own way.</summary>
    public AttackWorld Fork()
    {
        // Closed while it is copied, so that everything is in the files.
        _validator.Dispose();
        _state.Dispose();
        var copy = System.IO.Directory.CreateTempSubdirectory("commonhold-attacks-").FullName;
        foreach (var file in System.IO.Directory.GetFiles(_directory))
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        (_state, _validator) = Start();
        var fork = new AttackWorld(_policy, _now, copy);
        foreach (var (name, wallet) in _wallets)
            fork._wallets.Add(name, wallet);
        return fork;
    }

    /// <summary>Contributes an export as the provider sent it, cleaned first, as the program of a member does.</summary>
    /// <param name="mail">The provider's message as evidence; null for none.</param>
    public Task<Outcome> ContributeAsync(string wallet, ForgedExport export, byte[]? mail = null, CancellationToken cancellationToken = default) =>
        ContributeAsync(wallet, export.ToZip(), mail, cancellationToken);

    public async Task<Outcome> ContributeAsync(string wallet, byte[] zip, byte[]? mail, CancellationToken cancellationToken)
    {
        byte[] cleaned;
        try
        {
            cleaned = ForgedExport.Clean(zip);
        }
        catch (ExportRefusedException e)
        {
            return new Outcome(false, 0, e.Refusal.Code);
        }

        if (!_wallets.TryGetValue(wallet, out var member))
            _wallets.Add(wallet, member = MemberKey.Generate());
        using var recipient = new TicketRecipient(Dataset.Recipient);
        using var sealedFile = new MemoryStream();
        await AgeFile.EncryptAsync(new MemoryStream(cleaned), sealedFile, [recipient, member.Recipient], cancellationToken: cancellationToken);
        var file = sealedFile.ToArray();
        var digest = Bytes32.FromSpan(SHA256.HashData(file));
        var evidence = mail is null ? null : Evidence(digest, zip, mail);
        var terms = new ContributionTerms(
            member.Address, digest, (ulong)file.Length, Bytes32.FromSpan(recipient.Ticket.Share), _dao.Dataset.Schema, 1, _dao.ChainTime + 1000, EvidenceBundle.DigestOf(evidence));
        _node.Offer(
            new WorkItem(terms.Signed(member.Account, _dao.RegistryDomain), TicketFile.Seal(recipient.Ticket, digest, Key.Identity.Recipient, member.Recipient), evidence), file);
        await _validator.RunOnceAsync(cancellationToken);
        var verdict = _node.Verdict ?? throw new InvalidOperationException("The validator gave no verdict.");
        if (!verdict.IsGenuine(_dao.RegistryDomain))
            throw new InvalidOperationException("The verdict's signature is not the validator's.");
        var report = Report.Parse(verdict.Report).Value;
        return new Outcome(verdict.Accepted, (double)verdict.Points.Value / 1e6, report.Refusal?.Code);
    }

    public void Dispose()
    {
        _validator.Dispose();
        _state.Dispose();
        System.IO.Directory.Delete(_directory, recursive: true);
    }

    private static byte[] Evidence(Bytes32 digest, byte[] zip, byte[] mail)
    {
        var originals = new EvidenceItem(EvidenceItem.OriginalFiles);
        using var archive = new System.IO.Compression.ZipArchive(new MemoryStream(zip));
        foreach (var name in RedditOriginals.Names)
        {
            if (archive.GetEntry(name) is not { } entry)
                continue;
            using var content = new MemoryStream();
            using var stream = entry.Open();
            stream.CopyTo(content);
            originals.WithFile(name, content.ToArray());
        }

        using var bundle = new EvidenceBundle(digest, [EvidenceItem.OfEmail(mail), originals]);
        return bundle.Seal(Key.Identity.Recipient).Value;
    }

    private (ValidatorState, ValidatorProcess) Start()
    {
        var state = ValidatorState.Open(_directory);
        var options = new ValidatorOptions { StateDirectory = _directory, Wait = TimeSpan.Zero };
        return (state, new ValidatorProcess(_node, _node, Key, state, new OwnershipLadder([new OriginalFilesProof(), new EmailProof(Key.NullifierKey)]), options, new FixedClock(_now), NullLogger<ValidatorProcess>.Instance));
    }

    private static Address At(byte number) => Address.FromSpan([.. new byte[19], number]);

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
