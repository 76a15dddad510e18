using Microsoft.Win32.SafeHandles;

namespace Commonhold.Age;

/// <summary>Seals or opens a payload from one long file into another: each worker reads, works and writes at its own places.</summary>
/// <remarks>Nothing is handed from thread to thread, so two processors do twice the work of one. Memory is flat: one segment a worker.
/// Only chunks that authenticated are written, though not in their order; when one does not, the output is cut before it, so that what
/// remains is a genuine beginning, as with <see cref="PayloadPipeline"/>.</remarks>
internal sealed class FilePayload
{
    // 256 KiB in and as much out stay in a core's second-level cache.
    private const int ChunksPerSegment = 4;
    private const long Worthwhile = 4 << 20;

    private readonly SafeFileHandle input;
    private readonly SafeFileHandle output;
    private readonly PayloadKey key;
    private readonly bool opens;
    private readonly long inputStart;
    private readonly long inputLength;
    private readonly long outputStart;
    private readonly FileStream outputFile;
    private readonly long segments;
    private readonly int inputSegment;
    private readonly int outputSegment;
    private long claimed;
    private (long Segment, long OutputEnd, AgeException Fault)? firstFault;

    private FilePayload(FileStream from, long start, FileStream to, PayloadKey key, bool opens)
    {
        (this.key, this.opens, inputStart, inputLength, outputFile, outputStart) = (key, opens, start, from.Length - start, to, to.Position);
        const int plain = ChunksPerSegment * PayloadKey.ChunkSize;
        const int secret = ChunksPerSegment * PayloadKey.SealedChunkSize;
        (inputSegment, outputSegment) = opens ? (secret, plain) : (plain, secret);
        segments = (inputLength + inputSegment - 1) / inputSegment;
        (input, output) = (from.SafeFileHandle, to.SafeFileHandle);
    }

    /// <summary>Null unless both ends are files, there is enough to do, and more than one worker may do it.</summary>
    internal static FilePayload? Between(InputReader input, Stream output, PayloadKey key, bool opens, int parallelism)
    {
        if (parallelism < 2 || output is not FileStream { CanSeek: true } to || input.File is not { } from) return null;
        to.Flush();
        // Beyond the writer's place there may be something that must stay.
        if (to.Length != to.Position || from.File.Length - from.Position < Worthwhile) return null;
        return new FilePayload(from.File, from.Position, to, key, opens);
    }

    /// <summary>Runs to the end of the input as long as it was at the start.</summary>
    internal async Task RunAsync(int parallelism, CancellationToken cancellationToken)
    {
        await Task.WhenAll(Enumerable.Range(0, parallelism).Select(_ => Task.Run(() => WorkOrStopAll(cancellationToken), cancellationToken)));
        if (firstFault is { } fault)
        {
            outputFile.SetLength(fault.OutputEnd);
            throw fault.Fault;
        }

        outputFile.Position = outputFile.Length;
    }

    private void WorkOrStopAll(CancellationToken cancellationToken)
    {
        try
        {
            Work(cancellationToken);
        }
        catch
        {
            Interlocked.Exchange(ref claimed, segments);
            throw;
        }
    }

    private void Work(CancellationToken cancellationToken)
    {
        using var segment = new Segment(inputSegment, outputSegment);
        while (Interlocked.Increment(ref claimed) - 1 is var index && index < segments && !IsPastFault(index))
        {
            cancellationToken.ThrowIfCancellationRequested();
            segment.Begin((ulong)(index * ChunksPerSegment));
            segment.IsLast = index == segments - 1;
            segment.InputLength = (int)Math.Min(inputSegment, inputLength - (index * inputSegment));
            Fill(segment.Input.Span[..segment.InputLength], inputStart + (index * inputSegment));
            _ = opens ? segment.Open(key) : segment.Seal(key);
            var place = outputStart + (index * outputSegment);
            RandomAccess.Write(output, segment.Output.Span, place);
            if (segment.Fault is not { } fault) continue;
            Enter(index, place + segment.Output.Length, fault);
            return;
        }
    }

    private void Fill(Span<byte> buffer, long place)
    {
        for (var read = 0; buffer.Length > 0; buffer = buffer[read..], place += read)
        {
            read = RandomAccess.Read(input, buffer, place);
            if (read == 0) throw new IOException("The file became shorter while it was read.");
        }
    }

    private bool IsPastFault(long index)
    {
        lock (input) return firstFault is { } fault && index > fault.Segment;
    }

    // Segments are claimed in order and finished once claimed, so everything before the lowest fault is there.
    private void Enter(long index, long outputEnd, AgeException fault)
    {
        lock (input)
        {
            if (firstFault is not { } known || index < known.Segment) firstFault = (index, outputEnd, fault);
        }
    }
}
