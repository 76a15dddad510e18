using Commonhold.Client;
using Commonhold.Exports;
using Commonhold.Validator.State;
using Commonhold.Validator.Uniqueness;
using Commonhold.Validator.Uniqueness.Clusters;
using Commonhold.Validator.Uniqueness.Texts;
using Commonhold.Validator.Value;

namespace Commonhold.Validator.Verdicts;

/// <summary>Compares an export with everything that others contributed: what only one person can have written, what hardly happens to
/// two, and texts that are nearly the same.</summary>
/// <remarks>The later of two copies is refused, with the share that overlaps, unless it alone is proved: then it takes its rows over, and
/// what was paid for them to who had them counts as paid. A few shared rows prove nothing and are worth nothing.</remarks>
internal sealed class OverlapCheck(ValidatorState state, ExaminedExport export, AccountHolder holder, PolicyThresholds thresholds, CheckList checks)
{
    private RowKeySet _foreign = RowKeySet.Empty;

    /// <summary>The rows that may earn something, text by what is new in it.</summary>
    public RowSet Rows { get; private set; } = export.Rows;

    public Refusal? Run() => Authored() ?? History() ?? Texts();

    /// <summary>After acceptance: whose rows and texts these are now.</summary>
    /// <param name="root">Of the account's cluster.</param>
    public void Remember(AccountNumber root)
    {
        state.Rows.Add(export.Authored, holder.Number);
        state.Rows.Add(export.History, holder.Number);
        state.Texts.Add(export.Sketch, holder.Number, holder.IsProved);
        if (holder.IsProved)
            state.Ids.Add(export.IdTime.Samples, root);
    }

    private Refusal? Authored()
    {
        long shared = 0;
        foreach (OwnedRows other in Others(export.Authored))
        {
            if (TakesOverFrom(other))
                continue;
            shared += other.Keys.Count;
            _foreign = _foreign.Union(other.Keys);
            if (AuthoredOverlap.Judge(export.Authored.Count, [new SharedRows(other.Account, other.Keys.Count)], thresholds) is { } copied)
                return checks.Fail(VerdictFindings.Authored, copied, [("authored_rows", export.Authored.Count), ("authored_rows_of_others", shared)]);
        }

        if (export.Authored.Count > 0)
        {
            checks.Pass(
                VerdictFindings.Authored, $"{shared:N0} of {export.Authored.Count:N0} rows that only one person can have written belong to others.",
                [("authored_rows", export.Authored.Count), ("authored_rows_of_others", shared)]);
        }

        return null;
    }

    private Refusal? History()
    {
        List<OwnedRows> others = [];
        foreach (OwnedRows other in Others(export.History))
        {
            if (TakesOverFrom(other))
                continue;
            if (other.Keys.Count >= thresholds.HistoryRows)
                Link(other.Account, LinkKind.HistoryRows, other.Keys.Count, export.History.Count, RowScope.History);
            others.Add(other);
        }

        // A cluster's union has a row once; of everybody else's rows none is paid twice.
        foreach (OwnedRows other in others.Where(o => !IsOwnCluster(o.Account)))
            _foreign = _foreign.Union(other.Keys);
        if (export.History.Count > 0)
        {
            long shared = others.Sum(o => (long)o.Keys.Count);
            checks.Pass(
                VerdictFindings.History, $"{shared:N0} of {export.History.Count:N0} rows of its history were contributed before by others; they earn nothing.",
                [("history_rows", export.History.Count), ("history_rows_of_others", shared)]);
        }

        return null;
    }

    private Refusal? Texts()
    {
        TextComparison comparison = state.Texts.Compare(export.Sketch, holder.Number, holder.IsProved);
        (string, long)[] figures = [("texts_compared", comparison.Compared), ("texts_like_others", comparison.Similarities.Count)];
        if (EditedCopy.Judge(comparison, thresholds) is { } edited)
            return checks.Fail(VerdictFindings.Texts, edited, figures);
        foreach (SimilarCluster similar in comparison.Clusters.Where(c => c.Texts > thresholds.TextsTolerated))
            holder.Take(export.Format, state.Clusters.Link(holder.Number, similar.Root, LinkKind.Text, similar.Texts, similar.Compared, similar.Compared));
        if (comparison.Compared > 0)
            checks.Pass(VerdictFindings.Texts, $"{comparison.Similarities.Count:N0} of {comparison.Compared:N0} compared texts are nearly those of others.", figures);
        Rows = export.Rows.Without(_foreign).WithNovelty(comparison.NoveltyOf);
        return null;
    }

    /// <summary>A proved account takes from one that proved nothing what is its own.</summary>
    private bool TakesOverFrom(OwnedRows other)
    {
        if (!holder.IsProved || state.Clusters.IsProved(other.Account))
            return false;
        state.Rows.Reassign(other.Keys, holder.Number);
        bool isAuthored = export.Authored.CountShared(other.Keys) > 0;
        Link(other.Account, isAuthored ? LinkKind.AuthoredRows : LinkKind.HistoryRows, other.Keys.Count,
            isAuthored ? export.Authored.Count : export.History.Count, isAuthored ? RowScope.Authored : RowScope.History);
        if (IsOwnCluster(other.Account))
            state.Value.Join(export.Format, state.Clusters.RootOf(holder.Number), [other.Account]);
        return true;
    }

    private void Link(AccountNumber other, LinkKind kind, int shared, int ofOwn, RowScope scope) =>
        holder.Take(export.Format, state.Clusters.Link(holder.Number, other, kind, shared, ofOwn, Math.Max(shared, RowsOf(other, scope))));

    private bool IsOwnCluster(AccountNumber other) => holder.IsProved && state.Clusters.RootOf(other) == state.Clusters.RootOf(holder.Number);

    private IEnumerable<OwnedRows> Others(RowKeySet keys) => state.Rows.Find(keys).Where(o => o.Account != holder.Number);

    /// <summary>How many rows of this scope the account has contributed; the top byte of a cell is the kind.</summary>
    private int RowsOf(AccountNumber account, RowScope scope)
    {
        if (state.Value.Find(export.Format, account) is not { } ledger)
            return 0;
        HashSet<byte> kinds = [.. export.Format.Kinds.Where(k => k.Scope == scope).Select(k => k.Code)];
        int count = 0;
        foreach (ref readonly ValuedRow row in ledger.Rows.Rows)
            count += kinds.Contains((byte)(row.Cell >> 56)) ? 1 : 0;
        return count;
    }
}
