using Commonhold.Client;

namespace Commonhold.Validator.Value;

/// <summary>Values the export of an account that proved nothing, by what it adds to the cells that all such accounts share.</summary>
internal sealed class PoolValuation(ValueRequest request, ValueTerms terms, int multiplierPermille)
{
    private readonly ValueFunction _value = ValueFunction.Of(request.Format);

    public Valuation Assess(RowSet rows, ValueLedger ledger, PoolCells pool)
    {
        ledger = ledger.KnowingOf((long)UInt128.Min(request.PaidElsewhere.Value, long.MaxValue));
        var weight = terms.Weights.Of(request.Level);

        // Evidence that is worth nothing must not use rows up: they are paid when better evidence comes.
        var after = weight == 0 ? ledger.Rows : ledger.Rows.Union(rows);
        var known = ledger.Rows.Cells();
        var grown = after.Cells();
        var changes = new Dictionary<ulong, long>();
        foreach (var (cell, sum) in grown)
        {
            if (sum.Quality - known.GetValueOrDefault(cell).Quality is > 0 and var change)
                changes.Add(cell, change);
        }

        var held = pool.Find(changes.Keys);
        var gains = new GainCounter(_value);
        var credited = ledger.PoolUnits;
        foreach (var (cell, brought) in rows.Cells())
        {
            var gain = UInt128.Zero;
            if (changes.TryGetValue(cell, out var change))
            {
                var before = held.GetValueOrDefault(cell);
                gain = weight * (_value.Cell(cell, before + change) - _value.Cell(cell, before));
                credited += gain;
            }

            var total = weight == 0 ? brought.Rows : grown.GetValueOrDefault(cell).Rows;
            gains.Add(cell, brought.Rows, Math.Max(0, total - known.GetValueOrDefault(cell).Rows), gain);
        }

        var next = ledger with { Rows = after, PoolUnits = credited };
        (var earned, next) = Payment.Of(next, ValueFunction.ToPoints(credited), terms, multiplierPermille);
        var gained = ValueFunction.ToPoints(credited) - ValueFunction.ToPoints(ledger.PoolUnits);
        return new Valuation(
            new Points((UInt128)earned), new Points((UInt128)ledger.Paid), request.Level, weight, rows.Count, gains.NewRows,
            after.Contradictions + rows.Contradictions, gains.Kinds(gained), gains.Cells(request.Names, gained))
        {
            Next = next,
            PoolChanges = changes,
        };
    }

    /// <summary>What the pool's cells lose when an account leaves them with its rows.</summary>
    public static Dictionary<ulong, long> LeavingOf(ValueLedger ledger) =>
        ledger.IsPooled ? ledger.Rows.Cells().ToDictionary(c => c.Key, c => -c.Value.Quality) : [];
}
