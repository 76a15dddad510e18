using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Exports;
using Commonhold.Exports.Reddit;
using Commonhold.Validator.Ownership;
using Commonhold.Validator.Ownership.Online;

namespace Commonhold.Tests.Validator.Ownership.Online;

/// <summary>One contributed export, its owner, and a validator whose operator and policy name a local provider.</summary>
internal sealed class EvidenceWorld : IDisposable
{
    public const string Platform = RedditFormat.Platform;

    private readonly OwnershipProofs _proofs;

    public EvidenceWorld(string authority, PolicySources sources, Func<EvidenceOptions, EvidenceOptions>? change = null, TimeProvider? time = null)
    {
        EvidenceOptions options = new([authority], [authority], RequestsPerMinute: 60_000, PatienceSeconds: 0);
        Time = time ?? TimeProvider.System;
        _proofs = new OwnershipProofs(change?.Invoke(options) ?? options, new byte[32], ExportLimits.Default, Time);
        Policy = ContributionPolicy.Standard(new RedditFormat().Schema) with { Sources = sources };
        using MemoryStream cleaned = new();
        new RedditFormat().TryClean(ExportSource.Open(new MemoryStream(Export)), cleaned).OrThrow();
        Reading = new RedditFormat().TryRead(ExportSource.OpenArchive(cleaned)).OrThrow();
    }

    public static byte[] Export { get; } = Sample(0);

    public TimeProvider Time { get; }

    public ContributionPolicy Policy { get; }

    public ExportReading Reading { get; }

    public string Account => Reading.Account.Id!;

    public CommonholdDomain Registry { get; } = new(31337, Address.FromSpan(new byte[20]));

    public Address Owner { get; init; } = Address.FromSpan([.. Enumerable.Repeat((byte)7, 20)]);

    public Bytes32 Digest { get; init; } = Keccak256.Hash("file"u8);

    public Bytes32 Salt { get; } = EvidenceCommitment.NewSalt();

    public EvidenceCommitment Commitment => new(Registry, Owner, Digest, Salt);

    public static byte[] Sample(int account)
    {
        using MemoryStream export = new();
        new RedditFormat().WriteSample(export, new SampleOptions(Account: account));
        return export.ToArray();
    }

    /// <summary>The original files of <see cref="Export"/>, with other linked identities if some are given.</summary>
    public static EvidenceItem Originals()
    {
        EvidenceItem item = new(EvidenceItem.OriginalFiles);
        ExportSource source = ExportSource.Open(new MemoryStream(Export));
        foreach (string name in RedditOriginals.Names)
        {
            using EntryStream stream = source.Open(source.Find(name)!);
            using MemoryStream content = new();
            stream.CopyTo(content);
            item.WithFile(name, content.ToArray());
        }

        return item;
    }

    public static LinkedIdentity Linked(ExportReading reading)
    {
        using EvidenceBundle bundle = new(default, [Originals()]);
        return OriginalFiles.Read(bundle, reading).Value.Identities[0];
    }

    /// <summary>Verifies the last item, with the others at hand.</summary>
    public async Task<ProofResult> VerifyAsync(params EvidenceItem[] items)
    {
        using EvidenceBundle bundle = new(Digest, items);
        SignedContribution terms = new(Owner, Digest, 1, default, default, 1, 1, default, default!);
        ProofContext context = new(Reading.Account, Reading, terms, Registry, bundle, Policy, Time.GetUtcNow());
        return await _proofs.All.Single(p => p.Type == items[^1].Type).VerifyAsync(items[^1], context, default);
    }

    public void Dispose() => _proofs.Dispose();
}
