using System.Numerics;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Server.Indexer;
using Commonhold.Server.Storage;

namespace Commonhold.Server.Revenue;

/// <summary>An account's part of every payment in a currency that is money here.</summary>
/// <remarks>Guarantee: no payment is left out, however old; what can be claimed is the pool's own answer. Flow: the table in bounded pieces,
/// newest first → of each piece what the chain has to be asked, in batches. What was held at a moment that is long over is asked once.</remarks>
internal sealed class PartsReader(Dao dao, Database database, EthereumNode node, Currencies currencies, KnownCurrencies known, ChainState chain)
{
    private const int PieceSize = 500;
    private const int MostRemembered = 100_000;

    /// <summary>Seconds after which no reorganisation is expected to change what was held.</summary>
    private const long Settled = 3_600;

    private readonly DataToken _token = new(dao.Addresses.Token);
    private readonly Remembered<(Address, long)> _balances = new(MostRemembered);
    private readonly Remembered<long> _supplies = new(MostRemembered);

    /// <summary>Newest first; those of which the account has nothing are in it, too.</summary>
    public async Task<IReadOnlyList<EarnedPart>> ReadAsync(Address account, CancellationToken cancellationToken)
    {
        var money = (await known.ReadAsync(cancellationToken)).Select(currency => currency.ToString()).ToArray();
        var rows = new List<PartRow>();
        var amounts = new Dictionary<long, Wei>();
        for (var before = long.MaxValue; ;)
        {
            var piece = await PieceAsync(account, money, before, cancellationToken);
            if (piece.Count == 0)
                break;
            before = piece[^1].DistributionId;
            await AskAsync(account, piece, amounts, cancellationToken);
            rows.AddRange(piece);
        }

        // What a claim paid in all stands on chain; its parts are only computed, and are put right by it.
        foreach (var claim in rows.Where(row => row.ClaimPosition is not null).GroupBy(row => row.ClaimPosition))
        {
            foreach (var (row, amount) in claim.Zip(ClaimedParts.Divide(claim.First().ClaimAmount!.Value, [.. claim.Select(row => amounts[row.DistributionId])])))
                amounts[row.DistributionId] = amount;
        }

        var found = await currencies.FindAsync(rows.Select(row => row.Currency), cancellationToken);
        var grants = await GrantsAsync(cancellationToken);
        return [.. rows.Select(row => new EarnedPart(row.DistributionId, found[row.Currency], row.Members, amounts[row.DistributionId], row.ClaimPosition is not null,
            row.DistributedAt, grants.TryGetValue(row.DistributionId, out var grant) ? grant : null, row.TransactionHash))];
    }

    private async Task<IReadOnlyList<PartRow>> PieceAsync(Address account, string[] money, long before, CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync<PartRow>("""
            SELECT d.distribution_id AS DistributionId, d.currency AS Currency, d.members AS Members, d.distributed_at AS DistributedAt, d.transaction_hash AS TransactionHash,
                   c.amount AS ClaimAmount, c.block_number * 1000000 + c.log_index AS ClaimPosition
            FROM (SELECT * FROM distributions WHERE distribution_id < @before AND currency IN @money ORDER BY distribution_id DESC LIMIT @limit) d
            LEFT JOIN revenue_claim_parts p ON p.distribution_id = d.distribution_id AND p.account = @account
            LEFT JOIN revenue_claims c ON c.block_number = p.block_number AND c.log_index = p.log_index
            ORDER BY d.distribution_id DESC
            """, new { account, before, money, limit = PieceSize }, cancellationToken);
        // A distribution can stand in a later claim again, which then paid nothing for it: the first one counts.
        return [.. rows.GroupBy(row => row.DistributionId).Select(same => same.MinBy(row => row.ClaimPosition ?? long.MaxValue)!)];
    }

    private async Task AskAsync(Address account, IReadOnlyList<PartRow> piece, Dictionary<long, Wei> amounts, CancellationToken cancellationToken)
    {
        var now = chain.Current?.Time ?? 0;
        var moments = piece.Select(row => row.DistributedAt - 1).Distinct().ToList();
        var held = await _balances.ReadAsync(moments.ConvertAll(at => (account, at)), key => key.Item2 < now - Settled,
            missing => node.ReadManyAsync<BigInteger>([.. missing.Select(key => _token.GetPastBalance(account, key.Item2))], BlockReference.Latest, cancellationToken));
        var (some, none) = (piece.Where(row => !held[(account, row.DistributedAt - 1)].IsZero).ToList(), piece.Where(row => held[(account, row.DistributedAt - 1)].IsZero));
        foreach (var row in none)
            amounts[row.DistributionId] = Wei.Zero;

        var claimed = some.Where(row => row.ClaimPosition is not null).ToList();
        var supplies = await _supplies.ReadAsync([.. claimed.Select(row => row.DistributedAt - 1).Distinct()], at => at < now - Settled,
            missing => node.ReadManyAsync<BigInteger>([.. missing.Select(at => _token.GetPastTotalSupply(at))], BlockReference.Latest, cancellationToken));
        foreach (var row in claimed)
            amounts[row.DistributionId] = ClaimedParts.Expected(row.Members, new Wei(held[(account, row.DistributedAt - 1)]), new Wei(supplies[row.DistributedAt - 1]));

        var open = some.Where(row => row.ClaimPosition is null).ToList();
        var claimable = await node.ReadManyAsync<BigInteger>([.. open.Select(row => dao.Pool.Claimable(account, row.Currency, row.DistributionId))], BlockReference.Latest, cancellationToken);
        foreach (var (row, amount) in open.Zip(claimable))
            amounts[row.DistributionId] = new Wei(amount);
    }

    /// <summary>Which grant a distribution's money came from: the market says so right before it pays, in the same transaction and order.</summary>
    private async Task<Dictionary<long, GrantId>> GrantsAsync(CancellationToken cancellationToken) => (await database.QueryAsync<GrantRow>("""
        SELECT d.distribution_id AS DistributionId, e.grant_id AS GrantId
        FROM (SELECT distribution_id, transaction_hash, ROW_NUMBER() OVER (PARTITION BY transaction_hash ORDER BY distribution_id) AS place FROM distributions WHERE payer = @market) d
        JOIN (SELECT grant_id, transaction_hash, ROW_NUMBER() OVER (PARTITION BY transaction_hash ORDER BY log_index) AS place FROM grant_events WHERE kind = 'collected') e
          ON e.transaction_hash = d.transaction_hash AND e.place = d.place
        """, new { market = dao.Addresses.Market }, cancellationToken)).ToDictionary(row => row.DistributionId, row => new GrantId((ulong)row.GrantId));

    private sealed record PartRow
    {
        public long DistributionId { get; init; }
        public Address Currency { get; init; }
        public Wei Members { get; init; }
        public long DistributedAt { get; init; }
        public Bytes32 TransactionHash { get; init; }
        public Wei? ClaimAmount { get; init; }
        public long? ClaimPosition { get; init; }
    }

    private sealed record GrantRow
    {
        public long DistributionId { get; init; }
        public long GrantId { get; init; }
    }
}
