using Commonhold.Exports;

namespace Commonhold.Validator.Ownership.Online;

/// <summary>Every proof that may go out, and the one fetcher that they share.</summary>
/// <remarks>With <see cref="Off"/> none of them goes anywhere: each says that it was not checked, but for ID tokens whose keys the policy pins.</remarks>
internal sealed class OnlineEvidence : IDisposable
{
    private readonly EvidenceFetcher _fetcher;

    /// <param name="validatorsKey">Turns linked identities into digests that only validators can make.</param>
    public OnlineEvidence(EvidenceOptions options, ReadOnlyMemory<byte> validatorsKey, ExportLimits limits, TimeProvider time)
    {
        _fetcher = new EvidenceFetcher(options.ToFetchOptions(), time);
        Proofs =
        [
            new OriginalFilesProof(),
            new AccountCodeProof(_fetcher, options),
            new SignInProof(_fetcher, options),
            new OpenIdProof(_fetcher, options, validatorsKey, time),
            new DownloadProof(_fetcher, options, limits),
        ];
    }

    public static EvidenceOptions Off { get; } = new([]);

    public IReadOnlyList<IOwnershipProof> Proofs { get; }

    public void Dispose() => _fetcher.Dispose();
}
