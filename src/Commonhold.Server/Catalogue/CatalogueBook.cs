using System.Text.Json;
using Commonhold.Client;
using Commonhold.Server.Contributions;
using Commonhold.Server.Indexer;
using Commonhold.Server.Operations;
using Commonhold.Server.Storage;
using Commonhold.Server.Web;

namespace Commonhold.Server.Catalogue;

/// <summary>What the dataset is, for who may want to use it: its schema, its size, its quality, what others paid.</summary>
/// <remarks>Guarantee: nothing of a member's content and no figure about fewer than five members; samples are made up. Trust: the manifests,
/// whose roots are on chain, for size and growth; the validators' reports for quality; the chain for prices.</remarks>
internal sealed class CatalogueBook(
    Dao dao, ChainState chain, Changes changes, Database database, DatasetLedger ledger, DatasetFormat format, QualityLedger quality, Currencies currencies, NodeOptions options) : IDisposable
{
    private const int MostPrices = 50;

    // Every figure is a walk through the whole dataset, and anybody may ask for it.
    private readonly Kept<Counted> _counted = new(changes, Topic.Contributions, Topic.Requests);

    /// <param name="address">Where the asker reached this node.</param>
    public async Task<Result<CatalogueModel>> DescribeAsync(string address, CancellationToken cancellationToken)
    {
        if (!chain.Read().TryGet(out var snapshot, out var notReady))
            return notReady;
        var names = new CatalogueNames(options.Name, options.SchemaName, (options.PublicUrl?.ToString() ?? address).TrimEnd('/'), dao.ChainId, dao.Addresses,
            (int)snapshot.Parties.GuardianThreshold, snapshot.Parties.Guardians.Count, options.Trial is not null);
        var counted = await _counted.GetAsync(CountAsync, cancellationToken);
        return new CatalogueModel(names, await format.FindAsync(cancellationToken), counted.Size, counted.Growth, counted.Quality, counted.Prices);
    }

    public void Dispose() => _counted.Dispose();

    private async Task<Counted> CountAsync(CancellationToken cancellationToken) =>
        new(await ledger.SizeAsync(cancellationToken), await ledger.GrowthAsync(cancellationToken), await quality.SumAsync(cancellationToken), await PricesAsync(cancellationToken));

    /// <summary>Newest first.</summary>
    private async Task<IReadOnlyList<PastGrant>> PricesAsync(CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync<PriceRow>("""
            SELECT r.request_id AS Id, r.terms AS Terms, e.happened_at AS OpenedAt FROM grant_events e JOIN requests r ON r.request_id = e.grant_id
            WHERE e.kind = 'opened' ORDER BY e.block_number DESC, e.log_index DESC LIMIT @limit
            """, new { limit = MostPrices }, cancellationToken);
        var terms = rows.Select(row => JsonSerializer.Deserialize<GrantTerms>(row.Terms, Json.Options)!).ToList();
        var money = await currencies.FindAsync(terms.Select(t => t.Currency).Where(c => c != default), cancellationToken);
        var grants = new List<PastGrant>(rows.Count);
        foreach (var (row, term) in rows.Zip(terms))
        {
            var contributions = await database.FindAsync<long>("SELECT COALESCE(SUM(leaf_count), 0) FROM batches WHERE batch_id < @scope", new { scope = (long)term.Scope }, cancellationToken);
            grants.Add(new PastGrant(new GrantId((ulong)row.Id), term.Mode, term.Pricing, contributions, term.Duration, term.Price.Value, money.GetValueOrDefault(term.Currency), row.OpenedAt));
        }

        return grants;
    }

    private sealed record Counted(DatasetSize Size, IReadOnlyList<WeekOfGrowth> Growth, QualityFigures Quality, IReadOnlyList<PastGrant> Prices);

    private sealed record PriceRow
    {
        public long Id { get; init; }
        public string Terms { get; init; } = "";
        public long OpenedAt { get; init; }
    }
}
