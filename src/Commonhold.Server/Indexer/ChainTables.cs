using System.Data.Common;
using Commonhold.Ethereum;
using Dapper;

namespace Commonhold.Server.Indexer;

/// <summary>The tables that follow from the chain: where they stand, and how they go back.</summary>
internal static class ChainTables
{
    /// <summary>All of them carry block_number; none has a row that is ever updated.</summary>
    public static IReadOnlyList<string> Derived { get; } =
    [
        "batches", "leaves", "rewards", "reward_claims", "withdrawals", "requests", "grant_events",
        "distributions", "revenue_claims", "revenue_claim_parts", "proposals", "proposal_events", "votes", "delegations",
    ];

    public static Task<BlockRow?> NewestAsync(DbConnection connection) => connection.QueryFirstOrDefaultAsync<BlockRow>(
        "SELECT number AS Number, hash AS Hash FROM blocks ORDER BY number DESC LIMIT 1");

    /// <summary>Known blocks, newest first, to find the last one that the chain still has.</summary>
    public static async Task<IReadOnlyList<BlockRow>> BlocksAsync(DbConnection connection, long below, int limit) =>
        (await connection.QueryAsync<BlockRow>(
            "SELECT number AS Number, hash AS Hash FROM blocks WHERE number < @below ORDER BY number DESC LIMIT @limit", new { below, limit })).AsList();

    public static Task RememberAsync(DbTransaction transaction, long number, Bytes32 hash) => transaction.Connection!.ExecuteAsync(
        "INSERT INTO blocks (number, hash) VALUES (@number, @hash) ON CONFLICT (number) DO UPDATE SET hash = excluded.hash", new { number, hash }, transaction);

    /// <summary>Whether between two moments of the chain's clock a vote opened or ended, or a waiting time was over: no event says so.</summary>
    public static async Task<bool> HasTurnedAsync(DbConnection connection, long from, long to) => await connection.ExecuteScalarAsync<long>("""
        SELECT (SELECT COUNT(*) FROM proposals WHERE vote_start BETWEEN @from AND @to OR vote_end BETWEEN @from AND @to)
             + (SELECT COUNT(*) FROM proposal_events WHERE kind IN ('extended', 'queued') AND at BETWEEN @from AND @to)
        """, new { from, to }) > 0;

    /// <summary>Forgets everything after a block: −1 forgets all.</summary>
    public static async Task RollBackAsync(DbTransaction transaction, long block)
    {
        foreach (var table in Derived)
            await transaction.Connection!.ExecuteAsync($"DELETE FROM {table} WHERE block_number > @block", new { block }, transaction);
        await transaction.Connection!.ExecuteAsync("DELETE FROM blocks WHERE number > @block", new { block }, transaction);
        // What was mined in a block that is gone has to be sent again, or seen to be there still.
        await transaction.Connection!.ExecuteAsync(
            "UPDATE relay_operations SET state = 'sent', block_number = NULL WHERE state = 'mined' AND block_number > @block", new { block }, transaction);
    }

    /// <summary>Keeps the newest blocks, far more than any chain goes back.</summary>
    public static Task PruneBlocksAsync(DbTransaction transaction, long head) => transaction.Connection!.ExecuteAsync(
        "DELETE FROM blocks WHERE number < @oldest AND number % 1000 <> 0", new { oldest = head - 10_000 }, transaction);
}

internal sealed record BlockRow
{
    public long Number { get; init; }
    public Bytes32 Hash { get; init; }
}
