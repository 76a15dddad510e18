using Commonhold.Client;
using Commonhold.Exports;

namespace Commonhold.Validator.Value;

/// <summary>What one account has contributed so far and what it was paid: the state behind "a top-up pays for new rows only".</summary>
/// <remarks>Holds keyed hashes and qualities, no ids, names or text. Paid points never fall, and because V depends on the set of
/// rows alone, any order and any split of the same rows pays the same total to the point.</remarks>
internal sealed record AccountLedger(ValueFunction Value, RowSet Rows, long PaidPoints)
{
    public static AccountLedger Empty(ExportFormat format) => new(ValueFunction.Of(format), RowSet.Empty, 0);

    /// <summary>Values these rows on top of what is known: points, the reasons, and the ledger to keep if they are accepted.</summary>
    /// <param name="rows">The rows of one export.</param>
    /// <param name="names">What the cells of that export are called; the ledger remembers no names.</param>
    public (Valuation Valuation, AccountLedger Next) TopUp(RowSet rows, CellNames names)
    {
        var union = Rows.Union(rows);
        var before = Rows.Cells();
        var after = union.Cells();
        var brought = Rows.Count == 0 ? after : rows.Cells();
        var total = 0L;
        var kinds = new KindSum[byte.MaxValue + 1];
        var gains = new TopGains(Valuation.TopCells);
        foreach (var (cell, sum) in after)
        {
            var points = Value.CellPoints(cell, sum.Quality);
            total += points;
            if (!brought.TryGetValue(cell, out var inExport))
                continue;
            var old = before.GetValueOrDefault(cell);
            var gain = points - (old.Rows == 0 ? 0 : Value.CellPoints(cell, old.Quality));
            var newRows = Math.Max(0, sum.Rows - old.Rows);
            kinds[(byte)(cell >> 56)].Add(inExport.Rows, newRows, Math.Max(0, gain));
            if (gain > 0)
                gains.Add(cell, newRows, gain);
        }

        var earned = Math.Max(0, total - PaidPoints);
        var valuation = new Valuation(
            new Points((UInt128)earned),
            new Points((UInt128)(PaidPoints + earned)),
            rows.Count,
            union.Count - Rows.Count,
            union.Contradictions + rows.Contradictions,
            [.. Value.Kinds.Where(k => kinds[k.Code].Rows > 0).Select(k => kinds[k.Code].Named(k.Name))
                .OrderByDescending(k => k.Points).ThenBy(k => k.Name, StringComparer.Ordinal)],
            gains.Named(names, Value));
        return (valuation, new AccountLedger(Value, union, PaidPoints + earned));
    }

    public byte[] ToBytes() => LedgerFormat.Write(this);

    public static AccountLedger FromBytes(ExportFormat format, ReadOnlySpan<byte> bytes) => LedgerFormat.Read(ValueFunction.Of(format), bytes);

    private struct KindSum
    {
        private ulong _newRows;
        private UInt128 _points;

        public ulong Rows { get; private set; }

        public void Add(int rows, int newRows, long points)
        {
            Rows += (ulong)rows;
            _newRows += (ulong)newRows;
            _points += (UInt128)points;
        }

        public readonly ValuePart Named(string kind) => new(kind, Rows, _newRows, new Points(_points));
    }
}
