using System.Text;

namespace Commonhold.Validator.Value;

/// <summary>A cell in words; the quarter is like <c>2019-Q1</c>, or empty for kinds without dates.</summary>
internal sealed record CellName(string Kind, string Community, string Quarter);

/// <summary>What the cells of one export are called. Lives as long as its verdict is being made: for the member's eyes only.</summary>
internal sealed class CellNames
{
    private readonly Dictionary<ulong, (byte[] Community, int Quarter)> _names = [];

    public static CellNames None { get; } = new();

    /// <param name="quarter">Year × 4 + quarter of the year from 0; 0 for none.</param>
    public void Add(ulong cell, ReadOnlySpan<byte> community, int quarter) => _names[cell] = (community.ToArray(), quarter);

    /// <summary>The name, or the kind alone for a cell that is not of this export.</summary>
    public CellName Of(ulong cell)
    {
        var kind = ValueFunction.OfCell(cell).Kind;
        return _names.TryGetValue(cell, out var name)
            ? new CellName(kind, Encoding.UTF8.GetString(name.Community), name.Quarter == 0 ? "" : $"{name.Quarter / 4}-Q{(name.Quarter % 4) + 1}")
            : new CellName(kind, "", "");
    }
}
