using System.IO.Compression;
using Commonhold.Client;
using Commonhold.Exports;
using Commonhold.Exports.Reddit;
using Commonhold.Exports.Zip;
using Commonhold.Validator.Value;

namespace Commonhold.Benchmarks;

/// <summary>Validating exports (directory, checks, keys, value) beside plain unzip-and-count of the same archives, one thread,
/// in one run. Goal: at most three times the time.</summary>
/// <remarks>Plain is what <c>unzip -p | wc -l</c> does: inflate every entry, hold it to its CRC-32, count lines. Both sides are
/// warmed, take turns and are measured in processor time, garbage collection included, so that a busy machine changes little;
/// the figures are medians over the rounds.</remarks>
internal static class ValidationFigure
{
    public const double Goal = 3;
    private static readonly RedditFormat Reddit = new();
    private static readonly ValueTerms Terms = ValueTerms.Of(ContributionPolicy.Standard(Reddit.Schema));
    private const int WarmUps = 60;
    private const int Rounds = 101;
    private static readonly byte[] Buffer = new byte[64 << 10];

    /// <param name="Original">Original archives read with all checks ÷ unzip-and-count of them.</param>
    /// <param name="Cleaned">Cleaned archives examined and valued ÷ unzip-and-count of them.</param>
    public sealed record Result(
        int Exports, double Megabytes, double Original, double Cleaned, double MegabytesPerSecond, double ExportsPerSecond);

    /// <param name="folder">Folder of exports; sample exports are made when it is null or absent.</param>
    public static async Task<Result> RunAsync(string? folder, CancellationToken cancellationToken = default)
    {
        var originals = await LoadAsync(folder, cancellationToken);
        var cleaned = new List<byte[]>();
        foreach (var bytes in originals)
        {
            var output = new MemoryStream();
            Reddit.TryClean(ExportSource.Open(new MemoryStream(bytes)), output, cancellationToken).OrThrow();
            cleaned.Add(output.ToArray());
        }

        (List<byte[]> Archives, Func<byte[], long> Work)[] jobs =
            [(originals, UnzipAndCount), (originals, Read), (cleaned, UnzipAndCount), (cleaned, Examine)];
        var seconds = new double[Rounds][];
        for (var round = -WarmUps; round < Rounds; round++)
        {
            var times = new double[jobs.Length];
            for (var job = 0; job < jobs.Length; job++)
                times[job] = Time(jobs[job].Archives, jobs[job].Work, cancellationToken);
            if (round >= 0)
                seconds[round] = times;
        }

        var megabytes = 0.0;
        foreach (var bytes in cleaned)
            megabytes += UnzipAndCount(bytes) / 1e6;
        var examining = Median(seconds.Select(s => s[3]));
        return new Result(
            cleaned.Count,
            megabytes,
            Median(seconds.Select(s => s[1] / s[0])),
            Median(seconds.Select(s => s[3] / s[2])),
            megabytes / examining,
            cleaned.Count / examining);
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);

    private static double Time(List<byte[]> archives, Func<byte[], long> work, CancellationToken cancellationToken)
    {
        var start = Environment.CpuUsage.TotalTime;
        foreach (var bytes in archives)
        {
            cancellationToken.ThrowIfCancellationRequested();
            work(bytes);
        }

        return (Environment.CpuUsage.TotalTime - start).TotalSeconds;
    }

    private static long UnzipAndCount(byte[] bytes)
    {
        long total = 0, lines = 0;
        using var archive = new ZipArchive(new MemoryStream(bytes));
        foreach (var entry in archive.Entries)
        {
            using var stream = entry.Open();
            var crc = 0u;
            for (int read; (read = stream.Read(Buffer)) > 0; total += read)
            {
                crc = Crc32.Append(crc, Buffer.AsSpan(0, read));
                lines += Buffer.AsSpan(0, read).Count((byte)'\n');
            }

            if (crc != entry.Crc32)
                throw new InvalidDataException($"{entry.Name} is corrupt.");
        }

        return lines > 0 ? total : throw new InvalidOperationException("The archive has no lines.");
    }

    private static long Read(byte[] bytes)
    {
        var reading = Reddit.TryRead(ExportSource.OpenArchive(new MemoryStream(bytes))).OrThrow();
        return reading.Refusal is null ? reading.Summary.Bytes : throw new InvalidOperationException(reading.Refusal.Detail);
    }

    private static long Examine(byte[] bytes)
    {
        var examination = ExportExaminer.Examine(new MemoryStream(bytes), Reddit, default, new byte[32]);
        if (!examination.Passed)
            throw new InvalidOperationException(examination.Refusal.ToString());
        var export = examination.Export;
        var request = new ValueRequest(Reddit, export.Rows, export.CellNames, default, default, true, EvidenceLevel.Email, Points.Zero);
        return (long)new ClusterValuation(request, Terms, 1000).Assess(export.Rows.Under(EvidenceLevel.Email), null, null).Earned.Value;
    }

    private static async Task<List<byte[]>> LoadAsync(string? folder, CancellationToken cancellationToken)
    {
        var archives = new List<byte[]>();
        if (folder is not null && Directory.Exists(folder))
        {
            foreach (var path in Directory.GetFiles(folder, "*.zip").Order(StringComparer.Ordinal))
                archives.Add(await File.ReadAllBytesAsync(path, cancellationToken));
        }
        else
        {
            foreach (var export in SampleExports.Plan(40))
            {
                var output = new MemoryStream();
                await export.WriteAsync(output, cancellationToken);
                archives.Add(output.ToArray());
            }
        }

        return archives;
    }
}
