using System.Text;
using Commonhold.Exports.Csv;

namespace Commonhold.Exports;

/// <summary>Shows what a cleaned export looks like without showing anybody's: makes one up, cleans it as a member's machine would,
/// and reads the first rows of its tables.</summary>
internal static class CleanedSample
{
    public static IReadOnlyList<TableSample> Read(ExportFormat format, SampleOptions options, int rows)
    {
        using var original = new MemoryStream();
        try
        {
            format.WriteSample(original, options);
        }
        catch (NotSupportedException)
        {
            return []; // A dataset's own schema may ask for what cannot be made up.
        }

        using var cleaned = new MemoryStream();
        original.Position = 0;
        format.Read(ExportSource.Open(original, fileName: format.SampleFileName(options)), null, cleaned, CancellationToken.None);
        cleaned.Position = 0;
        var source = ExportSource.OpenArchive(cleaned);
        return [.. format.Describe().Tables.Select(t => (t.Name, Entry: source.Find(t.FileName))).Where(t => t.Entry is not null)
            .Select(t => ReadTable(source, t.Name, t.Entry!, rows)).Where(t => t.Rows.Count > 0)];
    }

    private static TableSample ReadTable(ExportSource source, string name, ExportEntry entry, int most)
    {
        using var stream = source.Open(entry);
        using var reader = new CsvReader(source.Limits);
        reader.Reset(stream);
        var rows = new List<IReadOnlyList<string>>();
        var header = reader.Read() ? Row(reader) : [];
        while (rows.Count < most && reader.Read())
            rows.Add(Row(reader));
        return new TableSample(name, header, rows);
    }

    private static string[] Row(CsvReader reader) => [.. Enumerable.Range(0, reader.FieldCount).Select(i => Encoding.UTF8.GetString(reader.Value(i)))];
}
