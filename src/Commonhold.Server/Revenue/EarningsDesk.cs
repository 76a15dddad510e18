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
    Dao dao, Database database, EthereumNode node, ChainState chain, RewardLedger rewards, RevenueBook revenue, MemberRelay members, Currencies currencies, TokenFacts tokens,
    Outbox outbox, NodeOptions options)
{
    /// <summary>The newest ones; older ones are in the history all the same once they were claimed.</summary>
    public const int MostDistributions = 400;

    private const int MostHistory = 2_000;
    private const int DistributionsPerClaim = 50;
    private static readonly string[] ClaimKinds = ["claim", "revenue-claim"];

    private readonly DataToken _token = new(dao.Addresses.Token);

    public async Task<EarningsModel> OfAsync(Address account, bool isOwn, IReadOnlyList<Refusal> refusals, CancellationToken cancellationToken)
    {
        var token = await tokens.ReadAsync(cancellationToken);
        var numbers = await node.ReadManyAsync<BigInteger>([_token.BalanceOf(account), _token.TotalSupply()], BlockReference.Latest, cancellationToken);
        var status = await rewards.OfAsync(account, cancellationToken);
        var parts = await PartsAsync(account, cancellationToken);
        return new EarningsModel(
            account, isOwn, chain.Current?.Time ?? 0, token, new Wei(numbers[0]), new Wei(numbers[1]),
            status.CumulativePoints > status.Claimed ? new Points(status.CumulativePoints.Value - status.Claimed.Value) : Points.Zero,
            [.. parts.Where(part => part.Amount > Wei.Zero)], await HistoryAsync(account, token, parts, cancellationToken), await UnderWayAsync(account, cancellationToken), refusals);
    }

    /// <summary>Asks the relayer for everything that the account can claim.</summary>
    /// <returns>What was refused; nothing when all is under way.</returns>
    public async Task<IReadOnlyList<Refusal>> ClaimAllAsync(Address account, CancellationToken cancellationToken)
    {
        var refusals = new List<Refusal>();
        var status = await rewards.OfAsync(account, cancellationToken);
        if (status.CumulativePoints > status.Claimed
            && (await members.ClaimAsync(new RelayClaims([account]), options.Relay.MaxAccountsPerClaim, cancellationToken)).Refusal is { } refused)
            refusals.Add(refused);
        var open = (await PartsAsync(account, cancellationToken)).Where(part => !part.IsClaimed && part.Amount > Wei.Zero);
        foreach (var some in open.GroupBy(part => part.Currency.Address).SelectMany(of => of.OrderBy(part => part.DistributionId).Chunk(DistributionsPerClaim)))
        {
            var wish = new RelayRevenueClaim(account, [.. some.Select(part => (ulong)part.DistributionId)]);
            if ((await revenue.ClaimAsync(wish, cancellationToken)).Refusal is { } refusal)
                refusals.Add(refusal);
        }

        return refusals;
    }

    private async Task<IReadOnlyList<EarnedPart>> PartsAsync(Address account, CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync<PartRow>("""
            SELECT d.distribution_id AS DistributionId, d.currency AS Currency, d.members AS Members, d.distributed_at AS DistributedAt,
                   c.transaction_hash AS ClaimTransaction, c.amount AS ClaimAmount, c.block_number * 1000000 + c.log_index AS ClaimPosition
            FROM distributions d
            LEFT JOIN revenue_claim_parts p ON p.distribution_id = d.distribution_id AND p.account = @account
            LEFT JOIN revenue_claims c ON c.block_number = p.block_number AND c.log_index = p.log_index
            ORDER BY d.distribution_id DESC LIMIT @limit
            """, new { account, limit = MostDistributions }, cancellationToken);
        // A distribution can stand in a later claim again, which then paid nothing for it: the first one counts.
        rows = [.. rows.GroupBy(row => row.DistributionId).Select(same => same.OrderBy(row => row.ClaimPosition ?? long.MaxValue).First())];
        var calls = rows.Select<PartRow, ContractCall<BigInteger>>(row => row.ClaimPosition is null
            ? dao.Pool.Claimable(account, row.Currency, row.DistributionId) : _token.GetPastBalance(account, row.DistributedAt - 1)).ToList();
        var supplies = rows.Where(row => row.ClaimPosition is not null).Select(row => _token.GetPastTotalSupply(row.DistributedAt - 1)).ToList();
        var answers = await node.ReadManyAsync<BigInteger>([.. calls, .. supplies], BlockReference.Latest, cancellationToken);
        var known = await currencies.FindAsync(rows.Select(row => row.Currency), cancellationToken);
        var grants = await GrantsAsync(cancellationToken);
        var amounts = new Dictionary<long, Wei>();
        var at = 0;
        for (var i = 0; i < rows.Count; i++)
            amounts[rows[i].DistributionId] = rows[i].ClaimPosition is null ? new Wei(answers[i]) : ClaimedParts.Expected(rows[i].Members, new Wei(answers[i]), new Wei(answers[rows.Count + at++]));
        foreach (var claim in rows.Where(row => row.ClaimPosition is not null).GroupBy(row => row.ClaimPosition))
        {
            var divided = ClaimedParts.Divide(claim.First().ClaimAmount!.Value, [.. claim.Select(row => amounts[row.DistributionId])]);
            foreach (var (row, amount) in claim.Zip(divided))
                amounts[row.DistributionId] = amount;
        }

        return [.. rows.Select(row => new EarnedPart(row.DistributionId, known[row.Currency], row.Members, amounts[row.DistributionId], row.ClaimPosition is not null,
            row.DistributedAt, grants.TryGetValue(row.DistributionId, out var grant) ? grant : null))];
    }

    /// <summary>Which grant a distribution's money came from: the market says so right before it pays, in the same transaction and order.</summary>
    private async Task<Dictionary<long, GrantId>> GrantsAsync(CancellationToken cancellationToken) => (await database.QueryAsync<GrantRow>("""
        SELECT d.distribution_id AS DistributionId, e.grant_id AS GrantId
        FROM (SELECT distribution_id, transaction_hash, ROW_NUMBER() OVER (PARTITION BY transaction_hash ORDER BY distribution_id) AS place FROM distributions WHERE payer = @market) d
        JOIN (SELECT grant_id, transaction_hash, ROW_NUMBER() OVER (PARTITION BY transaction_hash ORDER BY log_index) AS place FROM grant_events WHERE kind = 'collected') e
          ON e.transaction_hash = d.transaction_hash AND e.place = d.place
        """, new { market = dao.Addresses.Market }, cancellationToken)).ToDictionary(row => row.DistributionId, row => new GrantId((ulong)row.GrantId));

    private async Task<IReadOnlyList<EarningsEntry>> HistoryAsync(Address account, Token token, IReadOnlyList<EarnedPart> parts, CancellationToken cancellationToken)
    {
        var rewardRows = await database.QueryAsync<RewardRow>("""
            SELECT points AS Points, claimed_at AS At, transaction_hash AS TransactionHash FROM reward_claims WHERE account = @account
            ORDER BY block_number DESC, log_index DESC LIMIT @limit
            """, new { account, limit = MostHistory }, cancellationToken);
        var claimRows = await database.QueryAsync<ClaimRow>("""
            SELECT c.currency AS Currency, c.amount AS Amount, c.claimed_at AS At, c.transaction_hash AS TransactionHash, c.block_number * 1000000 + c.log_index AS Position
            FROM revenue_claims c WHERE c.account = @account ORDER BY c.block_number DESC, c.log_index DESC LIMIT @limit
            """, new { account, limit = MostHistory }, cancellationToken);
        var numbers = (await database.QueryAsync<NumberRow>(
            "SELECT block_number * 1000000 + log_index AS Position, distribution_id AS DistributionId FROM revenue_claim_parts WHERE account = @account",
            new { account }, cancellationToken)).ToLookup(row => row.Position, row => row.DistributionId);
        var hashes = (await database.QueryAsync<HashRow>("SELECT distribution_id AS DistributionId, transaction_hash AS TransactionHash FROM distributions",
            null, cancellationToken)).ToDictionary(row => row.DistributionId, row => row.TransactionHash);
        var known = await currencies.FindAsync(claimRows.Select(row => row.Currency), cancellationToken);
        return
        [
            .. rewardRows.Select(row => new EarningsEntry(row.At, EarningsKind.TokensClaimed, row.Points.ToTokenUnits(), token.Symbol, Token.Decimals, token.Address, [], null, row.TransactionHash))
                .Concat(claimRows.Select(row => new EarningsEntry(row.At, EarningsKind.RevenueClaimed, row.Amount, known[row.Currency].Symbol, known[row.Currency].Decimals, row.Currency,
                    [.. numbers[row.Position].Order()], null, row.TransactionHash)))
                .Concat(parts.Where(part => part.Amount > Wei.Zero).Select(part => new EarningsEntry(part.DistributedAt, EarningsKind.RevenueEarned, part.Amount, part.Currency.Symbol,
                    part.Currency.Decimals, part.Currency.Address, [part.DistributionId], part.Grant, hashes.GetValueOrDefault(part.DistributionId))))
                .OrderByDescending(entry => entry.At).ThenByDescending(entry => entry.Kind).Take(MostHistory),
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

    private sealed record PartRow
    {
        public long DistributionId { get; init; }
        public Address Currency { get; init; }
        public Wei Members { get; init; }
        public long DistributedAt { get; init; }
        public Bytes32? ClaimTransaction { get; init; }
        public Wei? ClaimAmount { get; init; }
        public long? ClaimPosition { get; init; }
    }

    private sealed record GrantRow
    {
        public long DistributionId { get; init; }
        public long GrantId { get; init; }
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

    private sealed record HashRow
    {
        public long DistributionId { get; init; }
        public Bytes32 TransactionHash { get; init; }
    }
}
