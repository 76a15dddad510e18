using System.Numerics;
using System.Text.Json;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Indexer;
using Commonhold.Server.Operations;
using Commonhold.Server.Releases;
using Commonhold.Server.Storage;
using Commonhold.Server.Web;

namespace Commonhold.Server.Transparency;

/// <summary>Everything public that happened: batches, requests and grants, payments and claims from the chain, releases from the guardians' logs.</summary>
/// <remarks>Guarantee: nothing is left out that the chain's events or the logs hold. Trust: none is asked for: the page recomputes what it shows
/// in the reader's browser, from the chain and the guardians themselves.</remarks>
internal sealed class PublicLedger(Database database, ReleaseBook releases, Currencies currencies, ChainState chain, NodeOptions options)
{
    private const int PageSize = 50;

    public async Task<TransparencyModel> ReadAsync(LedgerQuery query, CancellationToken cancellationToken)
    {
        var guardians = await releases.GuardiansAsync(cancellationToken);
        var lines = query.Show == LedgerView.Releases
            ? await releases.RecentAsync(PageSize + 1, cancellationToken, query.Before?.Id, query.Grant, guardians.FirstOrDefault(guardian => guardian.Index == query.Guardian)?.Address) : [];
        var events = query.Show == LedgerView.Releases ? [] : await EventsAsync(query, cancellationToken);
        var next = events.Count > PageSize ? events[PageSize - 1].Place
            : lines.Count > PageSize ? new LedgerPlace(0, 0, lines[PageSize - 1].Position) : (LedgerPlace?)null;
        events = [.. events.Take(PageSize)];
        var money = await currencies.FindAsync(events.SelectMany(entry => new[] { entry.Currency, entry.Terms?.Currency }).OfType<Address>().Where(address => address != Address.Zero), cancellationToken);
        return new TransparencyModel(
            query, guardians, chain.Current?.Parties.GuardianThreshold ?? 0, [.. lines.Take(PageSize)], events, money,
            await ScopesAsync(events.Select(entry => entry.Terms?.Scope).OfType<ulong>().Distinct(), cancellationToken), next, options.PublicRpc is not null, options.DeployBlock);
    }

    private async Task<IReadOnlyList<LedgerEntry>> EventsAsync(LedgerQuery query, CancellationToken cancellationToken)
    {
        var wanted = query.Show switch
        {
            LedgerView.Batches => (string[])[Batches, Withdrawals],
            LedgerView.Grants => [Requests, Grants("")],
            LedgerView.Payments => [Grants(" AND kind IN ('collected', 'refunded')"), Distributions, Claims],
            _ => [Batches, Withdrawals, Requests, Grants(""), Distributions, Claims],
        };
        if (query.Grant is not null)
            wanted = [.. wanted.Where(part => part.Contains("@grant", StringComparison.Ordinal))];
        if (wanted.Length == 0)
            return [];
        var before = query.Before ?? LedgerPlace.Newest;
        var sql = $"{string.Join(" UNION ALL ", wanted.Select(part => $"SELECT * FROM ({part} ORDER BY block_number DESC, id DESC LIMIT @limit)"))} ORDER BY Block DESC, Rank DESC, Id DESC LIMIT @limit";
        var rows = await database.QueryAsync<Row>(sql, new { block = before.Block, rank = before.Rank, id = before.Id, grant = (long?)query.Grant?.Value, limit = PageSize + 1 }, cancellationToken);
        return [.. rows.Select(row => row.ToEntry())];
    }

    /// <summary>How many contributions the first so many batches hold.</summary>
    private async Task<IReadOnlyDictionary<ulong, long>> ScopesAsync(IEnumerable<ulong> scopes, CancellationToken cancellationToken)
    {
        var found = new Dictionary<ulong, long>();
        foreach (var scope in scopes)
            found[scope] = await database.FindAsync<long>("SELECT COALESCE(SUM(leaf_count), 0) FROM batches WHERE batch_id < @scope", new { scope = (long)Math.Min(scope, long.MaxValue) }, cancellationToken);
        return found;
    }

    // One shape for all kinds; a kind's rank is its place among those of one block. Each part is bounded by itself, on an index.
    private const string Batches = """
        SELECT block_number AS Block, 1 AS Rank, batch_id AS Id, 'batch' AS Kind, batch_id AS Subject, NULL AS Account, NULL AS Currency, points AS Amount, leaf_count AS Count,
               NULL AS Terms, NULL AS Members, NULL AS Operators, NULL AS Treasury, NULL AS EndsAt, committed_at AS At, transaction_hash AS TransactionHash, block_number, batch_id AS id
        FROM batches WHERE (block_number, 1, batch_id) < (@block, @rank, @id)
        """;

