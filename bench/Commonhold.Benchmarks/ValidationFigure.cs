using System.Diagnostics;
using System.IO.Compression;
using Commonhold.Exports.Reddit;
using Commonhold.Validator.Value;

namespace Commonhold.Benchmarks;

/// <summary>Validating exports (directory, checks, keys, value) beside plain unzip-and-count of the same archives, one thread,
/// in one run. Goal: at most three times the time.</summary>
internal static class ValidationFigure
{
    public const double Goal = 3;
    private const int Rounds = 100;

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
            var export = (await RedditExport.OpenAsync(new MemoryStream(bytes), null, cancellationToken)).OrThrow();
            (await export.CleanAsync(output, cancellationToken)).OrThrow();
            cleaned.Add(output.ToArray());
        }

        // The best of several interleaved rounds: what the work costs, not what else the machine was doing.
        var best = new double[4];
        Array.Fill(best, double.MaxValue);
        var bytesInflated = 0L;
        for (var round = 0; round < Rounds; round++)
        {
            best[0] = Math.Min(best[0], await TimeAsync(originals, UnzipAndCountAsync));
            best[1] = Math.Min(best[1], await TimeAsync(originals, ReadAsync));
            best[2] = Math.Min(best[2], await TimeAsync(cleaned, UnzipAndCountAsync));
            best[3] = Math.Min(best[3], await TimeAsync(cleaned, ExamineAsync));
        }

        foreach (var bytes in cleaned)
            bytesInflated += await UnzipAndCountAsync(bytes);
        return new Result(
            cleaned.Count, bytesInflated / 1e6, best[1] / best[0], best[3] / best[2], bytesInflated / 1e6 / best[3], cleaned.Count / best[3]);
    }

    private static async Task<double> TimeAsync(List<byte[]> archives, Func<byte[], Task<long>> work)
    {
        var start = Stopwatch.GetTimestamp();
        foreach (var bytes in archives)
            await work(bytes);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static Task<long> UnzipAndCountAsync(byte[] bytes)
    {
        var buffer = new byte[64 << 10];
        long total = 0, lines = 0;
        using var archive = new ZipArchive(new MemoryStream(bytes));
        foreach (var entry in archive.Entries)
        {
            using var stream = entry.Open();
            for (int read; (read = stream.Read(buffer)) > 0; total += read)
                lines += buffer.AsSpan(0, read).Count((byte)'\n');
        }

        return Task.FromResult(lines > 0 ? total : throw new InvalidOperationException("The archive has no lines."));
    }

    private static async Task<long> ReadAsync(byte[] bytes)
    {
        var reading = (await (await RedditExport.OpenAsync(new MemoryStream(bytes))).OrThrow().ReadAsync()).OrThrow();
        return reading.Refusal is null ? reading.Summary.Bytes : throw new InvalidOperationException(reading.Refusal.Detail);
    }

    private static async Task<long> ExamineAsync(byte[] bytes)
    {
        var examination = await ExportExaminer.ExamineAsync(new MemoryStream(bytes), new byte[32]);
        if (!examination.Passed)
            throw new InvalidOperationException(examination.Refusal.ToString());
        return AccountLedger.Empty.TopUp(examination.Export.Rows, examination.Export.CellNames).Next.PaidPoints;
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
