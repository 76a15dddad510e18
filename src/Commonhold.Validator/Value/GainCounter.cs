using Commonhold.Client;

namespace Commonhold.Validator.Value;

/// <summary>Sums up what each cell gained: by kind for everybody, by cell for the member.</summary>
internal sealed class GainCounter(ValueFunction value)
{
    private readonly List<(ulong Cell, int Rows, int NewRows, UInt128 Units)> _cells = new(512);
    private readonly KindSum[] _kinds = new KindSum[byte.MaxValue + 1];

    public int NewRows { get; private set; }

    /// <param name="rows">In the export.</param>
    /// <param name="newRows">Of those.</param>
    public void Add(ulong cell, int rows, int newRows, UInt128 units)
    {
        NewRows += newRows;
        ref var kind = ref _kinds[(byte)(cell >> 56)];
        kind = new KindSum(kind.Rows + (ulong)rows, kind.NewRows + (ulong)newRows, kind.Units + units);
        if (units > 0 || newRows > 0)
            _cells.Add((cell, rows, newRows, units));
    }

    /// <summary>Points by kind that add up to <paramref name="total"/>: the largest takes what rounding down left.</summary>
    public IReadOnlyList<ValuePart> Kinds(long total)
    {
        var kinds = value.Kinds.Where(k => _kinds[k.Code].Rows > 0 || _kinds[k.Code].Units > 0)
            .Select(k => (k.Name, Sum: _kinds[k.Code], Points: ValueFunction.ToPoints(_kinds[k.Code].Units)))
            .OrderByDescending(k => k.Points).ThenBy(k => k.Name, StringComparer.Ordinal)
            .ToList();
        var left = Math.Max(0, total - kinds.Sum(k => k.Points));
        return [.. kinds.Select((k, i) => new ValuePart(k.Name, k.Sum.Rows, k.Sum.NewRows, new Points((UInt128)(k.Points + (i == 0 ? left : 0)))))];
    }

    /// <summary>The cells that gained most, of equal gains the lower first; the rest in one sum, so that all add up to <paramref name="total"/>.</summary>
    public CellGains Cells(CellNames names, long total)
    {
        var top = _cells.OrderByDescending(c => c.Units).ThenBy(c => c.Cell).Take(ValueExplanation.MaxCells).ToList();
        var called = names.Of([.. top.Select(c => c.Cell)], value);
        var points = top.ConvertAll(c => ValueFunction.ToPoints(c.Units));
        return new CellGains(
            [.. top.Select((c, i) => new ExplainedCell(
                called[i].Kind, called[i].Place, called[i].Quarter, (ulong)c.Rows, (ulong)c.NewRows, new Points((UInt128)points[i])))],
            (uint)(_cells.Count - top.Count),
            new Points((UInt128)Math.Max(0, total - points.Sum())));
    }

    private readonly record struct KindSum(ulong Rows, ulong NewRows, UInt128 Units);
}
