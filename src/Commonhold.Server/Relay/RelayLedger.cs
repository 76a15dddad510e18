using System.Globalization;
using System.Numerics;
using Commonhold.Ethereum;
using Commonhold.Server.Operations;
using Commonhold.Server.Storage;
using Dapper;

namespace Commonhold.Server.Relay;

/// <summary>The outbox's tables as the sender sees them: what is queued, what was signed, what became of it.</summary>
internal sealed class RelayLedger(Database database, Changes changes, TimeProvider time)
{
    private const string Columns = "o.id AS Id, o.kind AS Kind, o.target AS Target, o.calldata AS Calldata, o.value AS Value, o.most_gas AS MostGas";

    private const string Attempts = """
        SELECT t.transaction_hash AS TransactionHash, t.operation_id AS OperationId, t.nonce AS Nonce, t.raw AS Raw, t.max_fee AS MaxFee,
               t.max_priority_fee AS MaxPriorityFee, t.gas_limit AS GasLimit, t.signed_at AS SignedAt
        FROM relay_transactions t JOIN relay_operations o ON o.id = t.operation_id
        """;

    public Task<IReadOnlyList<OperationRow>> QueuedAsync(int limit, CancellationToken cancellationToken) => database.QueryAsync<OperationRow>(
        $"SELECT {Columns} FROM relay_operations o WHERE o.state = 'queued' ORDER BY o.created_at, o.id LIMIT @limit", new { limit = Math.Max(0, limit) }, cancellationToken);

    public async Task<int> CountSentAsync(CancellationToken cancellationToken) =>
        (int)await database.FindAsync<long>("SELECT COUNT(*) FROM relay_operations WHERE state = 'sent'", null, cancellationToken);

    /// <summary>Every operation on its way with all its transactions, oldest nonce first.</summary>
    public async Task<IReadOnlyList<SentOperation>> SentAsync(CancellationToken cancellationToken)
    {
        var operations = await database.QueryAsync<OperationRow>($"SELECT {Columns} FROM relay_operations o WHERE o.state = 'sent'", null, cancellationToken);
        var attempts = (await database.QueryAsync<AttemptRow>($"{Attempts} WHERE o.state = 'sent' ORDER BY t.nonce, t.signed_at", null, cancellationToken)).ToLookup(attempt => attempt.OperationId);
        return [.. operations.Select(operation => new SentOperation(operation, [.. attempts[operation.Id]])).OrderBy(sent => sent.Attempts[^1].Nonce)];
    }

    /// <summary>Every transaction that was ever signed for an operation.</summary>
    public Task<IReadOnlyList<AttemptRow>> AttemptsAsync(string id, CancellationToken cancellationToken) =>
        database.QueryAsync<AttemptRow>($"{Attempts} WHERE t.operation_id = @id ORDER BY t.nonce, t.signed_at", new { id }, cancellationToken);

    /// <summary>After every nonce that an operation on its way holds.</summary>
    public async Task<long> NextNonceAsync(CancellationToken cancellationToken) =>
        await database.FindAsync<long>("""
            SELECT COALESCE(MAX(t.nonce) + 1, 0) FROM relay_transactions t JOIN relay_operations o ON o.id = t.operation_id WHERE o.state = 'sent'
            """, null, cancellationToken);

    /// <summary>Writes a signed transaction down; only after this may it be sent.</summary>
    public Task RecordAsync(string id, SignedTransaction signed, FeeSuggestion fees, ulong gas, CancellationToken cancellationToken) =>
        database.InTransactionAsync(async transaction =>
        {
            await transaction.Connection!.ExecuteAsync("""
                INSERT INTO relay_transactions (transaction_hash, operation_id, nonce, raw, max_fee, max_priority_fee, gas_limit, signed_at)
                VALUES (@Hash, @id, @Nonce, @Raw, @MaxFee, @MaxPriorityFee, @Gas, @now)
                """, new
            {
                signed.Hash, id, Nonce = (long)signed.Nonce, Raw = Hex.Encode(signed.Raw.Span),
                MaxFee = fees.MaxFeePerGas.ToString(CultureInfo.InvariantCulture), MaxPriorityFee = fees.MaxPriorityFeePerGas.ToString(CultureInfo.InvariantCulture),
                Gas = (long)gas, now = Now,
            }, transaction);
            return await transaction.Connection!.ExecuteAsync(
                "UPDATE relay_operations SET state = 'sent', transaction_hash = @Hash, updated_at = @now WHERE id = @id", new { signed.Hash, id, now = Now }, transaction);
        }, cancellationToken);

    public async Task MinedAsync(string id, Bytes32 hash, long block, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync(
            "UPDATE relay_operations SET state = 'mined', transaction_hash = @hash, block_number = @block, error = NULL, updated_at = @now WHERE id = @id",
            new { id, hash, block, now = Now }, cancellationToken);
        changes.Announce(Topic.Relay);
    }

    public async Task FailAsync(string id, string error, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync(
            "UPDATE relay_operations SET state = 'failed', error = @error, updated_at = @now WHERE id = @id", new { id, error, now = Now }, cancellationToken);
        changes.Announce(Topic.Relay);
    }

    public Task RequeueAsync(string id, CancellationToken cancellationToken) => database.ExecuteAsync(
        "UPDATE relay_operations SET state = 'queued', updated_at = @now WHERE id = @id", new { id, now = Now }, cancellationToken);

    private long Now => time.GetUtcNow().ToUnixTimeSeconds();
}

internal sealed record SentOperation(OperationRow Operation, IReadOnlyList<AttemptRow> Attempts);

internal sealed record OperationRow
{
    public string Id { get; init; } = "";
    public string Kind { get; init; } = "";
    public Address Target { get; init; }
    public string Calldata { get; init; } = "";
    public string Value { get; init; } = "0";
    public long MostGas { get; init; }

    public Call ToCall() => new(Target, Hex.Decode(Calldata), (ulong)MostGas, UInt128.Parse(Value, CultureInfo.InvariantCulture));
}

internal sealed record AttemptRow
{
    public Bytes32 TransactionHash { get; init; }
    public string OperationId { get; init; } = "";
    public long Nonce { get; init; }
    public string Raw { get; init; } = "";
    public string MaxFee { get; init; } = "0";
    public string MaxPriorityFee { get; init; } = "0";
    public long GasLimit { get; init; }
    public long SignedAt { get; init; }

    public BigInteger Fee => BigInteger.Parse(MaxFee, CultureInfo.InvariantCulture);

    public BigInteger PriorityFee => BigInteger.Parse(MaxPriorityFee, CultureInfo.InvariantCulture);
}
