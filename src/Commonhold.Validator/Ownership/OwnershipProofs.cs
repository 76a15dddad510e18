using Commonhold.Exports;
using Commonhold.Validator.Ownership.Dkim;
using Commonhold.Validator.Ownership.Online;

namespace Commonhold.Validator.Ownership;

/// <summary>Every proof that a validator can check, and the one fetcher that those share that go out.</summary>
/// <remarks>With <see cref="EvidenceOptions.Off"/> none of them goes anywhere: who would have to says that it was not checked.</remarks>
internal sealed class OwnershipProofs : IDisposable
{
    private readonly EvidenceFetcher _fetcher;

    /// <param name="validatorsKey">Turns addresses and identities into digests that only the dataset's validators can make.</param>
    public OwnershipProofs(EvidenceOptions options, ReadOnlyMemory<byte> validatorsKey, ExportLimits limits, TimeProvider time)
    {
        _fetcher = new EvidenceFetcher(options.ToFetchOptions(), time);
        All =
        [
            new OriginalFilesProof(),
            new EmailProof(validatorsKey),
            new AccountCodeProof(_fetcher, options),
            new SignInProof(_fetcher, options),
            new OpenIdProof(_fetcher, options, validatorsKey, time),
            new DownloadProof(_fetcher, options, limits),
        ];
    }

    public IReadOnlyList<IOwnershipProof> All { get; }

    public void Dispose()
    {
        foreach (IDisposable proof in All.OfType<IDisposable>())
            proof.Dispose();
        _fetcher.Dispose();
    }
}
