using System.Runtime.InteropServices;
using Commonhold.Client;
using Commonhold.Validator.Uniqueness;

namespace Commonhold.Validator.Value;

/// <summary>A row as it is remembered: its key, its cell, its quality (already times its novelty), and under what evidence it came.</summary>
/// <param name="Evidence">A bit for each <see cref="EvidenceLevel"/> of the exports it stood in: what a level is worth is the policy's, and may change.</param>
/// <param name="HasText">A person wrote something in it. Not remembered.</param>
internal readonly record struct ValuedRow(ulong Key, ulong Cell, byte Quality, byte Evidence = 0, bool HasText = false);

/// <summary>Rows sorted by key, each key once under each evidence: what a cluster has contributed, or what one export brings.</summary>
/// <remarks>When a key comes twice under the same evidence, the higher quality stays: a comment that was deleted later is still what was
/// contributed. Under other evidence it stays apart, so that a text which nothing proved lends no quality to a row that was proved.
/// The lower cell stays, so that merging is the same in any order; a key with two cells is counted, because no honest export
/// moves a row to another community or quarter.</remarks>
internal sealed class RowSet
{
    private readonly ValuedRow[] _rows;

    private RowSet(ValuedRow[] sorted, int contradictions) => (_rows, Contradictions) = (sorted, contradictions);

    public static RowSet Empty { get; } = new([], 0);

    /// <summary>Rows; one that came under two kinds of evidence counts twice.</summary>
    public int Count => _rows.Length;

    public ReadOnlySpan<ValuedRow> Rows => _rows;

    /// <summary>How many keys were merged from rows of different cells, in this merge alone.</summary>
    public int Contradictions { get; }

    public static RowSet From(IEnumerable<ValuedRow> rows)
    {
        // Sorting bare numbers beside the rows is several times faster than comparing rows.
        var sorted = rows.ToArray();
        Array.Sort(Array.ConvertAll(sorted, static r => r.Key), sorted);
        for (var i = 1; i < sorted.Length; i++)
        {
            for (var j = i; j > 0 && Compare(sorted[j - 1], sorted[j]) > 0; j--)
                (sorted[j - 1], sorted[j]) = (sorted[j], sorted[j - 1]);
        }

        return Merge(sorted);
    }

    public RowSet Union(RowSet other)
    {
        if (Count == 0)
            return new RowSet(other._rows, 0);
        var both = new ValuedRow[_rows.Length + other._rows.Length];
        int i = 0, j = 0;
        for (var n = 0; n < both.Length; n++)
            both[n] = j == other._rows.Length || (i < _rows.Length && Compare(_rows[i], other._rows[j]) <= 0) ? _rows[i++] : other._rows[j++];
        return Merge(both);
    }

    public RowKeySet Keys() => RowKeySet.From([.. _rows.Select(r => r.Key)]);

    /// <summary>The rows whose keys are not in the set.</summary>
    public RowSet Without(RowKeySet keys) => new(Array.FindAll(_rows, r => !keys.Contains(r.Key)), Contradictions);

    /// <summary>The same rows, those with text worth what is new in them.</summary>
    /// <param name="novelty">Of the row with that key: 0 (somebody else's text) to 1.</param>
    public RowSet WithNovelty(Func<ulong, double> novelty) => new(
        Array.ConvertAll(_rows, r => r.HasText ? r with { Quality = (byte)Math.Round(r.Quality * Math.Clamp(novelty(r.Key), 0, 1)) } : r), Contradictions);

    /// <summary>The same rows, brought under this evidence.</summary>
    public RowSet Under(EvidenceLevel level) => new(
        Array.ConvertAll(_rows, r => r with { Evidence = (byte)(r.Evidence | (1 << (int)level)) }), Contradictions);

    /// <summary>The same rows, those asked for worth nothing.</summary>
    public RowSet Worthless(Predicate<ValuedRow> which) => new(Array.ConvertAll(_rows, r => which(r) ? r with { Quality = 0 } : r), Contradictions);

    /// <summary>The sum of qualities and the number of rows of each cell.</summary>
    public Dictionary<ulong, CellSum> Cells() => Cells(static _ => true);

    /// <summary>The same of the rows whose evidence is as asked, each in the best quality that it has under such.</summary>
    public Dictionary<ulong, CellSum> Cells(Func<byte, bool> evidence)
    {
        var cells = new Dictionary<ulong, CellSum>(Math.Min(Count, 512));
        for (int i = 0, next; i < _rows.Length; i = next)
        {
            var best = -1;
            for (next = i; next < _rows.Length && _rows[next].Key == _rows[i].Key; next++)
            {
                if (evidence(_rows[next].Evidence))
                    best = Math.Max(best, _rows[next].Quality);
            }

            if (best < 0)
                continue;
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(cells, _rows[i].Cell, out _);
            sum = new CellSum(sum.Rows + 1, sum.Quality + best);
        }

        return cells;
    }

    private static int Compare(in ValuedRow one, in ValuedRow other) =>
        one.Key != other.Key ? one.Key.CompareTo(other.Key) : one.Evidence.CompareTo(other.Evidence);

    private static RowSet Merge(ValuedRow[] sorted)
    {
        int count = 0, first = 0, contradictions = 0;
        foreach (var row in sorted)
        {
            if (count == 0 || sorted[first].Key != row.Key)
            {
                first = count;
                sorted[count++] = row;
                continue;
            }

            // One cell for all that is known of the row.
            if (sorted[first].Cell != row.Cell)
                contradictions++;
            var cell = Math.Min(sorted[first].Cell, row.Cell);
            for (var i = first; i < count; i++)
                sorted[i] = sorted[i] with { Cell = cell };
            ref var kept = ref sorted[count - 1];
            if (kept.Evidence == row.Evidence)
                kept = kept with { Quality = Math.Max(kept.Quality, row.Quality), HasText = kept.HasText || row.HasText };
            else
                sorted[count++] = row with { Cell = cell };
        }

        return new RowSet(count == sorted.Length ? sorted : sorted[..count], contradictions);
    }
}

/// <summary>Rows of a cell and the sum of their qualities.</summary>
internal readonly record struct CellSum(int Rows, long Quality);
