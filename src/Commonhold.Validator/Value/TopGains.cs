namespace Commonhold.Validator.Value;

/// <summary>Keeps the cells that gained most, most points first; of equal gains the lower cell comes first.</summary>
internal sealed class TopGains(int count)
{
    private readonly List<(ulong Cell, int NewRows, long Points)> _top = new(count + 1);

    public void Add(ulong cell, int newRows, long points)
    {
        var at = _top.Count;
        while (at > 0 && (points, _top[at - 1].Cell).CompareTo((_top[at - 1].Points, cell)) > 0)
            at--;
        if (at == count)
            return;
        _top.Insert(at, (cell, newRows, points));
        if (_top.Count > count)
            _top.RemoveAt(count);
    }

    public IReadOnlyList<CellGain> Named(CellNames names, ValueFunction value)
    {
        var called = names.Of([.. _top.Select(g => g.Cell)], value);
        return [.. _top.Select((g, i) => new CellGain(called[i], g.NewRows, g.Points))];
    }
}
