using Commonhold.Exports.Tables.Definitions;

namespace Commonhold.Exports.Tables;

/// <summary>Counts rows by kind, month and place while they pass.</summary>
internal sealed class TableSummary(FormatDefinition format, PlaceTable places)
{
    private const int Top = 25;
    private readonly long[] _byKind = new long[byte.MaxValue + 1];
    private readonly MonthCounts _byMonth = new(byte.MaxValue + 1);
    private long[] _byPlace = new long[256];

    public void Count(RecordKind kind, int place, DateTimeOffset? time)
    {
        _byKind[kind.Code]++;
        if (time is { } at)
            _byMonth.Count(kind.Code, at);
        if (place == 0)
            return;
        if (place >= _byPlace.Length)
            Array.Resize(ref _byPlace, Math.Max(place + 1, _byPlace.Length * 2));
        _byPlace[place]++;
    }

    public ExportSummary Build(ExportAccount account, long bytes)
    {
        List<(string Kind, long Rows)> kinds =
            [.. format.Tables.Select(t => (t.Name, _byKind[t.Kind.Code])).Where(k => k.Item2 > 0)
                .OrderByDescending(k => k.Item2).ThenBy(k => k.Name, StringComparer.Ordinal)];
        var codes = format.Tables.ToDictionary(t => t.Name, t => t.Kind.Code, StringComparer.Ordinal);
        List<(string Kind, string Month, long Rows)> months = [.. kinds.SelectMany(k => _byMonth.Of(codes[k.Kind], k.Kind))];
        List<(string Place, long Rows)> top =
            [.. Enumerable.Range(1, places.Count).Where(id => id < _byPlace.Length && _byPlace[id] > 0)
                .Select(id => (Name: places.NameOf(id), Rows: _byPlace[id]))
                .OrderByDescending(p => p.Rows).ThenBy(p => p.Name, StringComparer.Ordinal).Take(Top)];
        return new ExportSummary(account, kinds.Sum(k => k.Rows), bytes, kinds, _byMonth.ByMonth(), months, top, places.Count, format.PlaceWord);
    }
}
