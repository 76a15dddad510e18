using System.Text.Json;
using Commonhold.Exports.Sources;
using Commonhold.Exports.Tables.Definitions;

namespace Commonhold.Exports.Tables;

/// <summary>A data package that a member made elsewhere: only where its tables' files are is taken from it; the dataset's schema says
/// what they hold.</summary>
internal static class MemberPackage
{
    private const int MaxBytes = 1 << 20;

    public static IEnumerable<SourceDefinition> Sources(FormatDefinition format, ExportSource export)
    {
        if (!export.IsArchive || export.Find(PackageJson.FileName) is not { } entry || entry.Size > MaxBytes)
            return [];
        try
        {
            using var document = JsonDocument.Parse(export.Peek(entry, MaxBytes), new JsonDocumentOptions { MaxDepth = 32 });
            return Sources(format, document.RootElement);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            // It is a hint where files are, and files with the tables' names are found without it.
            return [];
        }
    }

    private static List<SourceDefinition> Sources(FormatDefinition format, JsonElement package)
    {
        var sources = new List<SourceDefinition>();
        foreach (var resource in package.GetProperty("resources").EnumerateArray())
        {
            var (name, path) = (resource.GetProperty("name").GetString(), resource.GetProperty("path"));
            var place = format.Tables.ToList().FindIndex(t => t.Name == name);
            if (place < 0 || path.ValueKind != JsonValueKind.String || path.GetString() is not { Length: > 0 and < 256 } file || file.AsSpan().ContainsAny("*#[]"))
                continue;
            var reader = file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? RecordReaders.Csv
                : file.EndsWith("json", StringComparison.OrdinalIgnoreCase) || file.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) ? RecordReaders.JsonLines
                : null;
            if (reader is not null)
                sources.Add(GenericSources.Source(format.Tables[place], place, file, reader));
        }

        return sources;
    }
}
