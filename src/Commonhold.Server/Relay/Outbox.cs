using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Operations;
using Commonhold.Server.Storage;
using Dapper;

namespace Commonhold.Server.Relay;

/// <summary>What the relayer was asked to send, kept until the chain has it. It can refuse a wish, and never alter one.</summary>
/// <remarks>An operation's id is the digest of what it does, so the same wish twice, or after a crash, is one row and one effect.
/// Contracts judge the members' signatures in the calldata; the relayer only pays.</remarks>
internal sealed class Outbox(Database database, RelaySimulator simulator, Changes changes, NodeOptions options, TimeProvider time)
{
    private const string UnderWaySql = """
        SELECT DISTINCT o.id AS Id, o.calldata AS Calldata, o.created_at FROM relay_accounts a JOIN relay_operations o ON o.id = a.operation_id
        WHERE a.account IN @accounts AND o.kind = @kind
          AND (o.state IN ('queued', 'sent') OR (o.state = 'mined' AND o.block_number > (SELECT COALESCE(MAX(number), 0) FROM blocks)))
        ORDER BY o.created_at DESC, o.id
        """;

    /// <summary>Beats when there is something new to send.</summary>
    public Pulse Filled { get; } = new();

    /// <summary>What each kind of call may take at most.</summary>
    public RelayGas Gas => options.Relay.Gas;

    /// <param name="meaning">What makes this operation the same as another one; part of its id.</param>
    /// <param name="accounts">Whose daily limit it counts against; none for the node's own operations.</param>
    public async Task<Result<RelayReceipt>> EnqueueAsync(
        string kind, string meaning, IReadOnlyCollection<Address> accounts, Call call, CancellationToken cancellationToken) =>
        (await EnqueueUnlessAsync(_ => false, kind, meaning, accounts, call, cancellationToken))!.Value;

    /// <summary>The same for what must not be under way twice. Nobody waits for another's round trips to the chain: it is looked at again with the insert.</summary>
    /// <param name="excludes">Whether this cannot be sent while that operation, of the same kind and for one of the accounts, is under way.</param>
    /// <returns>Null when such an operation came first: look again at what is left to do.</returns>
    public async Task<Result<RelayReceipt>?> EnqueueUnlessAsync(
        Predicate<UnderWay> excludes, string kind, string meaning, IReadOnlyCollection<Address> accounts, Call call, CancellationToken cancellationToken)
    {
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}:{meaning}"))[..16]);
        if (await FindAsync(id, cancellationToken) is { State: not RelayState.Failed })
            return new RelayReceipt(id);
        await using (var connection = await database.OpenAsync(cancellationToken))
        {
            if (await CheckLimitsAsync(connection, null, kind, accounts) is { } limited)
                return limited;
        }

        if (await simulator.CheckAsync(call, cancellationToken) is { } refused)
            return refused;

        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var result = await database.InTransactionAsync<Result<RelayReceipt>?>(async transaction =>
        {
            var connection = transaction.Connection!;
            if ((await connection.QueryAsync<UnderWay>(UnderWaySql, new { accounts = Texts(accounts), kind }, transaction)).Any(other => excludes(other)))
                return null;
            if (await CheckLimitsAsync(connection, transaction, kind, accounts) is { } limited)
                return limited;
            await connection.ExecuteAsync("""
                INSERT INTO relay_operations (id, kind, target, calldata, value, most_gas, state, created_at, updated_at)
                VALUES (@id, @kind, @To, @Data, @Value, @MostGas, 'queued', @now, @now)
                ON CONFLICT (id) DO UPDATE SET state = 'queued', target = excluded.target, calldata = excluded.calldata, most_gas = excluded.most_gas, error = NULL, updated_at = excluded.updated_at
                WHERE relay_operations.state = 'failed'
                """, new { id, kind, call.To, Data = Hex.Encode(call.Data.Span), Value = call.Value.ToString(), MostGas = (long)call.MostGas, now }, transaction);
            await connection.ExecuteAsync("""
                INSERT INTO relay_accounts (operation_id, account, created_at) VALUES (@id, @account, @now)
                ON CONFLICT (operation_id, account) DO UPDATE SET created_at = excluded.created_at
                """, accounts.Distinct().Select(account => new { id, account, now }), transaction);
            return new RelayReceipt(id);
        }, cancellationToken);
        if (result is { Refusal: null })
        {
            Filled.Beat();
            changes.Announce(Topic.Relay);
        }

