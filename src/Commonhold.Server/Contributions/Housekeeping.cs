using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Indexer;
using Commonhold.Server.Operations;
using Commonhold.Server.Storage;

namespace Commonhold.Server.Contributions;

/// <summary>Deletes what nobody may keep: files that the chain says are withdrawn, at once; refused, abandoned and never contributed ones, later.</summary>
internal sealed class Housekeeping(
    Database database, IBlobStore store, ContributionTable table, ChainState chain, NodeOptions options, TimeProvider time, ILogger<Housekeeping> log)
    : BackgroundService
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromHours(1);
    private readonly HashSet<Bytes32> _deleted = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var lastSweep = time.GetUtcNow();
        while (!stoppingToken.IsCancellationRequested)
        {
            var changed = chain.Changed.Next;
            try
            {
                await DeleteWithdrawnAsync(stoppingToken);
                if (time.GetUtcNow() - lastSweep >= SweepInterval)
                {
                    await SweepAsync(stoppingToken);
                    lastSweep = time.GetUtcNow();
                }

                await Pulse.WaitAsync(changed, SweepInterval, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem)
            {
                log.LogError(problem, "Housekeeping failed; it is tried again.");
                await Task.Delay(TimeSpan.FromSeconds(10), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    internal async Task DeleteWithdrawnAsync(CancellationToken cancellationToken)
    {
        foreach (var digest in await database.QueryAsync<Bytes32>("SELECT ciphertext_digest FROM withdrawals", null, cancellationToken))
            if (_deleted.Add(digest) && await store.DeleteAsync(BlobName.OfCiphertext(digest), cancellationToken))
                log.LogInformation("Deleted the withdrawn file {Digest}.", digest);
    }

    internal async Task SweepAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - options.Limits.UploadLifetime;
        await store.RemoveAbandonedUploadsAsync(before, cancellationToken);
        await foreach (var blob in store.ListAsync("blobs", cancellationToken))
        {
            if (blob.WrittenAt >= before)
                continue;
            var digest = Bytes32.Parse("0x" + Path.GetFileName(blob.Name.ToString()));
            var isKept = await table.FindAsync(digest, cancellationToken) is { } row
                ? row.State != ContributionState.Refused : await table.IsInLeafAsync(digest, cancellationToken);
            if (!isKept)
                await store.DeleteAsync(blob.Name, cancellationToken);
        }
    }
}
