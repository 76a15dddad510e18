namespace Commonhold.Age;

/// <summary>Seals or opens a payload: segments in parallel, bounded in number, written in order.</summary>
/// <remarks>Memory is flat: at most <c>parallelism + 2</c> segments of eight chunks exist at once. Only bytes whose
/// chunk authenticated are written.</remarks>
internal sealed class PayloadPipeline(InputReader input, Stream output, PayloadKey key, bool opens, int parallelism)
{
    private const int ChunksPerSegment = 8;

    private readonly Queue<Task<Segment>> inFlight = new();
    private ulong nextChunk;
    private long written;

    /// <summary>Runs to the end of the input; returns the number of bytes written.</summary>
    internal async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            // The first segment is one chunk, so that a small file costs small buffers.
            var current = await ReadAsync(1, cancellationToken);
            while (!current.IsLast)
            {
                Segment next;
                try
                {
                    next = current.InputLength < current.Input.Length ? Empty() : await ReadAsync(ChunksPerSegment, cancellationToken);
                }
                catch
                {
                    current.Dispose();
                    throw;
                }

                current.IsLast = next.InputLength == 0;
                Start(current);
                if (current.IsLast)
                {
                    next.Dispose();
                    break;
                }

                current = next;
                if (inFlight.Count > parallelism) await WriteOldestAsync(cancellationToken);
            }

            while (inFlight.Count > 0) await WriteOldestAsync(cancellationToken);
            return written;
        }
        finally
        {
            // After a fault the workers still own their buffers; wait, then wipe.
            while (inFlight.Count > 0) (await inFlight.Dequeue()).Dispose();
        }
    }

    private static Segment Empty() => new(0, 0);

    private async ValueTask<Segment> ReadAsync(int chunks, CancellationToken cancellationToken)
    {
        var plain = chunks * PayloadKey.ChunkSize;
        var sealedSize = chunks * PayloadKey.SealedChunkSize;
        var segment = opens
            ? new Segment(sealedSize, plain) { FirstChunk = nextChunk }
            : new Segment(plain, sealedSize) { FirstChunk = nextChunk };
        nextChunk += (ulong)chunks;
        try
        {
            segment.InputLength = await input.ReadFullAsync(segment.Input, cancellationToken);
            return segment;
        }
        catch
        {
            segment.Dispose();
            throw;
        }
    }

    private void Start(Segment segment)
    {
        // A lone segment is not worth another thread.
        if (segment.IsLast && inFlight.Count == 0)
            inFlight.Enqueue(Task.FromResult(opens ? segment.Open(key) : segment.Seal(key)));
        else
            inFlight.Enqueue(Task.Run(() => opens ? segment.Open(key) : segment.Seal(key), CancellationToken.None));
    }

    private async Task WriteOldestAsync(CancellationToken cancellationToken)
    {
        using var segment = await inFlight.Dequeue();
        await output.WriteAsync(segment.Output, cancellationToken);
        written += segment.OutputLength;
        if (segment.Fault is { } fault) throw fault;
    }
}
