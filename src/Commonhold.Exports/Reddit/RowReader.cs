using Commonhold.Exports.Csv;

namespace Commonhold.Exports.Reddit;

/// <summary>Makes an <see cref="ExportRow"/> of each row of one file: its width, community and date, held against the checks.</summary>
internal sealed class RowReader
{
    private readonly RedditFile _file;
    private readonly RedditHeader _header;
    private readonly PlaceTable _communities;
    private readonly HeadersComparison? _comparison;
    private readonly LifeSpan? _life;
    private readonly int _date;
    private readonly int _subreddit;
    private readonly int _link;

    public RowReader(
        RedditFile file, RedditHeader header, PlaceTable communities, IReadOnlyList<HeadersComparison> comparisons, LifeSpan? life)
    {
        (_file, _header, _communities, _life) = (file, header, communities, life);
        foreach (var comparison in comparisons)
        {
            if (comparison.Full != file.Kind && file.Kind.HeadersOf != comparison.Full.Name)
                continue;
            _comparison = comparison;
            comparison.Begin(file.Kind, header);
        }

        _date = file.Kind.IsDated ? header.Position(RedditColumn.Date) : -1;
        _subreddit = header.Position(RedditColumn.Subreddit);
        _link = header.Position(RedditColumn.Permalink) is >= 0 and var permalink ? permalink : header.Position(RedditColumn.ContentLink);
    }

    public ExportRow Take(CsvReader reader)
    {
        if (reader.FieldCount != _header.Columns.Count)
            throw new ExportRefusedException(
                reader.FieldCount > _header.Columns.Count ? "export.row_too_wide" : "export.row_too_narrow",
                $"{_file.Entry.Name}, row {reader.RowNumber:N0} has {reader.FieldCount} columns; its header has {_header.Columns.Count}.",
                "Pass the export as Reddit sent it.");
        _comparison?.Take(_file.Kind, reader);

        DateTimeOffset? date = null;
        if (_date >= 0)
        {
            if (!RedditDate.TryParse(reader.Value(_date), out var at))
                throw new ExportRefusedException(
                    "export.date",
                    $"{_file.Entry.Name}, row {reader.RowNumber:N0} has no date: {Zip.ZipFormat.Show(reader.Value(_date))}.",
                    "Pass the export as Reddit sent it.");
            _life?.Take(_file.Entry.Name, reader.RowNumber, at);
            date = at;
        }

        var community = _subreddit >= 0 ? _communities.Find(reader.Value(_subreddit))
            : _link >= 0 ? _communities.Find(CommunityLink.CommunityOf(reader.Value(_link)))
            : 0;
        return new ExportRow(reader, _header, _file.Kind, _communities[community], community, date);
    }
}
