using System.Runtime.CompilerServices;
using Commonhold.Client;
using Commonhold.Exports;

namespace Commonhold.Validator.Value;

/// <summary>V(S) = Σ over cells of w · E · ln(1 + Σ q·n); a cell is a kind of record at one place in one quarter.</summary>
/// <remarks>The logarithm makes the hundredth row of a cell worth less than the first, and breadth worth more than bulk. q is a row's
/// quality, n its novelty, E what the policy pays for the evidence behind it. Counted in whole units (<see cref="UnitsPerPoint"/>) by a
/// curve that is exactly concave, so V is monotone and submodular to the last unit, and depends on the set of rows alone: not on
/// order, uploads, machine or thread. Kinds and weights are the format's.</remarks>
internal sealed class ValueFunction
{
    public const int FullQuality = 255;

    private static readonly ConditionalWeakTable<ExportFormat, ValueFunction> ByFormat = [];
    private readonly ExportFormat _format;

    private ValueFunction(ExportFormat format) => _format = format;

    /// <summary>Per mille of the evidence's weight × the curve's unit.</summary>
    public static UInt128 UnitsPerPoint { get; } = (UInt128)EvidenceWeights.Full << LogCurve.Bits;

    public IReadOnlyList<RecordKind> Kinds => _format.Kinds;

    public static ValueFunction Of(ExportFormat format) => ByFormat.GetValue(format, static f => new ValueFunction(f));

    /// <summary>Whole points in so many units.</summary>
    public static long ToPoints(UInt128 units) => (long)UInt128.Min(units / UnitsPerPoint, long.MaxValue);

    public RecordKind OfCell(ulong cell) =>
        _format.KindOf((byte)(cell >> 56)) ?? throw new ArgumentException($"Cell {cell:x16} is of no known kind.", nameof(cell));

    /// <summary>True when a stored cell names a kind that is valued here.</summary>
    public bool Knows(ulong cell) => _format.KindOf((byte)(cell >> 56)) is not null;

    /// <summary>Units for one per mille of evidence weight: w · ln(1 + q/255) of a cell whose rows' qualities sum to q.</summary>
    public UInt128 Cell(ulong cell, long qualitySum) => (UInt128)(ulong)OfCell(cell).Weight * LogCurve.Of(qualitySum);
}
