using Commonhold.Client;
using Commonhold.Exports;
using Commonhold.Validator.State;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Commonhold.Validator.Value;

/// <summary>An export to be valued.</summary>
/// <param name="Rows">Without what belongs to others, and with novelty: <see cref="RowSet.Without"/>, <see cref="RowSet.WithNovelty"/>.</param>
/// <param name="Names">What its cells are called.</param>
/// <param name="Account">Whose it is; <c>default</c> for one that is not known here yet.</param>
/// <param name="Root">The account's cluster, after what this contribution proves.</param>
/// <param name="IsProved">The account itself was proved to be the member's, now or earlier. One that is only attached to a proved account by
/// its rows is not: what it brings beside them is valued like anybody's without a proof.</param>
/// <param name="Level">The evidence that came with this export.</param>
/// <param name="PaidElsewhere">What the account was paid by verdicts of any validator, as far as batches tell.</param>
internal sealed record ValueRequest(
    ExportFormat Format,
    RowSet Rows,
    CellNames Names,
    AccountNumber Account,
    AccountNumber Root,
    bool IsProved,
    EvidenceLevel Level,
    Points PaidElsewhere);

/// <summary>Values contributions against everything that was contributed before, and remembers what was settled.</summary>
/// <remarks>
/// A proved cluster is one person: it is due V of all its rows less what was settled, so a repeated row pays nothing and any order or
/// split of the same rows pays the same to the point. Accounts that proved nothing cannot be told from one person with many wallets, so
/// together they fill one pool, and each upload is credited with what it adds to the pool's cells. The credits telescope: however an
/// export is split over wallets, and whoever else uploads in between, the parts get no more than the whole would have.
/// An account that proves itself leaves the pool with its rows and is due its own V less what the pool paid it.
/// All calls are made inside the transaction of the verdict.
/// </remarks>
internal sealed class ValueBook(SqliteConnection connection)
{
    public const string Schema =
        "CREATE TABLE IF NOT EXISTS ledgers (account INTEGER PRIMARY KEY, ledger BLOB NOT NULL) STRICT;" + PoolCells.Schema;

    private readonly PoolCells _pool = new(connection);

    /// <summary>What an export would be paid, and why. Changes nothing.</summary>
    public Valuation Assess(ValueRequest request, ValueTerms terms, int multiplierPermille = 1000)
    {
        var rows = request.Rows.Under(request.Level);
        var own = Find(request.Format, request.Account);
        if (!request.IsProved)
        {
            // What an account brought before it was joined to a proved one was settled there.
            if (request.Root != request.Account && Find(request.Format, request.Root) is { IsPooled: false } cluster)
                rows = rows.Without(cluster.Rows.Keys());
            return new PoolValuation(request, terms, multiplierPermille).Assess(rows, own is { IsPooled: true } ? own : ValueLedger.Pooled, _pool);
        }

        var valuation = new ClusterValuation(request, terms, multiplierPermille);
        return request.Root == request.Account
            ? valuation.Assess(rows, own, null)
            : valuation.Assess(rows, Find(request.Format, request.Root), own);
    }

    /// <summary>Remembers an assessment as paid.</summary>
    /// <param name="ledgerOf">The cluster's root when it is proved, else the account.</param>
    public void Accept(Valuation valuation, AccountNumber ledgerOf)
    {
        _pool.Add(valuation.PoolChanges);
        if (valuation.Closes is { } closed)
            Delete(closed);
        Put(ledgerOf, valuation.Next);
    }

    /// <summary>These clusters or accounts turned out to be <paramref name="root"/>'s: rows unite, what was settled adds up.</summary>
    /// <remarks>Others that have no ledger (any more) change nothing, so it can be called with all members of a cluster, those too that are
    /// only attached to it: then one who uploads first without a proof, in another wallet, gains nothing by it.</remarks>
    /// <param name="root">Of a proved cluster. Accounts that proved nothing share the pool and are not joined among themselves.</param>
    public void Join(ExportFormat format, AccountNumber root, IEnumerable<AccountNumber> others)
    {
        foreach (var other in others.Where(o => o != root))
        {
            if (Find(format, other) is not { } joining)
                continue;
            var ledger = Find(format, root) ?? ValueLedger.Proved;
            _pool.Add(PoolValuation.LeavingOf(ledger));
            _pool.Add(PoolValuation.LeavingOf(joining));
            Put(root, ledger.Join(joining.IsPooled ? joining with { Rows = WithoutOwn(format, joining.Rows) } : joining));
            Delete(other);
        }
    }

    // Votes and saves have a key for each account: under an account that a person made up, his own would count a second time. They stay
    // known, and worth nothing.
    private static RowSet WithoutOwn(ExportFormat format, RowSet rows) =>
        rows.Worthless(row => format.KindOf((byte)(row.Cell >> 56))?.Scope == RowScope.Own);

    /// <summary>The ledger of a proved cluster's root, or of an unproved account; null when it has none.</summary>
    public ValueLedger? Find(ExportFormat format, AccountNumber account) =>
        connection.ExecuteScalar<byte[]?>("SELECT ledger FROM ledgers WHERE account = @account", new { account = (long)account.Value }) is { } bytes
            ? ValueLedger.FromBytes(format, bytes)
            : null;

    private void Put(AccountNumber account, ValueLedger ledger) => connection.Execute(
        "INSERT INTO ledgers (account, ledger) VALUES (@account, @ledger) ON CONFLICT (account) DO UPDATE SET ledger = excluded.ledger",
        new { account = (long)account.Value, ledger = ledger.ToBytes() });

    private void Delete(AccountNumber account) =>
        connection.Execute("DELETE FROM ledgers WHERE account = @account", new { account = (long)account.Value });
}
