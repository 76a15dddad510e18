using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>Moves ciphertext: uploads by tus 1.0's core rules, downloads by ranges, both resumed after a broken connection.</summary>
internal sealed class BlobTransfer(WireHttp wire)
{
    private const string OffsetHeader = "Upload-Offset";

    public async Task UploadAsync(Bytes32 digest, Stream content, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        long size = content.Length;
        await wire.SendAsync(HttpMethod.Post, "v1/uploads", new UploadRequest(digest, (ulong)size), WireJson.Default.UploadRequest, cancellationToken).ConfigureAwait(false);
        long offset = await OffsetAsync(digest, cancellationToken).ConfigureAwait(false);
        int failures = 0;
        progress?.Report(offset);
        while (offset < size)
        {
            try
            {
                offset = await AppendAsync(digest, content, offset, cancellationToken).ConfigureAwait(false);
                failures = 0;
            }
            catch (CommonholdException e) when ((e.IsTransient || IsConflict(e)) && ++failures < wire.Limits.Attempts)
            {
                // How much of it arrived only the node knows.
                await wire.Retry.PauseAsync(wire.Limits.FirstDelay * failures, cancellationToken).ConfigureAwait(false);
                offset = await OffsetAsync(digest, cancellationToken).ConfigureAwait(false);
            }

            progress?.Report(offset);
        }
    }

    public async Task DownloadAsync(Bytes32 digest, Stream destination, long maxBytes, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long written = 0;
        byte[] buffer = new byte[64 * 1024];
        for (int failures = 0; ;)
        {
            long before = written;
            try
            {
                await CopyAsync().ConfigureAwait(false);
                break;
            }
            catch (CommonholdException e) when (e.IsTransient)
            {
                // Only attempts that brought nothing count: a slow line may break many times in a long file.
                failures = written > before ? 0 : failures + 1;
                if (failures >= wire.Limits.Attempts)
                    throw;
                await wire.Retry.PauseAsync(wire.Limits.FirstDelay * failures, cancellationToken).ConfigureAwait(false);
            }
        }

        Bytes32 found = Bytes32.FromSpan(hash.GetHashAndReset());
        if (found != digest)
            throw new CommonholdException(new Refusal("blob.digest_mismatch", $"The blob {digest} came with the digest {found}.", "The storage of this node is damaged, or it lies; ask another node."));

        Task<bool> CopyAsync()
        {
            HttpRequestMessage request = new(HttpMethod.Get, $"v1/blobs/{digest}");
            if (written > 0)
                request.Headers.Range = new RangeHeaderValue(written, null);
            return wire.ExchangeAsync(request, ReadAsync, cancellationToken, Timeout.InfiniteTimeSpan);
        }

        async Task<bool> ReadAsync(HttpResponseMessage response)
        {
            // A server that ignores the range starts again from the first byte.
            long skip = response.StatusCode == HttpStatusCode.PartialContent ? 0 : written;
            await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            while (true)
            {
                using CancellationTokenSource stall = new(wire.Limits.TransferStall, wire.Time);
                using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(stall.Token, cancellationToken);
                int count = await body.ReadAsync(buffer, either.Token).ConfigureAwait(false);
                if (count == 0)
                    return true;

                int skipped = (int)Math.Min(skip, count);
                skip -= skipped;
                if (written + count - skipped > maxBytes)
                    throw new CommonholdException(new Refusal("blob.too_large", $"The blob {digest} is longer than {maxBytes} bytes."));
                hash.AppendData(buffer, skipped, count - skipped);
                await destination.WriteAsync(buffer.AsMemory(skipped, count - skipped), cancellationToken).ConfigureAwait(false);
                written += count - skipped;
            }
        }
    }

    private static bool IsConflict(CommonholdException e) => e is ServerRefusalException { Status: HttpStatusCode.Conflict };

    private Task<long> AppendAsync(Bytes32 digest, Stream content, long offset, CancellationToken cancellationToken)
    {
        content.Position = offset;
        long length = Math.Min(wire.Limits.UploadChunkBytes, content.Length - offset);
        HttpRequestMessage request = new(HttpMethod.Patch, $"v1/uploads/{digest}")
        {
            Content = new StreamContent(new StreamSlice(content, length))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/offset+octet-stream"), ContentLength = length },
            },
        };
        request.Headers.Add(OffsetHeader, offset.ToString(CultureInfo.InvariantCulture));
        return wire.ExchangeAsync(
            request,
            response => Task.FromResult(ReadOffset(response) ?? (offset + length)),
            cancellationToken,
            // A line of 32 KB/s still gets its chunk through.
            wire.Limits.TransferStall + TimeSpan.FromSeconds(length / (32.0 * 1024)));
    }

    private Task<long> OffsetAsync(Bytes32 digest, CancellationToken cancellationToken) =>
        wire.Retry.RunAsync(true, token => wire.ExchangeAsync(
            new HttpRequestMessage(HttpMethod.Head, $"v1/uploads/{digest}"),
            response => Task.FromResult(ReadOffset(response) ?? throw new CommonholdException($"The node does not say how much of {digest} it has.")),
            token), cancellationToken);

    private static long? ReadOffset(HttpResponseMessage response) =>
        response.Headers.TryGetValues(OffsetHeader, out IEnumerable<string>? values)
            && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out long offset)
            ? offset
            : null;
}
