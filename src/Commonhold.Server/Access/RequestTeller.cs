using Commonhold.Client;
using Commonhold.Server.Indexer;
using Commonhold.Server.Storage;

namespace Commonhold.Server.Access;

/// <summary>Tells a request in words: its sentence, what it covers, and in which currency it pays.</summary>
internal sealed class RequestTeller(GrantBook book, Database database, Currencies currencies)
{
    public async Task<ToldRequest?> TellAsync(GrantId id, CancellationToken cancellationToken)
    {
        if (await book.FindAsync(id, cancellationToken) is not { } request)
            return null;
        var scope = (long)Math.Min(request.Terms.Scope, long.MaxValue);
        var covered = await database.FindAsync<Covered>("""
            SELECT (SELECT COALESCE(SUM(b.leaf_count), 0) FROM batches b WHERE b.batch_id < @scope) AS Contributions,
                   (SELECT COUNT(*) FROM withdrawals w WHERE w.batch_id < @scope) AS Withdrawn
            """, new { scope }, cancellationToken);
        var currency = await currencies.FindAsync(request.Terms.Currency, cancellationToken);
        return new ToldRequest(
            request, RequestSentence.Of(request.Buyer, request.Terms, covered!.Contributions, currency), covered.Contributions, covered.Withdrawn, currency);
    }

    private sealed record Covered
    {
        public long Contributions { get; init; }
        public long Withdrawn { get; init; }
    }
}

/// <param name="Contributions">In the batches of its scope, when they were committed.</param>
/// <param name="Withdrawn">How many of them their members have withdrawn since; nobody opens those.</param>
internal sealed record ToldRequest(RequestView Request, string Sentence, long Contributions, long Withdrawn, Currency Currency)
{
    /// <summary>Whether it pays in a coin that neither a vote nor the operator let in.</summary>
    public bool IsInUnknownCoin => Request.Terms.Price > Wei.Zero && !Currency.IsKnown;
}
