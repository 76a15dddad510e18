using System.Text.Json;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Indexer;
using Commonhold.Server.Storage;
using Commonhold.Server.Web;

namespace Commonhold.Server.Access;

/// <summary>Requests and the grants that they became, as the chain's events tell.</summary>
/// <remarks>For reading only: whoever acts on a grant (a guardian, a worker) reads the chain itself.</remarks>
internal sealed class GrantBook(Database database, ChainState chain)
{
    private const string Select = """
        SELECT r.request_id AS RequestId, r.buyer AS Buyer, r.terms_hash AS TermsHash, r.terms AS Terms, r.requested_at AS RequestedAt,
               (SELECT MAX(e.happened_at) FROM grant_events e WHERE e.grant_id = r.request_id AND e.kind = 'opened') AS OpenedAt,
               (SELECT MAX(e.ends_at) FROM grant_events e WHERE e.grant_id = r.request_id AND e.kind IN ('opened', 'renewed')) AS EndsAt,
               (SELECT MAX(e.ends_at) FROM grant_events e WHERE e.grant_id = r.request_id AND e.kind = 'revoked') AS RevokedAt,
               (SELECT MAX(e.happened_at) FROM grant_events e WHERE e.grant_id = r.request_id AND e.kind = 'refunded') AS RefundedAt
        FROM requests r
        """;

    /// <summary>In order of their numbers, from one on.</summary>
    public async Task<IReadOnlyList<RequestView>> FromAsync(long from, bool grantsOnly, int limit, CancellationToken cancellationToken)
    {
        var filter = grantsOnly ? " AND EXISTS (SELECT 1 FROM grant_events o WHERE o.grant_id = r.request_id AND o.kind = 'opened')" : "";
        return [.. (await database.QueryAsync<Row>($"{Select} WHERE r.request_id >= @from{filter} ORDER BY r.request_id LIMIT @limit", new { from, limit }, cancellationToken))
            .Select(View)];
    }

    /// <summary>What was granted last, first.</summary>
    public async Task<IReadOnlyList<RequestView>> NewestGrantsAsync(int limit, CancellationToken cancellationToken) =>
        [.. (await database.QueryAsync<Row>($"""
            {Select} WHERE EXISTS (SELECT 1 FROM grant_events o WHERE o.grant_id = r.request_id AND o.kind = 'opened')
            ORDER BY OpenedAt DESC, r.request_id DESC LIMIT @limit
            """, new { limit }, cancellationToken)).Select(View)];

    public async Task<RequestView?> FindAsync(GrantId id, CancellationToken cancellationToken) =>
        await database.FindAsync<Row>($"{Select} WHERE r.request_id = @id", new { id = (long)id.Value }, cancellationToken) is { } row ? View(row) : null;

    private RequestView View(Row row)
    {
        var now = chain.Current?.Time ?? 0;
        var state = row.OpenedAt is null
            ? row.RefundedAt is null ? RequestState.Requested : RequestState.Refunded
            : row.RevokedAt is not null ? RequestState.Revoked
            : row.EndsAt <= now ? RequestState.Ended : RequestState.Granted;
        return new RequestView(new GrantId((ulong)row.RequestId), row.Buyer, state, row.TermsHash,
            JsonSerializer.Deserialize<GrantTerms>(row.Terms, Json.Options)!, row.RequestedAt, row.OpenedAt, row.RevokedAt ?? row.EndsAt, row.RefundedAt);
    }

    private sealed record Row
    {
        public long RequestId { get; init; }
        public Address Buyer { get; init; }
        public Bytes32 TermsHash { get; init; }
        public string Terms { get; init; } = "";
        public long RequestedAt { get; init; }
        public long? OpenedAt { get; init; }
        public long? EndsAt { get; init; }
        public long? RevokedAt { get; init; }
        public long? RefundedAt { get; init; }
    }
}
