using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>Takes a log's lines in order and throws <see cref="FormatException"/> at the first that does not follow.</summary>
public sealed class ReleaseLogVerifier
{
    public ReleaseLogVerifier()
    {
    }

    /// <summary>Goes on after lines that were accepted before.</summary>
    public ReleaseLogVerifier(long count, Bytes32 head)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        (Count, Head) = (count, head);
    }

    /// <summary>How many lines were accepted: the next one carries this number.</summary>
    public long Count { get; private set; }

    /// <summary>The digest of the last accepted line; zero before the first.</summary>
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
