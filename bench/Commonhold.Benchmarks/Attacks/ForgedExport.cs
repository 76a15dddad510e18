using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Commonhold.Exports;
using Commonhold.Exports.Reddit;
using Commonhold.Exports.Zip;

namespace Commonhold.Benchmarks.Attacks;

/// <summary>A Reddit export taken apart, to be altered and put together again with a checkfile that fits: nothing in an export is signed,
/// so that is what a forger can do.</summary>
internal sealed class ForgedExport
{
    private static readonly RedditFormat Format = new();

    /// <summary>Files with posts, comments and their headers: the ids in them are unique on the platform.</summary>
    public static IReadOnlyList<string> Authored { get; } = ["comments", "comment_headers", "posts", "post_headers"];

    private ForgedExport(Dictionary<string, CsvTable> tables) => Tables = tables;

    /// <summary>By name without <c>.csv</c>; the checkfile is made when it is written.</summary>
    public Dictionary<string, CsvTable> Tables { get; }

    /// <summary>Files that get a byte-order mark when they are written.</summary>
    public HashSet<string> Marked { get; } = [];

    public static ForgedExport Read(byte[] zip)
    {
        var tables = new Dictionary<string, CsvTable>(StringComparer.Ordinal);
        using var archive = new ZipArchive(new MemoryStream(zip));
        foreach (var entry in archive.Entries.Where(e => e.Name != "checkfile.csv"))
        {
            using var reader = new StreamReader(entry.Open(), Encoding.UTF8);
            tables.Add(entry.Name[..^4], CsvTable.Parse(reader.ReadToEnd()));
        }

        return new ForgedExport(tables);
    }

    public ForgedExport Clone() => new(Tables.ToDictionary(t => t.Key, t => t.Value.Clone(), StringComparer.Ordinal));

    public string Account
    {
        get => Statistic("account name");
        set => (this["account name"], this["email address"]) = (value, $"{value}@example.org");
    }

    public string EmailAddress => Statistic("email address");

    public DateTimeOffset ExportedAt
    {
        get => DateTimeOffset.ParseExact(Statistic("export time"), DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        set => this["export time"] = Show(value);
    }

    public int AuthoredRows => Rows("comments").Count + Rows("posts").Count;

    private const string DateFormat = "yyyy-MM-dd HH:mm:ss 'UTC'";

    public static string Show(DateTimeOffset time) => time.UtcDateTime.ToString(DateFormat, CultureInfo.InvariantCulture);

    public static DateTimeOffset Date(string text) => DateTimeOffset.ParseExact(text, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private string this[string statistic]
    {
        set
        {
            foreach (var row in Tables["statistics"].Rows.Where(r => r[0] == statistic))
                row[1] = value;
        }
    }

    /// <summary>Rows of a file; empty when it is not there.</summary>
    public List<string[]> Rows(string table) => Tables.TryGetValue(table, out var found) ? found.Rows : [];

    /// <summary>The archive as the provider would send it.</summary>
    public byte[] ToZip()
    {
        var output = new MemoryStream();
        var zip = new ZipWriter(output);
        var check = CsvTable.Parse("filename,sha256\n");
        foreach (var (name, table) in Tables.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            var bytes = table.ToBytes(Marked.Contains(name));
            check.Rows.Add([$"{name}.csv", Convert.ToHexStringLower(SHA256.HashData(bytes))]);
            zip.Add($"{name}.csv", s => s.Write(bytes));
        }

        zip.Add("checkfile.csv", s => s.Write(check.ToBytes()));
        zip.Finish();
        return output.ToArray();
    }

    /// <summary>What leaves the sender's machine.</summary>
    /// <exception cref="ExportRefusedException">Not even the sender's own program takes it.</exception>
    public static byte[] Clean(byte[] zip)
    {
        var cleaned = new MemoryStream();
        Format.TryClean(ExportSource.OpenArchive(new MemoryStream(zip)), cleaned).OrThrow();
        return cleaned.ToArray();
    }

    private string Statistic(string name) => Tables["statistics"].Rows.First(r => r[0] == name)[1];
}
