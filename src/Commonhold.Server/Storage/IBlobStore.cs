using Commonhold.Ethereum;
using Commonhold.Client;

namespace Commonhold.Server.Storage;

/// <summary>Keeps bytes: whole objects that appear at once or not at all, and uploads that grow until their digest is right.</summary>
/// <remarks>What a method has returned for survives a crash of the process and of the machine.
/// A store that is full answers with the refusal <c>storage.full</c> or <see cref="StorageFullException"/>, and loses nothing.</remarks>
internal interface IBlobStore
{
    Task<Stream?> OpenAsync(BlobName name, CancellationToken cancellationToken);

    Task<bool> ExistsAsync(BlobName name, CancellationToken cancellationToken);

    /// <summary>Writes or replaces a small object in one step.</summary>
    Task WriteAsync(BlobName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    Task<bool> DeleteAsync(BlobName name, CancellationToken cancellationToken);

    /// <summary>All objects below a folder, in ordinal order of their names.</summary>
    IAsyncEnumerable<StoredBlob> ListAsync(string folder, CancellationToken cancellationToken);

    Task<Result<UploadState>> BeginUploadAsync(Bytes32 digest, long size, CancellationToken cancellationToken);

    Task<UploadState?> FindUploadAsync(Bytes32 digest, CancellationToken cancellationToken);

    /// <summary>Appends at <paramref name="offset"/>; the last byte turns the upload into the blob if its digest is right.</summary>
    Task<Result<UploadState>> AppendAsync(Bytes32 digest, long offset, Stream content, CancellationToken cancellationToken);

    /// <summary>Removes uploads that nobody has touched since <paramref name="before"/>; returns how many.</summary>
    Task<int> RemoveAbandonedUploadsAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>Uploads that are not whole yet, and how many of them nobody has touched since <paramref name="before"/>.</summary>
    Task<UploadSummary> SummariseUploadsAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>Bytes that may still be written before the store refuses.</summary>
    long AvailableBytes { get; }
}

internal sealed record StoredBlob(BlobName Name, DateTimeOffset WrittenAt);

internal sealed record UploadState(Bytes32 Digest, long Size, long Offset)
{
    public bool IsComplete => Offset == Size;
}

internal sealed record UploadSummary(int Count, long Bytes, int Abandoned);

internal sealed class StorageFullException(string message, Exception? inner = null) : Exception(message, inner)
{
    public static Refusal Refusal { get; } = new("storage.full",
        "The node's storage is full; what it already accepted is safe.",
        "Try again later: an upload goes on where it stood. The operator has to add space.");
}
