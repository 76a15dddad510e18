using Commonhold.Ethereum;
using Commonhold.Server.Storage;

namespace Commonhold.Server.Contributions;

/// <summary>The two age files that travel beside a contribution: evidence to the validator, gone with its verdict, and the explanation
/// to the member, kept beside the report. The node can read neither.</summary>
internal sealed class SealedFiles(IBlobStore store)
{
    private const string EvidenceFolder = "evidence";

    public Task WriteEvidenceAsync(Bytes32 digest, ReadOnlyMemory<byte> file, CancellationToken cancellationToken) =>
        store.WriteAsync(Evidence(digest), file, cancellationToken);

    public async Task<byte[]?> ReadEvidenceAsync(Bytes32 digest, CancellationToken cancellationToken)
    {
        await using var stream = await store.OpenAsync(Evidence(digest), cancellationToken);
        if (stream is null)
            return null;
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, cancellationToken);
        return bytes.ToArray();
    }

    public Task<bool> DeleteEvidenceAsync(Bytes32 digest, CancellationToken cancellationToken) => store.DeleteAsync(Evidence(digest), cancellationToken);

    public Task WriteExplanationAsync(Bytes32 digest, ReadOnlyMemory<byte> file, CancellationToken cancellationToken) =>
        store.WriteAsync(Explanation(digest), file, cancellationToken);

    public Task<Stream?> OpenExplanationAsync(Bytes32 digest, CancellationToken cancellationToken) => store.OpenAsync(Explanation(digest), cancellationToken);

    private static BlobName Evidence(Bytes32 digest) => BlobName.OfSealed(EvidenceFolder, digest);

    private static BlobName Explanation(Bytes32 digest) => BlobName.OfSealed("explanations", digest);
}
