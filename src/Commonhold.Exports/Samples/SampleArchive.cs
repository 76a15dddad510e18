using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Commonhold.Exports.Zip;

namespace Commonhold.Exports.Samples;

/// <summary>Collects the files of one made-up export, and every private string in it, so that tests can look for them afterwards.</summary>
internal sealed class SampleArchive
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Indented = new(Compact) { WriteIndented = true, NewLine = "\n" };
    private readonly List<(string Name, byte[] Bytes)> _files = [];
    private readonly HashSet<string> _secrets = new(StringComparer.Ordinal);

    /// <summary>Strings that must not be found in the cleaned form.</summary>
    public IReadOnlyCollection<string> Secrets => _secrets;

    public IReadOnlyList<(string Name, byte[] Bytes)> Files => _files;

    /// <summary>Notes a value as private and gives it back.</summary>
    public string Secret(string value)
    {
        _secrets.Add(value);
        return value;
    }

    public void Add(string name, string text) => Add(name, Encoding.UTF8.GetBytes(text));

    public void Add(string name, byte[] bytes) => _files.Add((name, bytes));

    public void AddJson(string name, JsonNode json, string before = "") =>
        Add(name, before + json.ToJsonString(before.Length > 0 ? Indented : Compact));

    /// <summary>The archive as a ZIP; the same bytes for the same files.</summary>
    public void WriteZip(Stream output)
    {
        var zip = new ZipWriter(output);
        foreach (var (name, bytes) in _files)
            zip.Add(name, stream => stream.Write(bytes));
        zip.Finish();
    }

    /// <summary>The one file of an export that is not an archive.</summary>
    public void WriteSingle(Stream output) => output.Write(_files.Single().Bytes);
}
