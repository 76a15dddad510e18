using System.Buffers;
using System.Text;
using Commonhold.Exports.Csv;

namespace Commonhold.Exports.Reddit;

/// <summary>The digests of <c>checkfile.csv</c> and what they say of each file. Unsigned: it stops accidents, not forgers.</summary>
/// <remarks>A cleaned archive keeps the lines of the files that were sent unchanged, and no others: the digest of a file that
/// holds a phone number or a birth date is as good as the number itself to whoever tries them all.</remarks>
internal sealed class Checkfile
{
    private const string Hint = "Download the export from Reddit again and pass it unopened.";
    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdefABCDEF"u8);
    private readonly Dictionary<string, string> _listed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    public int Count => _listed.Count;

    public void Take(CsvReader reader, RedditHeader header, ExportLimits limits)
    {
        var name = reader.Value(header.Position(RedditColumn.FileName));
        var digest = reader.Value(header.Position(RedditColumn.Sha256));
        if (digest.Length != 64 || digest.ContainsAnyExcept(HexDigits) || name.Length > 128)
            throw new ExportRefusedException("export.checkfile", $"checkfile.csv, row {reader.RowNumber} is not a name and a SHA-256.", Hint);
        var text = Encoding.UTF8.GetString(name);
        if (_listed.Count >= limits.MaxEntries || !_listed.TryAdd(text, Encoding.ASCII.GetString(digest).ToLowerInvariant()))
            throw new ExportRefusedException("export.checkfile", $"checkfile.csv lists {Zip.ZipFormat.Show(name)} twice, or too many files.", Hint);
    }

    /// <summary>Holds a file that was read against its line; <paramref name="isOriginal"/> archives list every file.</summary>
    public FileIntegrity Judge(string fileName, byte[] sha256, bool isOriginal)
    {
        _seen.Add(fileName);
        if (!_listed.TryGetValue(fileName, out var expected))
            return isOriginal ? FileIntegrity.NotListed : FileIntegrity.NotChecked;
        return expected == Convert.ToHexStringLower(sha256) ? FileIntegrity.Matches : FileIntegrity.Differs;
    }

    /// <summary>The check over all files, after each was judged.</summary>
    public StructureCheck Conclude(IReadOnlyList<FileReading> files)
    {
        const string Name = "checkfile";
        if (_listed.Keys.FirstOrDefault(n => !_seen.Contains(n)) is { } missing)
            return Failed($"{Show(missing)} is listed in checkfile.csv and missing from the archive.");
        if (files.FirstOrDefault(f => f.Integrity is FileIntegrity.Differs) is { } differs)
            return Failed($"{differs.Name} is not the file that checkfile.csv lists: its SHA-256 differs.");
        if (files.FirstOrDefault(f => f.Integrity is FileIntegrity.NotListed) is { } unlisted)
            return Failed($"{unlisted.Name} is not listed in checkfile.csv.");

        var matches = files.Count(f => f.Integrity == FileIntegrity.Matches);
        var altered = files.Count(f => f.Integrity == FileIntegrity.NotChecked);
        var evidence = $"{matches} files match their SHA-256" + (altered == 0 ? "." : $", {altered} were altered by cleaning and are not checked.");
        return new StructureCheck(Name, matches > 0 ? CheckOutcome.Passed : CheckOutcome.NotChecked, evidence);

        static StructureCheck Failed(string detail) =>
            new(Name, CheckOutcome.Failed, detail, new ExportRefusal("export.checkfile", detail, Hint));
    }

    /// <summary>The lines for these files, as the checkfile of a cleaned archive.</summary>
    public byte[] WriteFor(IEnumerable<string> fileNames)
    {
        var text = new StringBuilder("filename,sha256\r\n");
        foreach (var name in fileNames.Where(_listed.ContainsKey))
            text.Append(name).Append(',').Append(_listed[name]).Append("\r\n");
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static string Show(string name) => Zip.ZipFormat.Show(Encoding.UTF8.GetBytes(name));
}
