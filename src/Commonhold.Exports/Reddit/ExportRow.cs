using Commonhold.Exports.Csv;

namespace Commonhold.Exports.Reddit;

/// <summary>A row of a file: UTF-8 values in place, valid until the next is read.</summary>
internal readonly ref struct ExportRow
{
    private readonly CsvReader _reader;
    private readonly RedditHeader _header;

    internal ExportRow(CsvReader reader, RedditHeader header, RedditFileKind kind, ReadOnlySpan<byte> community, int communityId, DateTimeOffset? date)
    {
        _reader = reader;
        _header = header;
        Kind = kind;
        Community = community;
        CommunityId = communityId;
        Date = date;
    }

    public RedditFileKind Kind { get; }

    /// <summary>The community in lower case, from the row's <c>subreddit</c> or permalink; empty when it has neither.</summary>
    public ReadOnlySpan<byte> Community { get; }

    /// <summary>A small number for <see cref="Community"/>, the same all through one pass; 0 for none.</summary>
    public int CommunityId { get; }

    /// <summary>When it was written; null for kinds whose dates are not the member's own acts.</summary>
    public DateTimeOffset? Date { get; }

    /// <summary>The value of a column; empty when the file does not have it.</summary>
    public ReadOnlySpan<byte> this[RedditColumn column] =>
        _header.Position(column) is >= 0 and var at ? _reader.Value(at) : [];
}
