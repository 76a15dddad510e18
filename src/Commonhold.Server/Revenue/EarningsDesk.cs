using System.Numerics;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Server.Contributions;
using Commonhold.Server.Indexer;
using Commonhold.Server.Operations;
using Commonhold.Server.Relay;
using Commonhold.Server.Storage;

namespace Commonhold.Server.Revenue;

/// <summary>Gathers what an account earned, and claims all of it at once.</summary>
/// <remarks>Guarantee: what can be claimed is the pool's own answer, and what was claimed adds up to what the chain paid. Trust: nobody; a claim
/// goes to the account that it is for, whoever asks, so no signature is needed.</remarks>
internal sealed class EarningsDesk(
    Dao dao, Database database, EthereumNode node, ChainState chain, RewardLedger rewards, RevenueBook revenue, MemberRelay members, PartsReader partsReader, Currencies currencies,
    KnownCurrencies known, TokenFacts tokens, Outbox outbox, NodeOptions options)
{
    public const int MostUnapproved = 20;

    private const int DistributionsPerClaim = 50;
    private static readonly string[] ClaimKinds = ["claim", "revenue-claim"];

    private readonly DataToken _token = new(dao.Addresses.Token);

    public async Task<EarningsModel> OfAsync(Address account, bool isOwn, IReadOnlyList<Refusal> refusals, CancellationToken cancellationToken)
    {
        var token = await tokens.ReadAsync(cancellationToken);
        var numbers = await node.ReadManyAsync<BigInteger>([_token.BalanceOf(account), _token.TotalSupply()], BlockReference.Latest, cancellationToken);
        var status = await rewards.OfAsync(account, cancellationToken);
        var parts = await partsReader.ReadAsync(account, cancellationToken);
        return new EarningsModel(
            account, isOwn, chain.Current?.Time ?? 0, token, new Wei(numbers[0]), new Wei(numbers[1]),
            status.CumulativePoints > status.Claimed ? new Points(status.CumulativePoints.Value - status.Claimed.Value) : Points.Zero,
            [.. parts.Where(part => part.Amount > Wei.Zero)], await HistoryAsync(account, token, parts, cancellationToken), await UnapprovedAsync(cancellationToken),
            await UnderWayAsync(account, cancellationToken), refusals);
    }

    /// <summary>Asks the relayer for everything that the account can claim, oldest first; coins that are not money here are left out.</summary>
    /// <returns>What was refused; nothing when all is under way.</returns>
    public async Task<IReadOnlyList<Refusal>> ClaimAllAsync(Address account, CancellationToken cancellationToken)
    {
        var refusals = new List<Refusal>();
        var status = await rewards.OfAsync(account, cancellationToken);
        if (status.CumulativePoints > status.Claimed
            && (await members.ClaimAsync(new RelayClaims([account]), options.Relay.MaxAccountsPerClaim, cancellationToken)).Refusal is { } refused)
            refusals.Add(refused);
        var open = (await partsReader.ReadAsync(account, cancellationToken)).Where(part => !part.IsClaimed && part.Amount > Wei.Zero);
        foreach (var some in open.GroupBy(part => part.Currency.Address).SelectMany(of => of.OrderBy(part => part.DistributionId).Chunk(DistributionsPerClaim)))
        {
            var wish = new RelayRevenueClaim(account, [.. some.Select(part => (ulong)part.DistributionId)]);
            if ((await revenue.ClaimAsync(wish, cancellationToken)).Refusal is { } refusal)
            {
                refusals.Add(refusal);
                if (refusal.Code is "relay.limit_reached" or "relay.unfunded")
                    break; // The others would be refused for the same reason.
            }
        }

        return refusals;
    }

    /// <summary>Who paid in coins of which nobody here has said that they are money: by coin, the one that was paid last first.</summary>
    private async Task<IReadOnlyList<UnapprovedPayments>> UnapprovedAsync(CancellationToken cancellationToken)
    {
        var money = (await known.ReadAsync(cancellationToken)).Select(currency => currency.ToString()).ToArray();
        return await database.QueryAsync<UnapprovedPayments>("""
            SELECT currency AS Coin, COUNT(*) AS Payments, MAX(distributed_at) AS LastAt FROM distributions WHERE currency NOT IN @money
            GROUP BY currency ORDER BY MAX(distribution_id) DESC LIMIT @limit
            """, new { money, limit = MostUnapproved + 1 }, cancellationToken);
    }

    private async Task<IReadOnlyList<EarningsEntry>> HistoryAsync(Address account, Token token, IReadOnlyList<EarnedPart> parts, CancellationToken cancellationToken)
    {
        var rewardRows = await database.QueryAsync<RewardRow>("""
            SELECT points AS Points, claimed_at AS At, transaction_hash AS TransactionHash FROM reward_claims WHERE account = @account
            ORDER BY block_number DESC, log_index DESC
            """, new { account }, cancellationToken);
        var claimRows = await database.QueryAsync<ClaimRow>("""
            SELECT c.currency AS Currency, c.amount AS Amount, c.claimed_at AS At, c.transaction_hash AS TransactionHash, c.block_number * 1000000 + c.log_index AS Position
            FROM revenue_claims c WHERE c.account = @account ORDER BY c.block_number DESC, c.log_index DESC
            """, new { account }, cancellationToken);
        var numbers = (await database.QueryAsync<NumberRow>(
            "SELECT block_number * 1000000 + log_index AS Position, distribution_id AS DistributionId FROM revenue_claim_parts WHERE account = @account",
            new { account }, cancellationToken)).ToLookup(row => row.Position, row => row.DistributionId);
        var found = await currencies.FindAsync(claimRows.Select(row => row.Currency), cancellationToken);
        var own = new Currency(token.Address, token.Symbol, Token.Decimals) { IsKnown = true };
        return
        [
            .. rewardRows.Select(row => new EarningsEntry(row.At, EarningsKind.TokensClaimed, row.Points.ToTokenUnits(), own, [], null, row.TransactionHash))
                .Concat(claimRows.Select(row => new EarningsEntry(row.At, EarningsKind.RevenueClaimed, row.Amount, found[row.Currency], [.. numbers[row.Position].Order()], null, row.TransactionHash)))
                .Concat(parts.Where(part => part.Amount > Wei.Zero).Select(part => new EarningsEntry(part.DistributedAt, EarningsKind.RevenueEarned, part.Amount, part.Currency,
                    [part.DistributionId], part.Grant, part.Transaction)))
                .OrderByDescending(entry => entry.At).ThenByDescending(entry => entry.Kind),
        ];
    }

    private async Task<IReadOnlyList<RelayStatus>> UnderWayAsync(Address account, CancellationToken cancellationToken)
    {
        var found = new List<RelayStatus>();
        foreach (var kind in ClaimKinds)
        {
            foreach (var earlier in await outbox.UnderWayAsync(kind, account, cancellationToken))
            {
                if (await outbox.FindAsync(earlier.Id, cancellationToken) is { } operation)
                    found.Add(operation);
            }
        }

        return found;
    }

    private sealed record RewardRow
    {
        public Points Points { get; init; }
        public long At { get; init; }
        public Bytes32 TransactionHash { get; init; }
    }

    private sealed record ClaimRow
    {
        public Address Currency { get; init; }
        public Wei Amount { get; init; }
        public long At { get; init; }
        public Bytes32 TransactionHash { get; init; }
        public long Position { get; init; }
    }

    private sealed record NumberRow
    {
        public long Position { get; init; }
        public long DistributionId { get; init; }
    }
}
