using System.Runtime.CompilerServices;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Server.Storage;

/// <summary>The embedded <see cref="IBlobStore"/>: files below one folder of this machine.</summary>
/// <remarks>Objects are written beside their place, flushed and renamed. Uploads are <see cref="DiskUploads"/>.
/// A reserve of free space is kept back so that the database and the journal can still write when uploads may not.</remarks>
internal sealed class DiskBlobStore : IBlobStore
{
    private readonly string _root;
    private readonly long _reservedBytes;
    private readonly DiskUploads _uploads;

    public DiskBlobStore(string root, long reservedBytes)
    {
        _root = Path.GetFullPath(root);
        _reservedBytes = reservedBytes;
        Directory.CreateDirectory(_root);
        foreach (var leftover in Directory.EnumerateFiles(_root, "*.tmp", SearchOption.AllDirectories))
            File.Delete(leftover); // A crash came between the write and the rename: the object was never there.
        _uploads = new DiskUploads(Path.Combine(_root, "uploads"), PathOf, () => AvailableBytes);
    }

    public long AvailableBytes => Math.Max(0, new DriveInfo(_root).AvailableFreeSpace - _reservedBytes);

    public Task<Stream?> OpenAsync(BlobName name, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult<Stream?>(new FileStream(PathOf(name), FileMode.Open, FileAccess.Read,
                FileShare.Read | FileShare.Delete, 64 * 1024, FileOptions.Asynchronous | FileOptions.SequentialScan));
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }

    public Task<bool> ExistsAsync(BlobName name, CancellationToken cancellationToken) => Task.FromResult(File.Exists(PathOf(name)));

    public Task WriteAsync(BlobName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        DurableFile.WriteAsync(PathOf(name), content, cancellationToken);

    public Task<bool> DeleteAsync(BlobName name, CancellationToken cancellationToken)
    {
        var path = PathOf(name);
        if (!File.Exists(path))
            return Task.FromResult(false);
        File.Delete(path);
        DurableFile.FlushFolder(Path.GetDirectoryName(path)!);
        return Task.FromResult(true);
    }

    public async IAsyncEnumerable<StoredBlob> ListAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        var path = Path.Combine(_root, BlobName.Parse(folder).ToString());
        if (!Directory.Exists(path))
            yield break;
        foreach (var file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
                     .Where(file => !file.EndsWith(".tmp", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new StoredBlob(BlobName.Parse(Path.GetRelativePath(_root, file).Replace('\\', '/')), File.GetLastWriteTimeUtc(file));
        }
    }

    public Task<Result<UploadState>> BeginUploadAsync(Bytes32 digest, long size, CancellationToken cancellationToken) =>
        _uploads.BeginAsync(digest, size, cancellationToken);

    public Task<UploadState?> FindUploadAsync(Bytes32 digest, CancellationToken cancellationToken) =>
        _uploads.StandAsync(digest, cancellationToken);

    public Task<Result<UploadState>> AppendAsync(
        Bytes32 digest, long offset, Stream content, CancellationToken cancellationToken) =>
        _uploads.AppendAsync(digest, offset, content, cancellationToken);

    public Task<int> RemoveAbandonedUploadsAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        _uploads.RemoveAbandonedAsync(before, cancellationToken);

    public Task<UploadSummary> SummariseUploadsAsync(DateTimeOffset before, CancellationToken cancellationToken) => Task.FromResult(_uploads.Summarise(before));

    private string PathOf(BlobName name) => Path.Combine(_root, name.ToString());
}
