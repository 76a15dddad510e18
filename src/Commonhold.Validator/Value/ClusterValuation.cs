using Commonhold.Client;

namespace Commonhold.Validator.Value;

/// <summary>Values the export of a proved cluster: V of all its rows, less what was settled.</summary>
internal sealed class ClusterValuation(ValueRequest request, ValueTerms terms, int multiplierPermille)
{
    private readonly ValueFunction _value = ValueFunction.Of(request.Format);

    /// <param name="rows">Of the export.</param>
    /// <param name="cluster">Ledger of the cluster's root.</param>
    /// <param name="joining">The account's own, when it is not the root's: it goes up in the cluster's.</param>
    public Valuation Assess(RowSet rows, ValueLedger? cluster, ValueLedger? joining)
    {
        ValueLedger[] both = [.. new[] { cluster, joining }.OfType<ValueLedger>()];

        // Units of pooled rows were the pool's: on its own the account is valued from the start, and what it was paid is taken off.
        var proved = both.Where(l => !l.IsPooled).Aggregate(ValueLedger.Proved, (one, other) => one.Join(other));
        var before = both.Aggregate(ValueLedger.Proved, (one, other) => one.Join(other))
            .KnowingOf((long)UInt128.Min(request.PaidElsewhere.Value, long.MaxValue));
        var next = before with { Rows = before.Rows.Union(rows) };

        var worth = next.Worth(_value, terms);
        var worthBefore = proved.Worth(_value, terms);
        var (known, grown, brought) = (before.Rows.Cells(), next.Rows.Cells(), rows.Cells());
        var gains = new GainCounter(_value);
        UInt128 units = 0, unitsBefore = 0;
        foreach (var (cell, sum) in grown)
        {
            var (now, then) = (worth.GetValueOrDefault(cell), worthBefore.GetValueOrDefault(cell));
            (units, unitsBefore) = (units + now, unitsBefore + then);
            var newRows = Math.Max(0, sum.Rows - known.GetValueOrDefault(cell).Rows);
            gains.Add(cell, brought.GetValueOrDefault(cell).Rows, newRows, now > then ? now - then : 0);
        }

        var (earned, paid) = Payment.Of(next, ValueFunction.ToPoints(units), terms, multiplierPermille);
        var gained = ValueFunction.ToPoints(units) - ValueFunction.ToPoints(unitsBefore);
        var leaving = new Dictionary<ulong, long>();
        foreach (var (cell, change) in both.SelectMany(PoolValuation.LeavingOf))
            leaving[cell] = leaving.GetValueOrDefault(cell) + change;
        return new Valuation(
            new Points((UInt128)earned), new Points((UInt128)before.Paid), request.Level, terms.Weights.Of(request.Level), rows.Count, gains.NewRows,
            next.Rows.Contradictions + rows.Contradictions, gains.Kinds(gained), gains.Cells(request.Names, gained))
        {
            Next = paid,
            Closes = joining is null ? null : request.Account,
            PoolChanges = leaving,
        };
    }
}
