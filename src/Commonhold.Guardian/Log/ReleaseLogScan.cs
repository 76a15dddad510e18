using System.Buffers;
using System.IO.Pipelines;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Guardians.Log;

/// <summary>One pass over a log file: where its lines start, its head, and what a crash left at its end.</summary>
internal sealed record ReleaseLogScan(List<long> Offsets, long End, Bytes32 Head, byte[] TornBytes)
{
    public static async Task<ReleaseLogScan> ReadAsync(FileStream file, CancellationToken cancellationToken)
    {
        file.Position = 0;
        ReleaseLogVerifier verifier = new();
        List<long> offsets = [];
        long end = 0;
        var reader = PipeReader.Create(file, new StreamPipeReaderOptions(leaveOpen: true));
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } feed)
            {
                var line = buffer.Slice(0, feed).ToArray();
                try
                {
                    verifier.Accept(line);
                }
                catch (FormatException e)
                {
                    // Disk blocks may land out of order, so a torn line can end in its line feed. It is the last one then.
                    if (end + line.Length + 1 == file.Length)
                        return new ReleaseLogScan(offsets, end, verifier.Head, [.. line, (byte)'\n']);
                    throw Damaged(offsets.Count, e);
                }

                offsets.Add(end);
                end += line.Length + 1;
                buffer = buffer.Slice(buffer.GetPosition(1, feed));
            }

            if (buffer.Length > ReleaseLogEntry.MaxLineBytes)
                throw Damaged(offsets.Count, null);
            if (read.IsCompleted)
                return new ReleaseLogScan(offsets, end, verifier.Head, buffer.ToArray());
            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private static GuardianException Damaged(int sequence, Exception? inner) => new(
        ReleaseCodes.LogDamaged, $"Line {sequence} of the release log is damaged: {inner?.Message ?? "it has no end"}",
        "Restore the log from a backup; a guardian does not start on a log that it cannot vouch for.", inner);
}
