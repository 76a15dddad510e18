using Commonhold.Benchmarks.Formats;

namespace Commonhold.Benchmarks.Readers;

/// <summary>Streaming readers of JSON, XML and SQLite beside .NET's and SQLite's own on the same bytes, one thread, in one run; and the
/// memory that cleaning a million health records takes, in a process of its own.</summary>
/// <remarks>The bare ones look at tokens and check nothing of ours: no limits, no names twice, no copy of a field. SQLite's gives strings, as
/// its users get them. Processor time, medians over rounds in turns.</remarks>
internal sealed class ReadersFigure : IFigure
{
    private const int Rounds = 9;
    private const double Goal = 2.5;

    public string Name => "readers";

    public string Description => "read records of JSON, XML and SQLite files beside .NET's and SQLite's own readers";

    public async Task<FigureResult> RunAsync(TextWriter log, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("commonhold-readers-").FullName;
        try
        {
            var export = Path.Combine(folder, "export.xml");
            await using (var file = File.Create(export))
                await new HealthStream(1_000_000).CopyToAsync(file, cancellationToken);
            var idle = await FormatsFigure.ChildAsync(["idle"], cancellationToken);
            var health = await FormatsFigure.ChildAsync(["health", export, Path.Combine(folder, "cleaned.zip")], cancellationToken);
            File.Delete(export);
            await log.WriteLineAsync($"readers: a million health records in {health.Seconds:0.0} s");
            return Measure(Path.Combine(folder, "History"), health.Seconds, health.Memory - idle.Memory, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private FigureResult Measure(string database, double million, double grown, CancellationToken cancellationToken)
    {
        const int rows = 100_000;
        ReaderWork.WriteDatabase(database, rows);
        var (history, health) = (ReaderWork.History(rows), ReaderWork.Health(rows));
        var (json, jsonSeconds) = Compare(() => ReaderWork.OurJson(history), () => ReaderWork.BareJson(history), cancellationToken);
        var (xml, xmlSeconds) = Compare(() => ReaderWork.OurXml(health), () => ReaderWork.BareXml(health), cancellationToken);
        var (sqlite, sqliteSeconds) = Compare(() => ReaderWork.OurSqlite(database), () => ReaderWork.BareSqlite(database), cancellationToken);
        var worst = Math.Max(json, Math.Max(xml, sqlite));
        return new FigureResult(
            Name, "× the bare reader's time", worst, 1, worst, $"≤ {Goal} (our own)", worst <= Goal,
            new Dictionary<string, double>
            {
                ["jsonRatio"] = json,
                ["jsonMegabytesPerSecond"] = history.Length / 1e6 / jsonSeconds,
                ["xmlRatio"] = xml,
                ["xmlMegabytesPerSecond"] = health.Length / 1e6 / xmlSeconds,
                ["sqliteRatio"] = sqlite,
                ["sqliteRowsPerSecond"] = rows / sqliteSeconds,
                ["millionHealthRecordsCleanedSeconds"] = million,
                ["millionHealthRecordsMiBBeyondRuntime"] = grown,
            });
    }

    private static (double Ratio, double OurSeconds) Compare(Func<long> ours, Func<long> bare, CancellationToken cancellationToken)
    {
        var (ratios, seconds) = (new List<double>(), new List<double>());
        for (var round = -3; round < Rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (our, peer) = (Time(ours), Time(bare));
            if (round < 0)
                continue;
            ratios.Add(our / peer);
            seconds.Add(our);
        }

        return (ratios.Order().ElementAt(Rounds / 2), seconds.Order().ElementAt(Rounds / 2));
    }

    private static double Time(Func<long> work)
    {
        var start = Environment.CpuUsage.TotalTime;
        if (work() < 1000)
            throw new InvalidOperationException("Nothing was read.");
        return (Environment.CpuUsage.TotalTime - start).TotalSeconds;
    }
}
