using System.Runtime.InteropServices;
using System.Text;

namespace Commonhold.Validator.Value;

/// <summary>A cell in words; the quarter is like <c>2019-Q1</c>, or empty for kinds without dates.</summary>
/// <param name="Place">A community, a domain, an artist; empty for kinds without.</param>
internal sealed record CellName(string Kind, string Place, string Quarter);

/// <summary>The cells of one export and what they are called. Lives as long as its verdict is being made: the names are for the
/// member's eyes only.</summary>
internal sealed class CellNames
{
    // By kind, quarter and the place's number in this pass; places by that number.
    private readonly Dictionary<ulong, ulong> _cells = new(512);
    private readonly List<byte[]?> _places = new(256);

    public static CellNames None { get; } = new();

    /// <summary>The cell at this place; zero, to be filled in, when the place is new. Quarter: year × 4 + 0 to 3, or 0 for none.</summary>
    public ref ulong At(byte kind, int placeId, ReadOnlySpan<byte> place, int quarter)
    {
        ref var cell = ref CollectionsMarshal.GetValueRefOrAddDefault(
            _cells, ((ulong)kind << 56) | ((ulong)quarter << 32) | (uint)placeId, out var exists);
        if (!exists)
        {
            while (_places.Count <= placeId)
                _places.Add(null);
            _places[placeId] ??= place.ToArray();
        }

        return ref cell;
    }

    /// <summary>The name of each, or the kind alone for a cell that is not of this export. Walks all cells once, so ask for few.</summary>
    public CellName[] Of(ReadOnlySpan<ulong> cells, ValueFunction value)
    {
        var names = new CellName[cells.Length];
        for (var i = 0; i < cells.Length; i++)
            names[i] = new CellName(value.OfCell(cells[i]).Name, "", "");
        foreach (var (at, cell) in _cells)
        {
            if (cells.IndexOf(cell) is not (>= 0 and var found))
                continue;
            var quarter = (int)(at >> 32) & 0xFFFFFF;
            names[found] = names[found] with
            {
                Place = Encoding.UTF8.GetString(_places[(int)(uint)at]!),
                Quarter = quarter == 0 ? "" : $"{quarter / 4}-Q{(quarter % 4) + 1}",
            };
        }

        return names;
    }
}
