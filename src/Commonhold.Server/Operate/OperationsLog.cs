using Commonhold.Ethereum;
using Commonhold.Server.Storage;
using Dapper;

namespace Commonhold.Server.Operate;

/// <summary>What operators did on this node and what came of it. Everybody reads it; nothing takes a line away.</summary>
internal sealed class OperationsLog(Database database, TimeProvider time)
{
    /// <returns>The line's number.</returns>
    public Task<long> AddAsync(Address account, string action, string outcome, CancellationToken cancellationToken) =>
        database.InTransactionAsync(async transaction =>
        {
            var id = await transaction.Connection!.ExecuteScalarAsync<long>("SELECT COALESCE(MAX(id), 0) + 1 FROM operations", transaction: transaction);
            await transaction.Connection!.ExecuteAsync("INSERT INTO operations (id, at, account, action, outcome) VALUES (@id, @at, @account, @action, @outcome)",
                new { id, at = time.GetUtcNow().ToUnixTimeSeconds(), account, action, outcome }, transaction);
            return id;
        }, cancellationToken);

    public Task<IReadOnlyList<OperationView>> NewestAsync(int limit, CancellationToken cancellationToken) => database.QueryAsync<OperationView>(
        "SELECT id AS Id, at AS At, account AS Account, action AS Action, outcome AS Outcome FROM operations ORDER BY id DESC LIMIT @limit", new { limit }, cancellationToken);
}

internal sealed record OperationView
{
    public long Id { get; init; }
    public long At { get; init; }
    public Address Account { get; init; }
    public string Action { get; init; } = "";
    public string Outcome { get; init; } = "";
}