    private const string Withdrawals = """
        SELECT block_number AS Block, 2 AS Rank, batch_id * 1000000 + leaf_index AS Id, 'withdrawn' AS Kind, batch_id AS Subject, owner AS Account, NULL AS Currency, NULL AS Amount, leaf_index AS Count,
               NULL AS Terms, NULL AS Members, NULL AS Operators, NULL AS Treasury, NULL AS EndsAt, withdrawn_at AS At, transaction_hash AS TransactionHash, block_number, batch_id * 1000000 + leaf_index AS id
        FROM withdrawals WHERE (block_number, 2, batch_id * 1000000 + leaf_index) < (@block, @rank, @id)
        """;

    private const string Requests = """
        SELECT block_number AS Block, 3 AS Rank, request_id AS Id, 'requested' AS Kind, request_id AS Subject, buyer AS Account, NULL AS Currency, NULL AS Amount, NULL AS Count,
               terms AS Terms, NULL AS Members, NULL AS Operators, NULL AS Treasury, NULL AS EndsAt, requested_at AS At, transaction_hash AS TransactionHash, block_number, request_id AS id
        FROM requests WHERE (block_number, 3, request_id) < (@block, @rank, @id) AND (@grant IS NULL OR request_id = @grant)
        """;

    private static string Grants(string only) => $"""
        SELECT block_number AS Block, 4 AS Rank, log_index AS Id, kind AS Kind, grant_id AS Subject, NULL AS Account, currency AS Currency, amount AS Amount, NULL AS Count,
               NULL AS Terms, NULL AS Members, NULL AS Operators, NULL AS Treasury, ends_at AS EndsAt, happened_at AS At, transaction_hash AS TransactionHash, block_number, log_index AS id
        FROM grant_events WHERE (block_number, 4, log_index) < (@block, @rank, @id) AND (@grant IS NULL OR grant_id = @grant){only}
        """;

    private const string Distributions = """
        SELECT block_number AS Block, 5 AS Rank, distribution_id AS Id, 'distributed' AS Kind, distribution_id AS Subject, payer AS Account, currency AS Currency, NULL AS Amount, NULL AS Count,
               NULL AS Terms, members AS Members, operators AS Operators, treasury AS Treasury, NULL AS EndsAt, distributed_at AS At, transaction_hash AS TransactionHash, block_number, distribution_id AS id
        FROM distributions WHERE (block_number, 5, distribution_id) < (@block, @rank, @id)
        """;

    private const string Claims = """
        SELECT block_number AS Block, 6 AS Rank, log_index AS Id, 'claimed' AS Kind, log_index AS Subject, account AS Account, currency AS Currency, amount AS Amount, NULL AS Count,
               NULL AS Terms, NULL AS Members, NULL AS Operators, NULL AS Treasury, NULL AS EndsAt, claimed_at AS At, transaction_hash AS TransactionHash, block_number, log_index AS id
        FROM revenue_claims WHERE (block_number, 6, log_index) < (@block, @rank, @id)
        """;

    private sealed record Row
    {
        public long Block { get; init; }
        public long Rank { get; init; }
        public long Id { get; init; }
        public string Kind { get; init; } = "";
        public long Subject { get; init; }
        public string? Account { get; init; }
        public string? Currency { get; init; }
        public string? Amount { get; init; }
        public long? Count { get; init; }
        public string? Terms { get; init; }
        public string? Members { get; init; }
        public string? Operators { get; init; }
        public string? Treasury { get; init; }
        public long? EndsAt { get; init; }
        public long At { get; init; }
        public string TransactionHash { get; init; } = "";

        public LedgerEntry ToEntry() => new(
            new LedgerPlace(Block, Rank, Id), Kind, Subject, AddressOf(Account), AddressOf(Currency), Number(Amount), Count,
            Terms is null ? null : JsonSerializer.Deserialize<GrantTerms>(Terms, Json.Options), Number(Members), Number(Operators), Number(Treasury), EndsAt, At, TransactionHash);

        private static Address? AddressOf(string? text) => text is null ? null : Address.Parse(text);

        private static BigInteger? Number(string? text) => text is null ? null : BigInteger.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    }
}
