namespace Commonhold.Exports.Reddit;

/// <summary>Shows the valued rows of an export to a visitor as records: canonical key, place, quality, text.</summary>
internal sealed class RedditRecords(RecordVisitor visitor)
{
    private byte[] _text = new byte[4096];

    public void Show(in ExportRow row)
    {
        if (row.Kind.Record is not { } kind)
            return;

        // Subscriptions are known by the community itself; everything else by a base-36 id. A row without either is worth nothing.
        Span<byte> canonical = stackalloc byte[ExportRecord.MaxKeyBytes];
        var id = row[RedditColumn.Id];
        if (id.IsEmpty)
            id = row[RedditColumn.PostId];
        var isListed = false;
        if (id.IsEmpty && row[RedditColumn.ContentLink] is { IsEmpty: false } link)
            id = LastSegment(link);
        else
            isListed = id.IsEmpty;
        var length = isListed ? Copy(row.Community, canonical) : Base36.Canonicalise(id, canonical);
        if (length == 0)
            return;
        var key = canonical[..length];
        var quality = byte.MaxValue;
        ReadOnlySpan<byte> text = [];
        switch (row.Kind.Quality)
        {
            case RedditQuality.Comment:
                text = row[RedditColumn.Body];
                quality = RedditTextQuality.Of(text);
                break;
            case RedditQuality.Post:
                var title = row[RedditColumn.Title];
                var body = row[RedditColumn.Body];
                quality = RedditTextQuality.OfPost(title, body);
                text = Join(title, body);
                break;
            case RedditQuality.Vote when row[RedditColumn.Direction] is var d && !d.SequenceEqual("up"u8) && !d.SequenceEqual("down"u8):
                quality = 0;
                break;
        }

        visitor.OnRecord(new ExportRecord
        {
            Kind = kind,
            Key = key,

            // A list of communities is one cell: each of its rows would be a cell of its own otherwise.
            Place = isListed ? [] : row.Community,
            PlaceId = isListed ? 0 : row.CommunityId,
            Time = row.Date,
            Quality = quality,
            Text = text,
            IdNumber = kind.Scope == RowScope.Authored && Base36.TryParse(key, out var number) ? number : null,
        });
    }

    private static int Copy(ReadOnlySpan<byte> from, Span<byte> to)
    {
        from.CopyTo(to);
        return from.Length;
    }

    private static ReadOnlySpan<byte> LastSegment(ReadOnlySpan<byte> link)
    {
        link = link.TrimEnd((byte)'/');
        return link[(link.LastIndexOf((byte)'/') + 1)..];
    }

    private ReadOnlySpan<byte> Join(ReadOnlySpan<byte> title, ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
            return title;
        if (title.Length + 1 + body.Length > _text.Length)
            _text = new byte[Math.Max(_text.Length * 2, title.Length + 1 + body.Length)];
        title.CopyTo(_text);
        _text[title.Length] = (byte)'\n';
        body.CopyTo(_text.AsSpan(title.Length + 1));
        return _text.AsSpan(0, title.Length + 1 + body.Length);
    }
}