        return result;
    }

    /// <summary>Queues an operation that failed once more, as it was, if the chain would take it now.</summary>
    public async Task<Result<RelayReceipt>> RetryAsync(string id, CancellationToken cancellationToken)
    {
        var operation = await database.FindAsync<OperationRow>(
            "SELECT id AS Id, kind AS Kind, target AS Target, calldata AS Calldata, value AS Value, most_gas AS MostGas FROM relay_operations WHERE id = @id AND state = 'failed'", new { id }, cancellationToken);
        if (operation is null)
            return new Refusal("relay.unknown", "No operation with this number has failed.");
        if (await simulator.CheckAsync(operation.ToCall(), cancellationToken) is { } refused)
            return refused;
        await database.ExecuteAsync("UPDATE relay_operations SET state = 'queued', error = NULL, updated_at = @now WHERE id = @id AND state = 'failed'",
            new { id, now = time.GetUtcNow().ToUnixTimeSeconds() }, cancellationToken);
        Filled.Beat();
        changes.Announce(Topic.Relay);
        return new RelayReceipt(id);
    }

    public async Task<RelayStatus?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var row = await database.FindAsync<StatusRow>(
            "SELECT state AS State, transaction_hash AS TransactionHash, error AS Error FROM relay_operations WHERE id = @id", new { id }, cancellationToken);
        return row is null ? null : new RelayStatus(id, Enum.Parse<RelayState>(row.State, ignoreCase: true), row.TransactionHash, row.Error);
    }

    /// <summary>The operations of one kind for an account whose effect the tables do not show yet, newest first.</summary>
    public Task<IReadOnlyList<UnderWay>> UnderWayAsync(string kind, Address account, CancellationToken cancellationToken) =>
        database.QueryAsync<UnderWay>(UnderWaySql, new { accounts = Texts([account]), kind }, cancellationToken);

    /// <summary>Operations that are neither mined nor failed.</summary>
    public async Task<long> CountOpenAsync(CancellationToken cancellationToken) =>
        await database.FindAsync<long>("SELECT COUNT(*) FROM relay_operations WHERE state IN ('queued', 'sent')", null, cancellationToken);

    /// <summary>Each kind has a limit of its own: anybody may ask for an account's claims, and must not use up its votes and withdrawals so.</summary>
    private async Task<Refusal?> CheckLimitsAsync(DbConnection connection, DbTransaction? transaction, string kind, IReadOnlyCollection<Address> accounts)
    {
        var since = time.GetUtcNow().AddDays(-1).ToUnixTimeSeconds();
        var most = options.Relay.PerAccountAndDay;
        foreach (var account in accounts.Distinct())
        {
            var used = await connection.ExecuteScalarAsync<long>("""
                SELECT COUNT(*) FROM relay_accounts a JOIN relay_operations o ON o.id = a.operation_id
                WHERE a.account = @account AND a.created_at > @since AND o.kind = @kind
                """, new { account, since, kind }, transaction);
            if (used >= most)
                return new Refusal("relay.limit_reached", $"{used} operations of this kind of {account} were relayed in the last 24 hours.",
                    "Wait, or send the transaction from an account with gas of its own.");
        }

        return null;
    }

    private static string[] Texts(IEnumerable<Address> accounts) => [.. accounts.Select(account => account.ToString())];

    private sealed record StatusRow
    {
        public string State { get; init; } = "";
        public Bytes32? TransactionHash { get; init; }
        public string? Error { get; init; }
    }
}

internal sealed record UnderWay
{
    public string Id { get; init; } = "";
    public string Calldata { get; init; } = "";
}

/// <summary>A message to send.</summary>
/// <param name="MostGas">What it may take at most; one that takes more is not sent.</param>
internal sealed record Call(Address To, ReadOnlyMemory<byte> Data, ulong MostGas, UInt128 Value = default)
{
    public static Call Of(Client.Contracts.ContractCall call, ulong mostGas) => new(call.To, call.Data, mostGas);
}
