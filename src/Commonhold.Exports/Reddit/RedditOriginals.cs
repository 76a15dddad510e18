using System.Security.Cryptography;
using System.Text;
using Commonhold.Exports.Csv;

namespace Commonhold.Exports.Reddit;

/// <summary>An identity at another provider that Reddit says is linked to the account.</summary>
public sealed record LinkedIdentity(string Issuer, string Subject);

/// <summary>A few small files of an export as Reddit sent them, which cleaning keeps at home: shown to one validator, to say whose account it is.</summary>
/// <remarks>Held against the original <c>checkfile.csv</c>, and that against the cleaned export: it lists every file of it, and those that cleaning
/// left alone with their digests. So the files belong to that export as far as anything in it says so. Nothing in it is signed:
/// whoever made the export up can make these up with it.</remarks>
public sealed class RedditOriginals
{
    public const string Checkfile = "checkfile.csv";
    public const string Statistics = "statistics.csv";
    public const string LinkedIdentities = "linked_identities.csv";

    private const string Code = "export.originals";
    private const string Hint = "Give the files out of the very export that you contribute, as Reddit sent them.";

    /// <summary>Bytes of a file and rows in it: these files are short.</summary>
    private static readonly ExportLimits Limits = ExportLimits.Default with { MaxFieldBytes = 4096, MaxRowBytes = 8192, MaxColumns = 8 };

    private RedditOriginals(string? emailAddress, IReadOnlyList<LinkedIdentity> identities) => (EmailAddress, Identities) = (emailAddress, identities);

    /// <summary>Every file that may be shown, in the order in which a program should pick them.</summary>
    public static IReadOnlyList<string> Names { get; } = [Checkfile, Statistics, LinkedIdentities];

    /// <summary>Of <c>statistics.csv</c>, as it stands there; null when the file or the row is not given.</summary>
    public string? EmailAddress { get; }

    /// <summary>Of <c>linked_identities.csv</c>; empty when the file is not given.</summary>
    public IReadOnlyList<LinkedIdentity> Identities { get; }

    /// <summary>Holds files against each other and against the cleaned export that they are said to come from.</summary>
    /// <returns>Refused as <c>export.originals</c>, or as a CSV that cannot be read.</returns>
    public static ExportResult<RedditOriginals> Read(IReadOnlyList<(string Name, byte[] Content)> files, ExportReading cleaned)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(cleaned);
        return ExportResult.Of(() =>
        {
            if (files.FirstOrDefault(f => !Names.Contains(f.Name)) is { Name: not null })
                throw Refuse("A file is none of those that may be shown.");
            var checkfile = Rows(files, Checkfile, "filename", "sha256") ?? throw Refuse($"{Checkfile} is not among the files.");
            var listed = Listed(checkfile);
            foreach (var (name, content) in files.Where(f => f.Name != Checkfile))
            {
                if (listed.GetValueOrDefault(name) != Convert.ToHexStringLower(SHA256.HashData(content)))
                    throw Refuse($"{name} is not the file that {Checkfile} lists.");
            }

            HoldAgainst(cleaned, listed);
            return new RedditOriginals(
                Email(Rows(files, Statistics, "statistic", "value"), cleaned.Account),
                [.. (Rows(files, LinkedIdentities, "issuer_id", "subject_id") ?? []).Select(row => new LinkedIdentity(row.First, row.Second))]);
        });
    }

    private static Dictionary<string, string> Listed(List<(string First, string Second)> rows)
    {
        var listed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, digest) in rows)
        {
            if (!listed.TryAdd(name, digest.ToLowerInvariant()))
                throw Refuse($"{Checkfile} lists a file twice.");
        }

        return listed;
    }

    private static void HoldAgainst(ExportReading cleaned, Dictionary<string, string> listed)
    {
        if (cleaned.Files.FirstOrDefault(f => f.Name != Checkfile && !listed.ContainsKey(f.Name)) is { } unlisted)
            throw Refuse($"{Checkfile} does not list {unlisted.Name}, which the export has.");
        var unchanged = cleaned.Files.Where(f => f.Integrity == FileIntegrity.Matches).ToList();
        if (unchanged.FirstOrDefault(f => listed[f.Name] != f.Sha256) is { } differs)
            throw Refuse($"{Checkfile} lists {differs.Name} with another digest than the export has.");
        if (unchanged.Count == 0)
            throw Refuse("Nothing ties the files to the export: it has no file that cleaning left as it was.");
    }

    private static string? Email(List<(string First, string Second)>? statistics, ExportAccount account)
    {
        if (statistics is null)
            return null;
        var name = Single(statistics, "account name");
        if (!string.Equals(name, account.Id, StringComparison.OrdinalIgnoreCase))
            throw Refuse($"{Statistics} is of another account than the export.");
        foreach (var (row, date) in new[] { ("registration date", account.RegisteredAt), ("export time", account.ExportedAt) })
        {
            if (!RedditDate.TryParse(Encoding.UTF8.GetBytes(Single(statistics, row) ?? ""), out var found) || found != date)
                throw Refuse($"{Statistics} gives another {row} than the export.");
        }

        return Single(statistics, "email address") is { Length: > 0 } email ? email : null;
    }

    private static string? Single(List<(string First, string Second)> rows, string name)
    {
        var found = rows.FindAll(r => r.First == name);
        return found.Count > 1 ? throw Refuse($"{Statistics} gives the {name} twice.") : found.FirstOrDefault().Second;
    }

    /// <summary>Two columns of a small table, found by name; null when the file is not given.</summary>
    private static List<(string First, string Second)>? Rows(IReadOnlyList<(string Name, byte[] Content)> files, string name, string first, string second)
    {
        var given = files.Where(f => f.Name == name).ToList();
        if (given.Count == 0)
            return null;
        using var content = new MemoryStream(given.Count == 1 ? given[0].Content : throw Refuse($"{name} is given twice."), writable: false);
        using var reader = new CsvReader(Limits);
        reader.Reset(new StreamCsvSource(name, content));
        List<string> header = reader.Read() ? Fields(reader) : [];
        var (a, b) = (header.IndexOf(first), header.IndexOf(second));
        if (a < 0 || b < 0)
            throw Refuse($"{name} has no columns {first} and {second}.");
        var rows = new List<(string, string)>();
        while (reader.Read())
        {
            if (reader.FieldCount != header.Count || rows.Count >= 512)
                throw Refuse($"{name}, row {reader.RowNumber}: it has other columns than the header, or the file is too long.");
            rows.Add((Text(reader, a), Text(reader, b)));
        }

        return rows;
    }

    private static List<string> Fields(CsvReader reader) => [.. Enumerable.Range(0, reader.FieldCount).Select(i => Text(reader, i))];

    private static string Text(CsvReader reader, int index) => Encoding.UTF8.GetString(reader.Value(index));

    private static ExportRefusedException Refuse(string detail) => new(Code, detail, Hint);
}
