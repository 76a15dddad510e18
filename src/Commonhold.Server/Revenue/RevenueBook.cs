using System.Numerics;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Indexer;
using Commonhold.Server.Relay;
using Commonhold.Server.Storage;

namespace Commonhold.Server.Revenue;

/// <summary>Distributions of revenue, and what an account can claim of them.</summary>
/// <remarks>What is claimable is asked of the pool itself, so the figure is the one that a claim would pay now. The relayer claims what is money
/// here (<see cref="KnownCurrencies"/>): a claim runs the coin's own code, and anybody can pay in a coin of their own.</remarks>
internal sealed class RevenueBook(Dao dao, Database database, EthereumNode node, Outbox outbox, KnownCurrencies currencies)
{
    private const string Kind = "revenue-claim";
    private const int PieceSize = 200;

    private const string Select = """
        SELECT d.distribution_id AS DistributionId, d.currency AS Currency, d.payer AS Payer, d.members AS Members, d.operators AS Operators,
               d.treasury AS Treasury, d.distributed_at AS DistributedAt FROM distributions d
        """;

    public Task<IReadOnlyList<DistributionView>> FromAsync(long from, int limit, CancellationToken cancellationToken) =>
        database.QueryAsync<DistributionView>($"{Select} WHERE d.distribution_id >= @from ORDER BY d.distribution_id LIMIT @limit", new { from, limit }, cancellationToken);

    /// <summary>The distributions from one on that would pay this account something, in what is money here or in one currency whatever it is.</summary>
    /// <param name="limit">So many are answered when there are as many; distributions that pay nothing are passed over.</param>
    public async Task<IReadOnlyList<ClaimableView>> ClaimableAsync(Address account, Address? currency, long from, int limit, CancellationToken cancellationToken)
    {
        var wanted = currency is { } one ? [one.ToString()] : (await currencies.ReadAsync(cancellationToken)).Select(known => known.ToString()).ToArray();
        var found = new List<ClaimableView>();
        while (found.Count < limit)
        {
            var open = await database.QueryAsync<DistributionView>($"""
                {Select} WHERE d.distribution_id >= @from AND d.currency IN @wanted
                  AND NOT EXISTS (SELECT 1 FROM revenue_claim_parts c WHERE c.account = @account AND c.distribution_id = d.distribution_id)
                ORDER BY d.distribution_id LIMIT @piece
                """, new { account, wanted, from, piece = PieceSize }, cancellationToken);
            if (open.Count == 0)
                break;
            from = open[^1].DistributionId + 1;
            var calls = open.Select(distribution => dao.Pool.Claimable(account, distribution.Currency, distribution.DistributionId)).ToList();
            var answers = await node.CallManyAsync([.. calls.Select(call => new CallRequest(call.To, call.Data))], BlockReference.Latest, cancellationToken);
            found.AddRange(open.Select((distribution, i) => new ClaimableView(distribution.DistributionId, distribution.Currency,
                answers[i].Revert is null ? new Wei(calls[i].Decode(answers[i].Data.Span)) : Wei.Zero)).Where(claimable => claimable.Amount > Wei.Zero));
        }

        return [.. found.Take(limit)];
    }

    public async Task<Result<RelayReceipt>> ClaimAsync(RelayRevenueClaim wish, CancellationToken cancellationToken)
    {
        if (wish.Distributions.Count is 0 or > 50)
            return new Refusal("relay.distributions_invalid", $"{wish.Distributions.Count} distributions; one call takes 1 to 50.");
        var ids = wish.Distributions.Distinct().Order().ToList();
        var known = await database.QueryAsync<DistributionView>($"{Select} WHERE d.distribution_id IN @ids", new { ids = ids.Select(id => (long)id).ToArray() }, cancellationToken);
        if (known.Count != ids.Count)
            return new Refusal("relay.distribution_unknown", $"{ids.Count - known.Count} of the {ids.Count} distributions are not known here.",
                "A payment that was just made is known when the node has read its block: try again in a moment.");
        // The pool claims one currency a call.
        if (known.Select(distribution => distribution.Currency).Distinct().Count() > 1)
            return new Refusal("relay.currencies_mixed", "The distributions are of more than one currency.", "Ask once for each currency.");
        if (!(await currencies.ReadAsync(cancellationToken)).Contains(known[0].Currency))
            return new Refusal("relay.currency_unknown", $"This DAO has not approved the coin {known[0].Currency}, and anyone can make one: the relayer pays for no claim of it.",
                $"It stays yours to claim from an account with gas of its own: commonhold revenue claim --currency {known[0].Currency}");
        while (true)
        {
            // Another claim of these distributions that came first is under way now: what it leaves is looked at again.
            if (await ClaimAsync(wish.Account, known[0].Currency, ids, cancellationToken) is { } claim)
                return claim;
        }
    }

    /// <summary>A distribution is asked for once: the pool passes over what was claimed before and takes the gas all the same.</summary>
    private async Task<Result<RelayReceipt>?> ClaimAsync(Address account, Address currency, List<ulong> ids, CancellationToken cancellationToken)
    {
        // In this order: a claim that is not under way any more is in the tables.
        var others = await outbox.UnderWayAsync(Kind, account, cancellationToken);
        var left = ids.Except((await database.QueryAsync<long>(
            "SELECT distribution_id FROM revenue_claim_parts WHERE account = @account", new { account }, cancellationToken)).Select(id => (ulong)id)).ToList();
        string? underWay = null;
        foreach (var earlier in others)
        {
            if (left.RemoveAll(AskedBy(earlier).Contains) > 0)
                underWay = earlier.Id;
        }

        if (left.Count == 0)
            return underWay is not null ? new RelayReceipt(underWay) : new Refusal("relay.nothing_to_do", "The account has claimed these distributions.");
        return await outbox.EnqueueUnlessAsync(other => left.Exists(AskedBy(other).Contains), Kind, $"{account}:{string.Join(',', left)}", [account],
            Call.Of(dao.Pool.ClaimFor(account, currency, [.. left.Select(id => (BigInteger)id)]), outbox.Gas.RevenueClaim + (outbox.Gas.RevenueClaimFurther * (ulong)(left.Count - 1))), cancellationToken);

        HashSet<ulong> AskedBy(UnderWay other) =>
            [.. dao.Pool.ClaimFor(account, currency, []).Function.DecodeCall(Hex.Decode(other.Calldata))[2].AsList().Select(id => id.AsUInt64())];
    }
}
