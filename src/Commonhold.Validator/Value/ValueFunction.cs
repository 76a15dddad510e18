using System.Runtime.CompilerServices;
using Commonhold.Exports;

namespace Commonhold.Validator.Value;

/// <summary>V(S) = Σ over cells of ⌊w · ln(1 + Σ q)⌋ points; a cell is a kind of record at one place in one quarter.</summary>
/// <remarks>The logarithm makes the hundredth row of a cell worth less than the first, and breadth worth more than bulk. Each
/// cell is rounded down to whole points before summing, and the sum of qualities is an integer, so V depends on the set of rows
/// alone: not on order, uploads, machine or thread. A quality is 0 to 255 for 0 to 1. Kinds and weights are the format's.</remarks>
internal sealed class ValueFunction
{
    public const int FullQuality = 255;

    private static readonly ConditionalWeakTable<ExportFormat, ValueFunction> ByFormat = [];
    private readonly ExportFormat _format;

    private ValueFunction(ExportFormat format) => _format = format;

    public IReadOnlyList<RecordKind> Kinds => _format.Kinds;

    public static ValueFunction Of(ExportFormat format) => ByFormat.GetValue(format, static f => new ValueFunction(f));

    public RecordKind OfCell(ulong cell) =>
        _format.KindOf((byte)(cell >> 56)) ?? throw new ArgumentException($"Cell {cell:x16} is of no known kind.", nameof(cell));

    /// <summary>True when a stored cell names a kind that is valued here.</summary>
    public bool Knows(ulong cell) => _format.KindOf((byte)(cell >> 56)) is not null;

    /// <summary>The points of a cell whose rows' qualities sum to <paramref name="qualitySum"/>.</summary>
    public long CellPoints(ulong cell, long qualitySum) =>
        (long)(OfCell(cell).Weight * ExactLog.Ln(1.0 + (qualitySum / (double)FullQuality)));
}
