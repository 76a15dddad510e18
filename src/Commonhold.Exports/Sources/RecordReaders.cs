using Commonhold.Exports.Sources.Json;
using Commonhold.Exports.Sources.Sqlite;
using Commonhold.Exports.Sources.Xml;

namespace Commonhold.Exports.Sources;

/// <summary>The readers by the names that definitions give them.</summary>
internal static class RecordReaders
{
    public const string Csv = "csv";
    public const string JsonLines = "jsonl";
    public const string Json = "json";
    public const string Script = "js";
    public const string Xml = "xml";
    public const string Sqlite = "sqlite";

    /// <summary>Every reader there is.</summary>
    public static IReadOnlyList<string> Names { get; } = [Csv, JsonLines, Json, Script, Xml, Sqlite];

    /// <summary>Whether the reader must seek in its file.</summary>
    public static bool Seeks(string reader) => reader == Sqlite;

    /// <summary>What is wrong with paths and fields that a definition names, in the reader's language; null when nothing is.</summary>
    public static string? Fault(string reader, RecordSelection selection)
    {
        try
        {
            Open(reader, Stream.Null, "definition", selection, ExportLimits.Default).Dispose();
            return null;
        }
        catch (ArgumentException fault)
        {
            return fault.Message;
        }
    }

    /// <param name="content">Stays the caller's.</param>
    public static IRecordReader Open(string reader, Stream content, string name, RecordSelection selection, ExportLimits limits, byte delimiter = (byte)',')
    {
        var bounds = new SourceLimits { MaxRecords = limits.MaxRows, MaxFileBytes = limits.MaxFileBytes };
        return reader switch
        {
            Csv => new CsvRecordReader(content, name, selection, limits, delimiter),
            JsonLines => new JsonLineRecordReader(content, name, selection, bounds),
            Json => new JsonRecordReader(content, name, selection, JsonForm.Plain, bounds),
            Script => new JsonRecordReader(content, name, selection, JsonForm.Assignment, bounds),
            Xml => new XmlRecordReader(content, name, selection, bounds),
            Sqlite => new SqliteRecordReader(content, name, selection, bounds),
            _ => throw new ArgumentException($"There is no reader '{reader}'.", nameof(reader)),
        };
    }
}
