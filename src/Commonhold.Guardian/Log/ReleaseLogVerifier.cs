using Commonhold.Ethereum;

namespace Commonhold.Guardians.Log;

/// <summary>Takes a log's lines in order and throws <see cref="FormatException"/> at the first that does not follow.</summary>
internal sealed class ReleaseLogVerifier
{
    public long Count { get; private set; }

    public Bytes32 Head { get; private set; }

    public ReleaseLogEntry Accept(ReadOnlySpan<byte> line)
    {
        var entry = ReleaseLogEntry.Parse(line);
        if (entry.Sequence != Count)
            throw new FormatException($"Log line {Count} carries the sequence number {entry.Sequence}.");
        if (entry.Previous != Head)
            throw new FormatException($"Log line {entry.Sequence} does not follow the line before it.");
        Count++;
        Head = entry.Digest;
        return entry;
    }
}
