using System.Globalization;
using System.Text;
using Commonhold.Exports;
using Commonhold.Exports.Csv;

namespace Commonhold.Benchmarks.Formats;

/// <summary>One job in a process of its own: `formats-child idle|lines|csv|clean|health|read INPUT [OUTPUT]`.</summary>
/// <remarks>Prints processor seconds, which other programs change little, and peak memory.</remarks>
internal static class FormatsChild
{
    internal const string Verb = "formats-child";

    internal const string Descriptor = """
        { "name": "rides-v1", "resources": [ { "name": "rides",
          "schema": { "fields": [
            { "name": "id", "type": "integer", "constraints": { "required": true, "minimum": 1 } },
            { "name": "began", "type": "datetime", "constraints": { "required": true } },
            { "name": "kilometres", "type": "number" },
            { "name": "line", "type": "string", "constraints": { "maxLength": 40 } },
            { "name": "express", "type": "boolean" },
            { "name": "note", "type": "string", "constraints": { "maxLength": 1000 } } ], "primaryKey": ["id", "began"] },
          "commonhold": { "scope": "history", "place": { "field": "line" }, "text": ["note"], "quality": { "text": ["note"] } } } ] }
        """;

    internal static int Run(string[] args, CancellationToken cancellationToken)
    {
        var format = ExportFormats.ForSchema("rides-v1", Encoding.UTF8.GetBytes(Descriptor))!;
        using var input = args.Length > 1 ? new FileStream(args[1], new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan }) : null;
        var start = Environment.CpuUsage.TotalTime;
        var counted = args[0] switch
        {
            "idle" => 1,
            "lines" => CountLines(input!),
            "csv" => CountFields(input!),
            "clean" => Clean(format, "rides.csv", input!, args[2], cancellationToken),
            "health" => Clean(ExportFormats.ForSchema("apple-health-v1")!, "export.xml", input!, args[2], cancellationToken),
            "read" => Read(format, input!, cancellationToken),
            _ => throw new ArgumentException($"There is no job '{args[0]}'."),
        };
        var seconds = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seconds} {Machine.PeakMemory()} {counted}"));
        return 0;
    }

    /// <summary>Writes a table of rides until it has so many bytes: a third in quotes, some of it in other scripts.</summary>
    internal static void Write(string path, long bytes)
    {
        string[] lines = ["Harbour Line", "Ring", "Night train", "Überland 7", "東西線"];
        using var output = new StreamWriter(path, false, new UTF8Encoding(false), 1 << 16) { NewLine = "\r\n" };
        output.WriteLine("id,began,kilometres,line,express,note");
        var at = new DateTime(2015, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var written = 0L;
        for (var i = 1; written < bytes; i++)
        {
            at = at.AddSeconds(37 + (i % 211));
            var note = i % 3 == 0 ? $"\"We waited, as on every {at:dddd}, until the \"\"{lines[i % 5]}\"\" came {i % 59} minutes late.\"" : $"Seat {i % 97} in coach {i % 13} with a window to the sea";
            var row = $"{i},{at:yyyy-MM-dd}T{at:HH:mm:ss}Z,{(i % 90_000) / 100.0:0.00},{lines[i % 5]},{(i % 4 == 0 ? "true" : "false")},{note}";
            output.WriteLine(row);
            written += row.Length + 2;
        }
    }

    private static long CountLines(Stream input)
    {
        var buffer = new byte[64 << 10];
        var lines = 0L;
        while (input.Read(buffer) is > 0 and var read)
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
        return lines;
    }

    private static long CountFields(Stream input)
    {
        using var reader = new CsvReader(ExportLimits.Default);
        reader.Reset(new StreamCsvSource("rides.csv", input));
        var fields = 0L;
        while (reader.Read())
        {
            for (var i = 0; i < reader.FieldCount; i++)
                fields += reader.Value(i).IsEmpty ? 0 : 1;
        }

        return fields;
    }

    private static long Clean(ExportFormat format, string name, Stream input, string path, CancellationToken cancellationToken)
    {
        using var output = new FileStream(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write });
        return format.TryClean(ExportSource.Open(input, ExportLimits.OwnMachine, name), output, cancellationToken).OrThrow().Bytes;
    }

    private static long Read(ExportFormat format, Stream input, CancellationToken cancellationToken)
    {
        var counter = new Counter();
        var reading = format.TryRead(ExportSource.OpenArchive(input), counter, cancellationToken).OrThrow();
        return reading.Refusal is { } refusal ? throw new ExportRefusedException(refusal) : counter.Records;
    }

    private sealed class Counter : RecordVisitor
    {
        public long Records { get; private set; }

        public override void OnAccount(ExportAccount account)
        {
        }

        public override void OnRecord(in ExportRecord record) => Records += record.Quality > 0 ? 1 : 0;
    }
}
