using System.Collections.Concurrent;
using System.Text;
using Commonhold.Exports.Csv;

namespace Commonhold.Exports.Reddit;

/// <summary>Where a file's columns are, found by name; and how sure we are of the file's form.</summary>
internal sealed class RedditHeader
{
    private static readonly Dictionary<string, RedditColumn> Named = new(StringComparer.Ordinal)
    {
        ["id"] = RedditColumn.Id,
        ["permalink"] = RedditColumn.Permalink,
        ["date"] = RedditColumn.Date,
        ["subreddit"] = RedditColumn.Subreddit,
        ["title"] = RedditColumn.Title,
        ["url"] = RedditColumn.Url,
        ["body"] = RedditColumn.Body,
        ["direction"] = RedditColumn.Direction,
        ["statistic"] = RedditColumn.Statistic,
        ["value"] = RedditColumn.Value,
        ["filename"] = RedditColumn.FileName,
        ["sha256"] = RedditColumn.Sha256,
        ["post_id"] = RedditColumn.PostId,
        ["content_link"] = RedditColumn.ContentLink,
    };

    private readonly int[] _positions = new int[Enum.GetValues<RedditColumn>().Length];

    // Headers seen before, by kind and text: only known ones, so that hostile files cannot grow it.
    private static readonly ConcurrentDictionary<(RedditFileKind Kind, ulong Hash), (byte[] Text, RedditHeader Header)> Known = new();

    private RedditHeader(RedditFileKind kind, string[] columns)
    {
        Columns = columns;
        Array.Fill(_positions, -1);
        for (var i = 0; i < columns.Length; i++)
        {
            if (Named.TryGetValue(columns[i], out var column))
                _positions[(int)column] = i;
        }

        var known = kind.KnownColumns;
        Private = [.. Enumerable.Range(0, columns.Length).Where(i => !known.Contains(columns[i]) || kind.IsPrivate(columns[i]))];
        Kept = [.. Enumerable.Range(0, columns.Length).Except(Private)];
    }

    public IReadOnlyList<string> Columns { get; }

    /// <summary>Positions of the columns that cleaning keeps, and of those that it leaves out.</summary>
    public int[] Kept { get; }

    public int[] Private { get; }

    public FormatConfidence Confidence { get; private init; }

    public int Position(RedditColumn column) => _positions[(int)column];

    public int Find(string column) => Columns is string[] names ? Array.IndexOf(names, column) : -1;

    /// <summary>Reads the header row of a file and refuses one that lacks what its kind needs.</summary>
    public static RedditHeader Read(CsvReader reader, RedditFile file)
    {
        if (!reader.Read())
            throw Refuse(file, "is empty: it has no header");
        var text = reader.RawRow;
        var key = (file.Kind, FastHash.Append(FastHash.Start, text));
        if (Known.TryGetValue(key, out var known) && text.SequenceEqual(known.Text))
            return known.Header;

        var header = Analyse(reader, file);
        if (header.Confidence == FormatConfidence.Confirmed && reader.FieldCount == text.Count((byte)',') + 1 && !text.Contains((byte)'"'))
            Known[key] = (text.ToArray(), header);
        return header;
    }

    private static RedditHeader Analyse(CsvReader reader, RedditFile file)
    {
        var columns = new string[reader.FieldCount];
        for (var i = 0; i < columns.Length; i++)
        {
            if (reader.Value(i).Length is 0 or > 64)
                throw Refuse(file, $"has a column name of {reader.Value(i).Length} bytes");
            columns[i] = Encoding.UTF8.GetString(reader.Value(i));
        }

        var kind = file.Kind;
        if (columns.Distinct(StringComparer.Ordinal).Count() != columns.Length)
            throw Refuse(file, "names a column twice");
        if (kind.RequiredColumns.FirstOrDefault(c => !columns.Contains(c)) is { } missing)
            throw Refuse(file, $"has no column '{missing}'");
        return new RedditHeader(kind, columns) { Confidence = Judge(kind, columns) };
    }

    private static FormatConfidence Judge(RedditFileKind kind, string[] columns)
    {
        // A cleaned file's header is a known one without the private columns.
        if (kind.Headers.Any(h => h.SequenceEqual(columns) || h.Where(c => !kind.IsPrivate(c)).SequenceEqual(columns)))
            return kind.IsSecondHand ? FormatConfidence.Provisional : FormatConfidence.Confirmed;
        return kind.Headers[0].All(c => columns.Contains(c) || kind.IsPrivate(c))
            ? FormatConfidence.Compatible
            : FormatConfidence.Provisional;
    }

    private static ExportRefusedException Refuse(RedditFile file, string what) => new(
        "export.header",
        $"{file.Entry.Name} {what}.",
        $"Its columns should be: {file.Kind.Header}. Pass the export as Reddit sent it.");
}
