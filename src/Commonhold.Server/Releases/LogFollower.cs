using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Server.Releases;

/// <summary>Reads on in one guardian's log: only lines that follow, to the letter, what was read before are kept.</summary>
/// <remarks>Each look begins with the last line that is already here. A guardian that no longer shows it has taken lines away
/// (<c>guardian.log_shrunk</c>) or written its log anew (<c>guardian.log_forked</c>); a line that is not spelled as it must be, or does not
/// follow, is <c>guardian.log_broken</c>. What was kept before stays: it is the evidence.</remarks>
internal sealed class LogFollower(ReleaseTable table)
{
    /// <summary>Lines kept in one transaction: a log of any length is read in bounded memory.</summary>
    private const int AtOnce = 200;

    /// <summary>The year 9999.</summary>
    private const long MostSeconds = 253_402_300_800;

    private const ulong MostNumber = 1UL << 53;

    /// <param name="read">Gives the guardian's lines from a sequence number on.</param>
    public async Task<LogStep> StepAsync(
        Address guardian, Func<long, IAsyncEnumerable<byte[]>> read, CancellationToken cancellationToken)
    {
        var known = await table.FindLogAsync(guardian, cancellationToken);
        var isOverlapSeen = known.Count == 0;
        ReleaseLogVerifier verifier = new(known.Count, known.Head);
        List<ReleaseLogEntry> fresh = [];
        var (lines, taken) = (0, 0);
        LogFault? fault = null;
        try
        {
            await foreach (var line in read(Math.Max(0, known.Count - 1)).WithCancellation(cancellationToken))
            {
                lines++;
                if (!isOverlapSeen)
                {
                    isOverlapSeen = true;
                    if (Overlap(known, line) is not { } forked)
                        continue;
                    fault = forked;
                    break;
                }

                fresh.Add(Plausible(verifier.Accept(line)));
                if (fresh.Count == AtOnce)
                    taken += await KeepAsync(guardian, fresh, cancellationToken);
            }

            if (!isOverlapSeen)
                fault = new LogFault(LogFault.Shrunk, known.Count - 1, $"The log had {known.Count} lines; line {known.Count - 1} is not in it any more.");
        }
        catch (FormatException broken)
        {
            fault = new LogFault(LogFault.Broken, isOverlapSeen && lines <= 1 && known.Count > 0 ? known.Count - 1 : verifier.Count, broken.Message);
        }
        finally
        {
            // What came before a fault, or before the connection broke, was whole.
            taken += await KeepAsync(guardian, fresh, CancellationToken.None);
        }

        if (fault is not null)
            await table.RecordFaultAsync(guardian, fault, cancellationToken);
        return new LogStep(taken, fault, HasMore: fault is null && lines >= GuardianFeed.LinesAPage);
    }

    private async Task<int> KeepAsync(Address guardian, List<ReleaseLogEntry> fresh, CancellationToken cancellationToken)
    {
        if (fresh.Count == 0)
            return 0;
        await table.AddAsync(guardian, fresh, cancellationToken);
        var kept = fresh.Count;
        fresh.Clear();
        return kept;
    }

    /// <summary>Well spelled is not yet sane: numbers that no chain and no clock has would only do harm further on.</summary>
    private static ReleaseLogEntry Plausible(ReleaseLogEntry entry) =>
        entry.Release.Time is >= 0 and < MostSeconds && entry.Release.Block < MostNumber && entry.Release.GrantId.Value < MostNumber && entry.Release.BatchId.Value < MostNumber
            ? entry : throw new FormatException($"Log line {entry.Sequence} carries a number that no chain and no clock has.");

    /// <summary>Null when the guardian still shows the line that was the last.</summary>
    private static LogFault? Overlap(LogHead known, byte[] line)
    {
        var entry = ReleaseLogEntry.Parse(line);
        return entry.Sequence == known.Count - 1 && entry.Digest == known.Head ? null : new LogFault(
            LogFault.Forked, known.Count - 1, $"Line {known.Count - 1} had the digest {known.Head}; now the log shows line {entry.Sequence} with {entry.Digest} there.");
    }
}

/// <summary>What one look at a log gave.</summary>
/// <param name="HasMore">The page was full: look again at once.</param>
internal sealed record LogStep(int Taken, LogFault? Fault, bool HasMore);

/// <summary>Where a log ends, as far as it was read and verified.</summary>
internal sealed record LogHead(long Count, Bytes32 Head);

/// <summary>Something that no honest guardian's log does.</summary>
/// <param name="Sequence">The line that it was found at.</param>
internal sealed record LogFault(string Code, long Sequence, string Detail)
{
    public const string Broken = "guardian.log_broken";
    public const string Forked = "guardian.log_forked";
    public const string Shrunk = "guardian.log_shrunk";
}
