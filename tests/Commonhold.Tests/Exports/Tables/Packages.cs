using System.IO.Compression;
using System.Text;
using Commonhold.Exports;
using Commonhold.Exports.Tables;
using Commonhold.Exports.Tables.Definitions;
using Commonhold.Exports.Tables.Samples;
using Commonhold.Exports.Zip;

namespace Commonhold.Tests.Exports.Tables;

/// <summary>Exports of table formats for tests: made, cleaned, read back, and taken apart.</summary>
internal static class Packages
{
    public static byte[] Zip(params (string Name, string Text)[] files)
    {
        using var output = new MemoryStream();
        var zip = new ZipWriter(output);
        foreach (var (name, text) in files)
            zip.Add(name, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
        zip.Finish();
        return output.ToArray();
    }

    /// <summary>The files of an archive as text.</summary>
    public static Dictionary<string, string> Unzip(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        return archive.Entries.ToDictionary(e => e.FullName, e => new StreamReader(e.Open()).ReadToEnd());
    }

    /// <summary>An archive with one file's text changed, added or, by null, removed.</summary>
    public static byte[] With(byte[] zip, string name, Func<string, string?> change)
    {
        var files = Unzip(zip);
        var changed = change(files.GetValueOrDefault(name, ""));
        if (changed is null)
            files.Remove(name);
        else
            files[name] = changed;
        return Zip([.. files.Select(f => (f.Key, f.Value))]);
    }

    /// <summary>A dataset's own schema.</summary>
    public static ExportFormat Generic(string descriptor, string schema = "test-v1") =>
        ExportFormats.ForSchema(schema, Encoding.UTF8.GetBytes(descriptor))!;

    /// <summary>A descriptor of one table <c>rows</c> with these fields and members of <c>commonhold</c>.</summary>
    public static string Descriptor(string fields, string schema = "", string commonhold = "", string resource = "") =>
        $$"""
        { "name": "test-v1", "resources": [ { "name": "rows", "schema": { "fields": [{{fields}}] {{schema}} },
          "commonhold": { {{commonhold}} } {{resource}} } ] }
        """;

    public static TableFormat Format(string json) => new(FormatDefinition.Parse(Encoding.UTF8.GetBytes(json)), new NoSamples());

    /// <summary>Cleans on the member's machine.</summary>
    public static ExportResult<CleanedExport> Clean(ExportFormat format, byte[] export, out byte[] cleaned, string? fileName = null)
    {
        using var output = new MemoryStream();
        var result = ExportResult.Of(() =>
            format.TryClean(ExportSource.Open(new MemoryStream(export), fileName: fileName), output).OrThrow());
        cleaned = output.ToArray();
        return result;
    }

    public static byte[] Clean(ExportFormat format, byte[] export, string? fileName = null)
    {
        var result = Clean(format, export, out var cleaned, fileName);
        Assert.Null(result.Refusal);
        return cleaned;
    }

    /// <summary>Reads as a validator does: by the strict rules.</summary>
    public static ExportResult<ExportReading> ReadStrictly(ExportFormat format, byte[] cleaned, Records? records = null) =>
        ExportResult.Of(() => format.TryRead(ExportSource.OpenArchive(new MemoryStream(cleaned)), records).OrThrow());

    /// <summary>The records that a validator sees.</summary>
    public static Records RecordsOf(ExportFormat format, byte[] cleaned)
    {
        var records = new Records();
        var reading = ReadStrictly(format, cleaned, records);
        Assert.Null(reading.Refusal);
        Assert.Null(reading.Value!.Refusal);
        Assert.Equal(ExportProfile.Cleaned, reading.Value.Profile);
        return records;
    }

    private sealed class NoSamples : ISampleGenerator
    {
        public void Write(Stream output, SampleOptions options) => throw new NotSupportedException();

        public string FileName(SampleOptions options) => throw new NotSupportedException();
    }
}

/// <summary>Keeps what a visitor is shown.</summary>
internal sealed class Records : RecordVisitor
{
    public ExportAccount? Account { get; private set; }

    public List<Seen> All { get; } = [];

    public override void OnAccount(ExportAccount account) => Account = account;

    public override void OnRecord(in ExportRecord record) => All.Add(new Seen(
        record.Kind.Name, Convert.ToHexString(record.Key), Encoding.UTF8.GetString(record.Place), record.PlaceId, record.Time, record.Quality,
        Encoding.UTF8.GetString(record.Text), record.IdNumber));

    public sealed record Seen(string Kind, string Key, string Place, int PlaceId, DateTimeOffset? Time, byte Quality, string Text, ulong? IdNumber);
}
