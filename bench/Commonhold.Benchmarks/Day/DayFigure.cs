using System.Diagnostics;
using System.IO.Compression;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Exports.Reddit;

namespace Commonhold.Benchmarks.Day;

/// <summary>A day of r/datadao: 21,000 exports of as many accounts through the whole path. Goal: within the day, on this machine.</summary>
/// <remarks>In it: cleaning, encryption to dataset and member, ticket, EIP-712 signature, opening by ticket, every check, the indexes of rows,
/// texts, clusters and ids, valuation, the signed verdict in its transaction on disk, batches of 1,000 with manifest, Merkle root,
/// rewards and the validator's signature. Not in it: HTTP, the node's database and the chain, which other tests measure; the
/// node is a dictionary. Exports are made up, with the row counts of the real ones; making them is not counted.</remarks>
internal sealed class DayFigure(string? exports, int contributions) : IFigure
{
    private const int InBatch = 1000;
    private const int InRound = 50;

    public string Name => "day";

    public string Description => "a day of 21,000 exports through the whole path (--contributions N)";

    public async Task<FigureResult> RunAsync(TextWriter log, CancellationToken cancellationToken)
    {
        var sizes = RowsOfRealExports();
        using var world = new DayWorld();
        GC.Collect();
        Machine.ForgetPeakMemory();
        var before = Machine.ResidentMemory();
        var member = new Stopwatch();
        var validator = new Stopwatch();
        var batches = new Stopwatch();
        var usage = Environment.CpuUsage.TotalTime;
        var making = TimeSpan.Zero;
        long bytes = 0, rows = 0;
        for (var first = 0; first < contributions; first += InRound)
        {
            var round = Enumerable.Range(first, Math.Min(InRound, contributions - first)).ToList();
            var cpu = Environment.CpuUsage.TotalTime;
            var originals = new byte[round.Count][];
            await Parallel.ForAsync(0, round.Count, cancellationToken, async (i, token) =>
            {
                using var archive = new MemoryStream();
                await SampleExports.Account(round[i], rows: sizes[round[i] % sizes.Count]).WriteAsync(archive, token);
                originals[i] = archive.ToArray();
            });
            making += Environment.CpuUsage.TotalTime - cpu;
            rows += round.Sum(i => sizes[i % sizes.Count]);

            member.Start();
            var offers = new (WorkItem Item, byte[] File)[round.Count];
            await Parallel.ForAsync(0, round.Count, cancellationToken, async (i, token) => offers[i] = await world.SealAsync(originals[i], token));
            member.Stop();
            bytes += offers.Sum(o => (long)o.File.Length);

            validator.Start();
            await world.JudgeAsync(offers, cancellationToken);
            validator.Stop();

            batches.Start();
            if (world.Waiting >= InBatch || first + InRound >= contributions)
                await world.CommitBatchAsync(cancellationToken);
            batches.Stop();
            if (first / 1000 != (first + InRound) / 1000)
                await log.WriteLineAsync($"day: {first + round.Count:N0} after {(member.Elapsed + validator.Elapsed + batches.Elapsed).TotalSeconds:0} s, {Machine.ResidentMemory():0} MiB");
        }

        var processor = (Environment.CpuUsage.TotalTime - usage - making).TotalSeconds;
        var seconds = (member.Elapsed + validator.Elapsed + batches.Elapsed).TotalSeconds;
        var peak = Machine.PeakMemory();
        GC.Collect();
        var details = new Dictionary<string, double>
        {
            ["contributions"] = contributions,
            ["accepted"] = world.Accepted,
            ["comments"] = rows,
            ["ciphertextMB"] = bytes / 1e6,
            ["seconds"] = seconds,
            ["processorSeconds"] = processor,
            ["memberSeconds"] = member.Elapsed.TotalSeconds,
            ["validatorSeconds"] = validator.Elapsed.TotalSeconds,
            ["batchSeconds"] = batches.Elapsed.TotalSeconds,
            ["millisecondsOfVerdict"] = 1000 * validator.Elapsed.TotalSeconds / contributions,
            ["peakMemoryMiB"] = peak,
            ["startMemoryMiB"] = before,
            ["steadyMemoryMiB"] = Machine.ResidentMemory(),
            ["rowKeys"] = world.RowKeys,
            ["textKeys"] = world.TextKeys,
            ["batches"] = world.Batches,
        };
        foreach (var (name, size) in world.Close())
            details[name] = size / 1e6;
        var day = seconds * 21_000 / contributions;
        return new FigureResult(
            Name, "s for 21,000", day, 86_400, day / 86_400, "≤ 1 day, all accepted", day <= 86_400 && world.Accepted == contributions, details);
    }

    /// <summary>How many comments each of the real exports has; a hundred each where they are not on this machine.</summary>
    private IReadOnlyList<int> RowsOfRealExports()
    {
        if (exports is null || !Directory.Exists(exports))
            return [100];
        return [.. Directory.GetFiles(exports, "*.zip").Order(StringComparer.Ordinal).Select(path =>
        {
            using var archive = ZipFile.OpenRead(path);
            using var reader = new StreamReader(archive.GetEntry("comment_headers.csv")!.Open());
            return reader.ReadToEnd().Count(c => c == '\n') - 1;
        })];
    }
}
