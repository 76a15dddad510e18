using Commonhold.Ethereum;
using Commonhold.Server.Operations;
using Commonhold.Server.Storage;
using Commonhold.Server.Web;

namespace Commonhold.Server.Indexer;

/// <summary>Keeps the tables equal to what the chain says now: follows the head, goes back when the chain does.</summary>
/// <remarks>Guarantee: after a reorganisation, a crash or a deleted database the tables end up as if read fresh, because rows are only added
/// with their block and removed with it. Trust: the endpoint for its view of the chain; logs are tied to the hashes of the blocks they came
/// from, and a page that straddles a reorganisation is thrown away.
/// Flow: head → still on our chain? else roll back → logs in pages, each page one transaction → manifests → snapshot.</remarks>
internal sealed class ChainIndexer(
    EthereumNode node, Database database, LogWriter writer, ManifestLoader manifests, PartiesReader parties, ChainState state,
    Changes changes, ChainClock clock, NodeOptions options, TimeProvider time, ILogger<ChainIndexer> log) : BackgroundService
{
    private readonly HashSet<Topic> _news = [];
    private Parties? _parties;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await StepAsync(stoppingToken))
                {
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (EthereumException problem)
            {
                log.LogWarning("The chain cannot be read now: {Reason}", problem.Message);
            }
            catch (Exception problem)
            {
                log.LogError(problem, "Indexing failed; it is tried again.");
            }

            await Task.Delay(options.Indexing.PollInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One look at the chain. True when there is more to do at once.</summary>
    internal async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        var head = await node.BlockAsync(BlockReference.Latest, cancellationToken)
            ?? throw new RpcException(RpcErrorKind.InvalidResponse, "The chain has no newest block.");
        state.Heard(time.GetUtcNow());
        var stand = await StandAsync(cancellationToken);
        if (stand is not null && !await IsCanonicalAsync(stand, head, cancellationToken))
        {
            await RollBackAsync(stand, head, cancellationToken);
            _parties = null;
            _news.UnionWith(Enum.GetValues<Topic>()); // Whatever pages show may not be so any more.
            return true;
        }

        var from = stand is null ? Math.Max(0, options.DeployBlock) : stand.Number + 1;
        if (from <= (long)head.Number && !await ReadAsync((ulong)from, stand, head, cancellationToken))
            return true; // The chain moved while it was read.

        var complete = await manifests.LoadAsync(cancellationToken);
        _parties ??= await parties.ReadAsync(head.Hash, cancellationToken);
        if (state.Current is { } last && last.HeadHash != head.Hash && await HaveVotesTurnedAsync(last.Time, (long)head.Timestamp))
            _news.Add(Topic.Proposals);
        if (state.Current?.HeadHash != head.Hash)
            _news.Add(Topic.Head);
        clock.Show((long)head.Timestamp, time.GetUtcNow());
        state.Advance(new ChainSnapshot((long)head.Number, head.Hash, (long)head.Timestamp, _parties), complete, time.GetUtcNow());
        changes.Announce([.. _news]);
        _news.Clear();
        return false;
    }

    private async Task<bool> HaveVotesTurnedAsync(long from, long to)
    {
        await using var connection = await database.OpenAsync(CancellationToken.None);
        return await ChainTables.HasTurnedAsync(connection, from, to);
    }

    private async Task<BlockRow?> StandAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await ChainTables.NewestAsync(connection);
    }

    private async Task<bool> IsCanonicalAsync(BlockRow known, BlockHeader head, CancellationToken cancellationToken) =>
        known.Number == (long)head.Number ? known.Hash == head.Hash
        : known.Number < (long)head.Number
          && (await node.BlockAsync((ulong)known.Number, cancellationToken))?.Hash == known.Hash;

    private async Task RollBackAsync(BlockRow stand, BlockHeader head, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var below = stand.Number;
        BlockRow? shared = null;
        while (shared is null && await ChainTables.BlocksAsync(connection, below, 64) is { Count: > 0 } known)
        {
            foreach (var block in known)
            {
                below = block.Number;
                if (await IsCanonicalAsync(block, head, cancellationToken))
                {
                    shared = block;
                    break;
                }
            }
        }

        log.LogWarning("The chain went back: from block {Stand} to {Shared}.", stand.Number, shared?.Number ?? -1);
        await database.InTransactionAsync(async transaction =>
        {
            await ChainTables.RollBackAsync(transaction, shared?.Number ?? -1);
            return 0;
        }, cancellationToken);
    }

    /// <summary>False when a page did not belong to one chain; nothing of it was kept.</summary>
    private async Task<bool> ReadAsync(ulong from, BlockRow? stand, BlockHeader head, CancellationToken cancellationToken)
    {
        await foreach (var page in node.LogsAsync(writer.Filter, from, head.Number, cancellationToken))
        {
            var headers = new Dictionary<ulong, BlockHeader>();
            foreach (var number in page.Logs.Select(entry => entry.BlockNumber).Append(page.ToBlock).Distinct())
                if (await node.BlockAsync(number, cancellationToken) is { } header)
                    headers[number] = header;
            // Head first, then logs, then headers: when the newest block is still the head that was seen before, no block below it changed in between.
            var isWhole = headers.ContainsKey(page.ToBlock)
                && page.Logs.All(entry => headers.TryGetValue(entry.BlockNumber, out var header) && header.Hash == entry.BlockHash)
                && (stand is null || await IsCanonicalAsync(stand, head, cancellationToken))
                && (await node.BlockAsync(head.Number, cancellationToken))?.Hash == head.Hash;
            if (!isWhole)
                return false;

            var last = headers[page.ToBlock];
            await database.InTransactionAsync(async transaction =>
            {
                foreach (var entry in page.Logs)
                {
                    await writer.WriteAsync(transaction, entry, (long)headers[entry.BlockNumber].Timestamp);
                    await ChainTables.RememberAsync(transaction, (long)entry.BlockNumber, entry.BlockHash);
                }

                await ChainTables.RememberAsync(transaction, (long)last.Number, last.Hash);
                await ChainTables.PruneBlocksAsync(transaction, (long)last.Number);
                return 0;
            }, cancellationToken);
            _news.UnionWith(page.Logs.Select(writer.TopicOf).OfType<Topic>());
            stand = new BlockRow { Number = (long)last.Number, Hash = last.Hash };
            if (page.Logs.Any(writer.ConcernsParties))
                _parties = null;
        }

        return true;
    }
}
