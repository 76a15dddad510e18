using System.Text.Json;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Server.Contributions;
using Commonhold.Server.Governance;
using Commonhold.Server.Indexer;
using Commonhold.Server.Operations;
using Commonhold.Server.Releases;
using Commonhold.Server.Storage;
using Commonhold.Server.Web;

namespace Commonhold.Server.Access;

/// <summary>What a buyer and the members read about requests: terms, purpose, vote, releases, and what a new one can ask for.</summary>
/// <remarks>For reading only. Whoever signs, pays or opens checks it against the chain in their own browser.</remarks>
internal sealed class RequestDesk(
    RequestTeller teller, PurposeShelf purposes, ProposalBook proposals, ReleaseBook releases, Dao dao, ChainState chain, Database database,
    EthereumNode node, Currencies currencies, NodeOptions options)
{
    private const int PageSize = 25;
    private const int MostLines = 20;
    private const int MostVotes = 5;
    private const int MostCurrencies = 50;

    public async Task<Result<RequestsModel>> ListAsync(long? before, CancellationToken cancellationToken)
    {
        if (!chain.Read().TryGet(out _, out var notReady))
            return notReady;
        var numbers = await database.QueryAsync<long>("SELECT request_id FROM requests WHERE request_id < @before ORDER BY request_id DESC LIMIT @limit",
            new { before = before ?? long.MaxValue, limit = PageSize + 1 }, cancellationToken);
        var told = new List<ToldRequest>();
        var texts = new Dictionary<GrantId, string>();
        foreach (var number in numbers.Take(PageSize))
        {
            if (await teller.TellAsync(new GrantId((ulong)number), cancellationToken) is not { } request)
                continue;
            told.Add(request);
            if (await purposes.FindAsync(request.Request.Terms.PurposeDigest, cancellationToken) is { } purpose)
                texts[request.Request.RequestId] = purpose;
        }

        return new RequestsModel(told, texts, numbers.Count > PageSize ? numbers[PageSize - 1] : null);
    }

    /// <returns>Null when there is no such request.</returns>
    public async Task<RequestModel?> FindAsync(GrantId id, CancellationToken cancellationToken)
    {
        if (chain.Current is not { } snapshot || await teller.TellAsync(id, cancellationToken) is not { } told)
            return null;
        var terms = told.Request.Terms;
        var history = await database.QueryAsync<RequestEvent>("""
            SELECT kind AS Kind, happened_at AS At, ends_at AS EndsAt, amount AS Amount, transaction_hash AS TransactionHash
            FROM grant_events WHERE grant_id = @id ORDER BY block_number, log_index LIMIT 500
            """, new { id = (long)id.Value }, cancellationToken);
        // Not by the number alone: a proposal for other terms than these cannot approve it.
        var approving = await proposals.WithCallAsync(dao.Market.Approve(id, told.Request.TermsHash).Data, MostVotes, cancellationToken);
        var ending = await proposals.WithCallAsync(dao.Market.Revoke(id).Data, MostVotes, cancellationToken);
        var size = await database.FindAsync<ScopeSize>(
            $"SELECT COUNT(*) AS Contributions, COALESCE(SUM(l.size), 0) AS Bytes FROM {DatasetLedger.Leaves} AND l.batch_id < @scope",
            new { scope = (long)Math.Min(terms.Scope, long.MaxValue) }, cancellationToken);
        return new RequestModel(told, await purposes.FindAsync(terms.PurposeDigest, cancellationToken), history, approving, ending,
            await releases.SummaryOfGrantAsync(id, cancellationToken), await releases.OfGrantAsync(id, MostLines, cancellationToken), size!,
            (int)snapshot.Parties.GuardianThreshold, snapshot.Time);
    }

    public async Task<Result<NewRequestModel>> BeginAsync(CancellationToken cancellationToken)
    {
        if (!chain.Read().TryGet(out var snapshot, out var notReady))
            return notReady;
        var splitId = await node.ReadAsync(dao.Pool.CurrentSplitId(), BlockReference.Latest, cancellationToken);
        var split = await node.ReadAsync(dao.Pool.SplitAt(splitId), BlockReference.Latest, cancellationToken);
        var money = await currencies.KnownAsync(MostCurrencies, cancellationToken);
        var trial = options.Trial?.Currency;
        return new NewRequestModel(
            new DatasetFacts(options.Name, (int)snapshot.Parties.GuardianThreshold, snapshot.Parties.Guardians.Count, options.Trial is not null),
            await ScopesAsync(cancellationToken), await WorkersAsync(cancellationToken), split, money.FirstOrDefault(currency => currency.Address == trial),
            [.. money.Where(currency => currency.Address != trial)]);
    }

    private async Task<IReadOnlyList<ScopeChoice>> ScopesAsync(CancellationToken cancellationToken)
    {
        var batches = await database.QueryAsync<ScopeChoice>("""
            SELECT b.batch_id + 1 AS Batches, b.leaf_count AS Contributions, (SELECT COALESCE(SUM(l.size), 0) FROM leaves l WHERE l.batch_id = b.batch_id) AS Bytes
            FROM batches b ORDER BY b.batch_id
            """, null, cancellationToken);
        var (contributions, bytes) = (0L, 0L);
        return [.. batches.Select(batch => batch with { Contributions = contributions += batch.Contributions, Bytes = bytes += batch.Bytes })];
    }

    /// <summary>Keys that a vote named as workers' and that still are: only a vote that was carried out can have named one.</summary>
    private async Task<IReadOnlyList<string>> WorkersAsync(CancellationToken cancellationToken)
    {
        var selector = dao.Market.SetWorker(default, true).Data.Span[..4];
        var rows = await database.QueryAsync<string>("""
            SELECT p.actions FROM proposals p
            WHERE p.actions LIKE @call AND EXISTS (SELECT 1 FROM proposal_events e WHERE e.proposal_id = p.proposal_id AND e.kind = 'executed')
            """, new { call = $"%\"{Hex.Encode(selector)}%" }, cancellationToken);
        var named = new HashSet<Bytes32>();
        foreach (var action in rows.SelectMany(row => JsonSerializer.Deserialize<List<ProposalAction>>(row, Json.Options)!))
        {
            var data = Hex.Decode(action.Calldata);
            if (action.Target == dao.Addresses.Market && data.Length >= 36 && data.AsSpan(0, 4).SequenceEqual(dao.Market.SetWorker(default, true).Data.Span[..4]))
                named.Add(Bytes32.FromSpan(data.AsSpan(4, 32)));
        }

        var workers = new List<string>();
        foreach (var key in named)
            if (await node.ReadAsync(dao.Market.IsWorker(key), BlockReference.Latest, cancellationToken))
                workers.Add(RequestSentence.Recipient(key));
        return workers;
    }
}
