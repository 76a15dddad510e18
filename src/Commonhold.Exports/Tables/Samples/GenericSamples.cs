using System.Globalization;
using System.Text;
using Commonhold.Exports.Samples;
using Commonhold.Exports.Tables.Cells;
using Commonhold.Exports.Tables.Definitions;
using Commonhold.Exports.Zip;

namespace Commonhold.Exports.Tables.Samples;

/// <summary>Makes up exports of a dataset's own schema from the schema alone: values of the right types, inside their bounds.</summary>
/// <remarks>What a pattern asks for cannot be made up: such a field is left empty, and a schema that requires it has no samples.</remarks>
internal sealed class GenericSamples(FormatDefinition format) : ISampleGenerator
{
    private static readonly long Start = new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    public string FileName(SampleOptions options) => $"{format.Format}-{options.Account + 1}.zip";

    public void Write(Stream output, SampleOptions options)
    {
        var random = new SampleRandom((options.Seed * 0x9E3779B97F4A7C15) ^ ((ulong)options.Account * 0xD1B54A32D192ED03));
        var zip = new ZipWriter(output);
        foreach (var table in format.Tables)
        {
            var delimiter = ((char)table.Delimiter).ToString();
            var text = new StringBuilder(string.Join(delimiter, table.Fields.Select(f => Quoted(f.Name)))).Append("\r\n");
            for (var row = 0; row < options.Rows; row++)
                text.AppendJoin(delimiter, table.Fields.Select(f => Quoted(Value(f, row, ref random)))).Append("\r\n");
            zip.Add(table.FileName, stream => stream.Write(Encoding.UTF8.GetBytes(text.ToString())));
        }

        zip.Finish();
    }

    private static string Quoted(string value) => $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Value(FieldDefinition field, int row, ref SampleRandom random)
    {
        var constraints = field.Constraints;
        if (constraints.Enum is { Count: > 0 } values)
            return Encoding.UTF8.GetString(random.Pick(values));
        if (constraints.Pattern is not null || field.Type.PlainFormat is not null || NeedsPattern(field))
            return constraints.IsRequired
                ? throw new NotSupportedException($"'{field.Name}' must match a pattern or format, which cannot be made up.") : "";
        if (!constraints.IsRequired && random.Below(10) == 0)
            return "";
        var ticks = Start + (row * TimeSpan.TicksPerHour) + (random.Below(3600) * TimeSpan.TicksPerSecond);
        Span<byte> moment = stackalloc byte[32];
        var written = Moment.Write(ticks, moment);
        return field.Type.Name switch
        {
            "integer" or "number" => Number(constraints, row, ref random),
            "boolean" => random.Below(2) == 0 ? "true" : "false",
            "datetime" => Encoding.ASCII.GetString(moment[..written]),
            "date" => Encoding.ASCII.GetString(moment[..10]),
            "time" => Encoding.ASCII.GetString(moment[11..19]),
            "year" => Encoding.ASCII.GetString(moment[..4]),
            "yearmonth" => Encoding.ASCII.GetString(moment[..7]),
            "duration" => $"PT{1 + random.Below(90)}M",
            "object" => $"{{\"n\":{random.Below(100)}}}",
            "array" => $"[{random.Below(100)}]",
            _ => Text(constraints, row, ref random),
        };
    }

    // Formats of their own (other date orders, other decimal points) would have to be written as they are read.
    private static bool NeedsPattern(FieldDefinition field) =>
        !field.Type.TryPlain(Encoding.UTF8.GetBytes(field.Type.Name switch
        {
            "datetime" => "2024-01-01T00:00:00Z",
            "date" => "2024-01-01",
            "time" => "00:00:00",
            "boolean" => "true",
            "integer" or "number" => "1",
            "object" => "{}",
            "array" => "[]",
            "year" => "2024",
            "yearmonth" => "2024-01",
            "duration" => "PT1M",
            _ => "text",
        }), new CellScratch(), out _);

    private static string Number(FieldConstraints constraints, int row, ref SampleRandom random)
    {
        var least = Math.Ceiling(constraints.Minimum?.Rank ?? Math.Min(0, constraints.Maximum?.Rank ?? 0));
        var most = Math.Floor(constraints.Maximum?.Rank ?? (least + 100_000));
        var span = (int)Math.Min(1_000_000, most - least + 1);
        return (least + (constraints.IsUnique ? row % span : random.Below(span))).ToString(CultureInfo.InvariantCulture);
    }

    private static string Text(FieldConstraints constraints, int row, ref SampleRandom random)
    {
        var text = constraints.IsUnique ? $"{row}: {SampleText.Sentence(ref random)}" : SampleText.Sentence(ref random);
        while (text.Length < constraints.MinLength)
            text += " " + text;
        return text.Length > constraints.MaxLength ? text[..constraints.MaxLength.Value].TrimEnd() : text;
    }
}
