using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Server.Storage;

/// <summary>Uploads that grow on disk, one file each, named by digest and announced size.</summary>
/// <remarks>The offset is the file's length and nothing else, so a crash at any moment leaves an upload that can go on.
/// The bytes that were hashed are the bytes that become the blob: both happen under the upload's lock.</remarks>
internal sealed class DiskUploads(string folder, Func<BlobName, string> pathOf, Func<long> availableBytes)
{
    private readonly ConcurrentDictionary<Bytes32, SemaphoreSlim> _locks = new();

    public async Task<Result<UploadState>> BeginAsync(Bytes32 digest, long size, CancellationToken cancellationToken)
    {
        using var held = await TryHoldAsync(digest, cancellationToken);
        if (held is null)
            return Busy(digest);
        if (Find(digest) is { } existing)
            return existing.Size == size ? await FinishAsync(existing, cancellationToken) : new Refusal("upload.size_conflict",
                $"An upload of {digest} was announced with {existing.Size} bytes, not {size}.", "Finish it or let it expire.");
        if (size > availableBytes())
            return StorageFullException.Refusal;
        Directory.CreateDirectory(folder);
        await File.Create(PartialOf(digest, size)).DisposeAsync();
        return new UploadState(digest, size, 0);
    }

    /// <summary>Where an upload stands. One whose last byte came just before a crash is finished first: its member sees it whole and sends no more.</summary>
    public async Task<UploadState?> StandAsync(Bytes32 digest, CancellationToken cancellationToken)
    {
        if (Find(digest) is not { IsComplete: true } full || File.Exists(pathOf(BlobName.OfCiphertext(digest))))
            return Find(digest);
        using var held = await TryHoldAsync(digest, cancellationToken);
        if (held is not null)
            await FinishAsync(full, cancellationToken);
        return Find(digest);
    }

    public UploadState? Find(Bytes32 digest)
    {
        var whole = new FileInfo(pathOf(BlobName.OfCiphertext(digest)));
        if (whole.Exists)
            return new UploadState(digest, whole.Length, whole.Length);
        if (!Directory.Exists(folder))
            return null;
        var partial = Directory.EnumerateFiles(folder, $"{BlobName.Hex(digest)}-*.part").FirstOrDefault();
        return partial is null ? null : new UploadState(digest, SizeOf(partial), new FileInfo(partial).Length);
    }

    public async Task<Result<UploadState>> AppendAsync(
        Bytes32 digest, long offset, Stream content, CancellationToken cancellationToken)
    {
        using var held = await TryHoldAsync(digest, cancellationToken);
        if (held is null)
            return Busy(digest);
        if (Find(digest) is not { } state)
            return Unknown(digest);
        if (offset != state.Offset)
            return new Refusal("upload.offset_mismatch", $"This upload stands at {state.Offset}, not at {offset}.",
                "Ask with HEAD where it stands and go on from there.");
        if (state.IsComplete)
            return await FinishAsync(state, cancellationToken);
        var partial = PartialOf(digest, state.Size);
        try
        {
            var problem = await CopyAsync(partial, state, content, cancellationToken);
            if (problem is not null)
                return problem;
        }
        catch (IOException problem) when (DurableFile.IsFull(problem))
        {
            return StorageFullException.Refusal; // What was written stays: the member goes on from the new length.
        }

        var length = new FileInfo(partial).Length;
        return length < state.Size ? state with { Offset = length } : await CompleteAsync(partial, state, cancellationToken);
    }

    public UploadSummary Summarise(DateTimeOffset before)
    {
        var files = Directory.Exists(folder) ? [.. new DirectoryInfo(folder).EnumerateFiles("*.part").Where(file => file.Exists)] : (FileInfo[])[];
        return new UploadSummary(files.Length, files.Sum(file => file.Length), files.Count(file => file.LastWriteTimeUtc < before.UtcDateTime));
    }

    public async Task<int> RemoveAbandonedAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
            return 0;
        var removed = 0;
        foreach (var partial in Directory.EnumerateFiles(folder, "*.part"))
        {
            if (File.GetLastWriteTimeUtc(partial) >= before.UtcDateTime)
                continue;
            using var held = await TryHoldAsync(Bytes32.Parse("0x" + Path.GetFileName(partial)[..64]), cancellationToken);
            if (held is null)
                continue;
            File.Delete(partial);
            removed++;
        }

        return removed;
    }

    private async Task<Refusal?> CopyAsync(string partial, UploadState state, Stream content, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(partial, FileMode.Append, FileAccess.Write, FileShare.Read, 0, FileOptions.Asynchronous);
        var buffer = new byte[128 * 1024];
        var room = state.Size - state.Offset;
        try
        {
            while (true)
            {
                var read = await content.ReadAsync(buffer, cancellationToken);
                if (read == 0)
                    return null;
                if (read > room)
                    return new Refusal("upload.too_long", $"More bytes came than the {state.Size} that were announced.",
                        "Begin again with the right size.");
                if (read > availableBytes())
                    return StorageFullException.Refusal;
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                room -= read;
            }
        }
        finally
        {
            file.Flush(flushToDisk: true); // Also when the member went away: what came in counts.
        }
    }

    private async Task<Result<UploadState>> FinishAsync(UploadState state, CancellationToken cancellationToken) =>
        !state.IsComplete || File.Exists(pathOf(BlobName.OfCiphertext(state.Digest))) ? state
        : await CompleteAsync(PartialOf(state.Digest, state.Size), state, cancellationToken);

    private async Task<Result<UploadState>> CompleteAsync(string partial, UploadState state, CancellationToken cancellationToken)
    {
        await using (var file = new FileStream(partial, FileMode.Open, FileAccess.Read, FileShare.Read, 128 * 1024, FileOptions.Asynchronous))
        {
            var digest = Bytes32.FromSpan(await SHA256.HashDataAsync(file, cancellationToken));
            if (digest != state.Digest)
            {
                File.Delete(partial);
                return new Refusal("upload.digest_mismatch", $"The bytes have the SHA-256 digest {digest}, not {state.Digest}.",
                    "Upload the file again from the start.");
            }
        }

        var blob = pathOf(BlobName.OfCiphertext(state.Digest));
        Directory.CreateDirectory(Path.GetDirectoryName(blob)!);
        DurableFile.Publish(partial, blob);
        return state with { Offset = state.Size };
    }

    private string PartialOf(Bytes32 digest, long size) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{BlobName.Hex(digest)}-{size}.part"));

    private static long SizeOf(string partial) =>
        long.Parse(Path.GetFileNameWithoutExtension(partial).AsSpan(65), CultureInfo.InvariantCulture);

    private async Task<IDisposable?> TryHoldAsync(Bytes32 digest, CancellationToken cancellationToken)
    {
        // A new request may arrive while the server has not yet noticed that the connection of the one before is gone.
        var gate = _locks.GetOrAdd(digest, _ => new SemaphoreSlim(1));
        return await gate.WaitAsync(TimeSpan.FromSeconds(5), cancellationToken) ? new Hold(gate) : null;
    }

    private static Refusal Busy(Bytes32 digest) =>
        new("upload.busy", $"Another request is writing {digest}.", "Wait for it, then ask with HEAD where the upload stands.");

    public static Refusal Unknown(Bytes32 digest) =>
        new("upload.unknown", $"No upload of {digest} was begun here, or it expired.", "POST /v1/uploads first.");

    private sealed class Hold(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
