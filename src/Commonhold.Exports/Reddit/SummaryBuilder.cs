namespace Commonhold.Exports.Reddit;

/// <summary>Counts rows by kind, month and community while they pass.</summary>
internal sealed class SummaryBuilder(PlaceTable communities)
{
    private const int Top = 25;
    private readonly long[] _byKind = new long[RedditFiles.All.Count];
    private readonly MonthCounts _byMonth = new(RedditFiles.All.Count);
    private long[] _byCommunity = new long[256];

    public void Count(RedditFileKind kind, int communityId, DateTimeOffset? date)
    {
        _byKind[kind.Order]++;

        // The *_headers files say the same rows again.
        if (kind.HeadersOf is not null)
            return;
        if (date is { } at)
            _byMonth.Count(kind.Order, at);
        if (communityId == 0)
            return;
        if (communityId >= _byCommunity.Length)
            Array.Resize(ref _byCommunity, Math.Max(communityId + 1, _byCommunity.Length * 2));
        _byCommunity[communityId]++;
    }

    public ExportSummary Build(ExportAccount account, long bytes)
    {
        var kinds = RedditFiles.All
            .Where(k => k.Name != "checkfile" && _byKind[k.Order] > 0)
            .Select(k => (k.Name, _byKind[k.Order]))
            .OrderByDescending(k => k.Item2).ThenBy(k => k.Name, StringComparer.Ordinal)
            .ToList();
        var months = kinds.SelectMany(k => _byMonth.Of(RedditFiles.Kind(k.Name).Order, k.Name)).ToList();
        var top = Enumerable.Range(1, communities.Count)
            .Where(id => id < _byCommunity.Length && _byCommunity[id] > 0)
            .Select(id => (Name: communities.NameOf(id), Rows: _byCommunity[id]))
            .OrderByDescending(c => c.Rows).ThenBy(c => c.Name, StringComparer.Ordinal)
            .Take(Top)
            .ToList();
        return new ExportSummary(account, kinds.Sum(k => k.Item2), bytes, kinds, _byMonth.ByMonth(), months, top, communities.Count, RedditFiles.Definition.Places);
    }
}
