using Commonhold.Exports;

namespace Commonhold.Validator.Value;

/// <summary>What a cluster, or an account that proved nothing, has contributed and what was settled for it.</summary>
/// <remarks>Holds keyed hashes and qualities, no ids, names or text.</remarks>
/// <param name="IsPooled">The account proved nothing and shares the pool's cells with all the others that did not.</param>
/// <param name="PoolUnits">What the pool has credited it with so far; never falls.</param>
/// <param name="Settled">Points of value that nobody need pay for again.</param>
/// <param name="Paid">Points that were paid for them: the same, but for a re-weighting.</param>
internal sealed record ValueLedger(bool IsPooled, RowSet Rows, UInt128 PoolUnits, long Settled, long Paid)
{
    public static ValueLedger Proved { get; } = new(false, RowSet.Empty, 0, 0, 0);

    public static ValueLedger Pooled { get; } = new(true, RowSet.Empty, 0, 0, 0);

    /// <summary>One cluster's where there were two: rows unite, what was settled adds up.</summary>
    public ValueLedger Join(ValueLedger other) => new(false, Rows.Union(other.Rows), 0, Settled + other.Settled, Paid + other.Paid);

    /// <summary>What other validators paid the account was paid for the same rows.</summary>
    public ValueLedger KnowingOf(long paidElsewhere)
    {
        var unknown = Math.Max(0, paidElsewhere - Paid);
        return this with { Settled = Settled + unknown, Paid = Paid + unknown };
    }

    /// <summary>Units that the rows of each cell are worth on their own: each row under the best evidence that it came with.</summary>
    /// <remarks>Σ over weights e₁ &lt; e₂ &lt; … of (eᵢ − eᵢ₋₁) · V(rows worth eᵢ or more): a sum of submodular functions, so a row that
    /// gains evidence never counts twice and never makes another worth more.</remarks>
    public Dictionary<ulong, UInt128> Worth(ValueFunction value, ValueTerms terms)
    {
        var cells = new Dictionary<ulong, UInt128>();
        ushort below = 0;
        foreach (var weight in WeightsIn(terms))
        {
            foreach (var (cell, sum) in Rows.Cells(e => terms.WeightOf(e) >= weight))
            {
                ref var units = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(cells, cell, out _);
                units += (UInt128)(weight - below) * value.Cell(cell, sum.Quality);
            }

            below = weight;
        }

        return cells;
    }

    public byte[] ToBytes() => LedgerFormat.Write(this);

    public static ValueLedger FromBytes(ExportFormat format, ReadOnlySpan<byte> bytes) => LedgerFormat.Read(ValueFunction.Of(format), bytes);

    // There are as many as levels at most.
    private List<ushort> WeightsIn(ValueTerms terms)
    {
        Span<bool> seen = stackalloc bool[byte.MaxValue + 1];
        seen.Clear();
        foreach (ref readonly var row in Rows.Rows)
            seen[row.Evidence] = true;
        var weights = new SortedSet<ushort>();
        for (var evidence = 0; evidence < seen.Length; evidence++)
        {
            if (seen[evidence] && terms.WeightOf((byte)evidence) is > 0 and var weight)
                weights.Add(weight);
        }

        return [.. weights];
    }
}
