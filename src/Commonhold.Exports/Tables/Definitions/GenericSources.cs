using System.Text;
using System.Text.Json;
using Commonhold.Exports.Sources;

namespace Commonhold.Exports.Tables.Definitions;

/// <summary>The sources of a schema that names none: for each table a CSV and a JSON Lines file of its name, fields by their names.</summary>
internal static class GenericSources
{
    public static IReadOnlyList<SourceDefinition> For(IReadOnlyList<TableDefinition> tables)
    {
        var sources = new List<SourceDefinition>();
        for (var i = 0; i < tables.Count; i++)
        {
            sources.Add(Source(tables[i], i, $"{tables[i].Name}.csv", RecordReaders.Csv));
            sources.Add(Source(tables[i], i, $"{tables[i].Name}.jsonl", RecordReaders.JsonLines));
            sources.Add(Source(tables[i], i, $"{tables[i].Name}.ndjson", RecordReaders.JsonLines));
        }

        return sources;
    }

    /// <summary>A table's source under another file name.</summary>
    public static SourceDefinition Source(TableDefinition table, int place, string file, string reader)
    {
        // In JSON the name would be a path; a field's own dots and brackets are none.
        var required = Enumerable.Range(0, table.Fields.Count).Where(f => table.Fields[f].Constraints.IsRequired).ToList();
        return new SourceDefinition(
            place,
            FilePattern.Create(new Node(JsonSerializer.SerializeToElement(file), "$.path")),
            reader,
            "",
            FormatConfidence.Confirmed,
            [.. table.Fields.Select(f => f.Name)],
            required.Count > 0 ? required : [.. Enumerable.Range(0, table.Fields.Count)],
            [.. Enumerable.Range(0, table.Fields.Count).Select(f => new MapEntry([f], [], OnInvalid.Refuse, null))],
            null,
            [],
            new Dictionary<string, string>())
        {
            Delimiter = table.Delimiter,
        };
    }
}
