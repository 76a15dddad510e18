using System.Diagnostics;
using Commonhold.Exports.Sources;
using Commonhold.Exports.Sources.Xml;

namespace Commonhold.Benchmarks.Readers;

/// <summary>Streaming readers of JSON, XML and SQLite beside .NET's and SQLite's own on the same bytes, one thread, in one run; and the
/// memory that a million health records take.</summary>
/// <remarks>The bare ones look at tokens and check nothing of ours: no limits, no names twice, no copy of a field. SQLite's gives strings, as
/// its users get them. Processor time, medians over rounds in turns.</remarks>
internal sealed class ReadersFigure : IFigure
{
    private const int Rounds = 9;
    private const double Goal = 2;

    public string Name => "readers";

    public string Description => "read records of JSON, XML and SQLite files beside .NET's and SQLite's own readers";

    public Task<FigureResult> RunAsync(TextWriter log, CancellationToken cancellationToken)
    {
        var database = Path.Combine(Path.GetTempPath(), $"commonhold-readers-{Environment.ProcessId}.sqlite");
        try
        {
            return Task.FromResult(Measure(database, cancellationToken));
        }
        finally
        {
            File.Delete(database);
        }
    }

    private FigureResult Measure(string database, CancellationToken cancellationToken)
    {
        const int rows = 100_000;
        ReaderWork.WriteDatabase(database, rows);
        var (history, health) = (ReaderWork.History(rows), ReaderWork.Health(rows));
        var (json, jsonSeconds) = Compare(() => ReaderWork.OurJson(history), () => ReaderWork.BareJson(history), cancellationToken);
        var (xml, xmlSeconds) = Compare(() => ReaderWork.OurXml(health), () => ReaderWork.BareXml(health), cancellationToken);
        var (sqlite, sqliteSeconds) = Compare(() => ReaderWork.OurSqlite(database), () => ReaderWork.BareSqlite(database), cancellationToken);
        var (million, grown) = Million(cancellationToken);
        var worst = Math.Max(json, Math.Max(xml, sqlite));
        return new FigureResult(
            Name, "× the bare reader's time", worst, 1, worst, $"≤ {Goal}", worst <= Goal,
            new Dictionary<string, double>
            {
                ["jsonRatio"] = json,
                ["jsonMegabytesPerSecond"] = history.Length / 1e6 / jsonSeconds,
                ["xmlRatio"] = xml,
                ["xmlMegabytesPerSecond"] = health.Length / 1e6 / xmlSeconds,
                ["sqliteRatio"] = sqlite,
                ["sqliteRowsPerSecond"] = rows / sqliteSeconds,
                ["millionHealthRecordsSeconds"] = million,
                ["millionHealthRecordsGrowthMiB"] = grown,
            });
    }

    // Resident memory beyond what the process had before; the records are made while they are read.
    private static (double Seconds, double Mebibytes) Million(CancellationToken cancellationToken)
    {
        GC.Collect();
        var before = Environment.WorkingSet;
        var most = before;
        var clock = Stopwatch.StartNew();
        using var reader = new XmlRecordReader(
            new HealthStream(1_000_000), "export.xml", new RecordSelection("HealthData/Record", ["type", "startDate", "endDate", "value", "unit", "device", "MetadataEntry[key='HKWasUserEntered']/value"]));
        while (reader.Read())
        {
            if (reader.Number % 10_000 == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                most = Math.Max(most, Environment.WorkingSet);
            }
        }

        return reader.Number == 1_000_000
            ? (clock.Elapsed.TotalSeconds, (most - before) / (double)(1 << 20))
            : throw new InvalidOperationException($"{reader.Number} records were read.");
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
