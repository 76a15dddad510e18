namespace Commonhold.Age;

/// <summary>Seals or opens a payload: segments in parallel, bounded in number, written in order.</summary>
/// <remarks>Memory is flat: at most <c>parallelism + 2</c> segments exist at once, and they are used again and again.
/// Only bytes whose chunk authenticated are written.</remarks>
internal sealed class PayloadPipeline(InputReader input, Stream output, PayloadKey key, bool opens, int parallelism)
{
    // 256 KiB in and as much out stay in a core's second-level cache.
    private const int ChunksPerSegment = 4;

    private readonly Queue<Task<Segment>> inFlight = new();
    private readonly Stack<Segment> idle = new();
    private readonly List<Segment> segments = [];
    private ulong nextChunk;

    /// <summary>Seals or opens all of the input: at all places of a file at once where both ends are files, else in order.</summary>
    internal static Task RunAsync(
        InputReader input, Stream output, PayloadKey key, bool opens, int parallelism, CancellationToken cancellationToken) =>
        FilePayload.Between(input, output, key, opens, parallelism) is { } files
            ? files.RunAsync(parallelism, cancellationToken)
            : new PayloadPipeline(input, output, key, opens, parallelism).RunAsync(cancellationToken);

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            // The first segment is one chunk, so that a small file costs small buffers.
            var current = await ReadAsync(Create(1), 1, cancellationToken);
            while (!current.IsLast)
            {
                // Only the end of the input tells which chunk is the last; the oldest segment is written meanwhile.
                var reading = current.InputLength < current.Input.Length ? null : ReadNextAsync(cancellationToken);
                if (inFlight.Count > parallelism) await Task.WhenAll(reading ?? Task.CompletedTask, WriteOldestAsync(cancellationToken));
                var next = reading is null ? null : await reading;
                current.IsLast = next is null or { InputLength: 0 };
                Start(current);
                if (!current.IsLast) current = next!;
            }

            while (inFlight.Count > 0) await WriteOldestAsync(cancellationToken);
        }
        finally
        {
            // After a fault the workers still use their buffers; wait, then wipe.
            while (inFlight.Count > 0) await inFlight.Dequeue();
            foreach (var segment in segments) segment.Dispose();
        }
    }

    private Segment Create(int chunks)
    {
        var (plain, secret) = (chunks * PayloadKey.ChunkSize, chunks * PayloadKey.SealedChunkSize);
        var segment = opens ? new Segment(secret, plain) : new Segment(plain, secret);
        segments.Add(segment);
        return segment;
    }

    private Task<Segment> ReadNextAsync(CancellationToken cancellationToken) =>
        ReadAsync(idle.TryPop(out var used) ? used : Create(ChunksPerSegment), ChunksPerSegment, cancellationToken);

    private async Task<Segment> ReadAsync(Segment segment, int chunks, CancellationToken cancellationToken)
    {
        segment.Begin(nextChunk);
        nextChunk += (ulong)chunks;
        segment.InputLength = await input.ReadFullAsync(segment.Input, cancellationToken);
        return segment;
    }

    private void Start(Segment segment)
    {
        // A lone segment is not worth another thread.
        inFlight.Enqueue(segment.IsLast && inFlight.Count == 0
            ? Task.FromResult(Work(segment))
            : Task.Run(() => Work(segment), CancellationToken.None));
    }

    private Segment Work(Segment segment) => opens ? segment.Open(key) : segment.Seal(key);

    private async Task WriteOldestAsync(CancellationToken cancellationToken)
    {
        var segment = await inFlight.Dequeue();
        await output.WriteAsync(segment.Output, cancellationToken);
        if (segment.Fault is { } fault) throw fault;
        // The first, small segment is used once.
        if (segment.FirstChunk > 0) idle.Push(segment);
    }
}
