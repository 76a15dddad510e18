using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Server.Indexer;
using Commonhold.Server.Operations;
using Commonhold.Server.Relay;

namespace Commonhold.Server.Contributions;

/// <summary>Keeps the next batch moving: proposed, signed by enough validators, handed to the relayer.</summary>
/// <remarks>Guarantee: an accepted contribution ends in exactly one batch, whatever dies when. A batch is only proposed on top of tables that
/// hold every batch and leaf of the chain, and the registry takes one batch for each number, bound to the one before; what it did not take is
/// proposed again. Nothing is remembered here that is not in the tables.</remarks>
internal sealed class Batcher(
    Dao dao, ChainState chain, BatchTable batches, BatchProposals proposals, Outbox outbox, WorkBell bell, TimeProvider time, ILogger<Batcher> log)
    : BackgroundService
{
    private string? _lastRefusal;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var (rang, changed) = (bell.Rang.Next, chain.Changed.Next);
            try
            {
                await StepAsync(stoppingToken);
                await Pulse.WaitAsync(Task.WhenAny(rang, changed), TimeSpan.FromSeconds(1), time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem)
            {
                log.LogWarning(problem, "Batching waits: {Reason}", problem.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    internal async Task StepAsync(CancellationToken cancellationToken)
    {
        if (chain.Current is not { } snapshot || !chain.IsCaughtUp)
            return;
        var newest = await batches.NewestAsync(cancellationToken);
        // IsCaughtUp is of the last look: a batch may have come since whose leaves are still to be loaded, and they would be proposed again.
        if (newest is not null && !await batches.HasLeavesAsync(newest, cancellationToken))
            return;
        var next = new BatchId(newest is null ? 0 : newest.Batch.BatchId.Value + 1);
        var (open, isNew) = await proposals.RefreshAsync(next, newest?.StructHash ?? Bytes32.Zero, snapshot, cancellationToken);
        if (open is null)
            return;
        if (isNew)
            bell.Rang.Beat();

        var structHash = open.StructHash();
        var signatures = (await proposals.SignaturesAsync(structHash, cancellationToken)).Where(signature => snapshot.IsValidator(signature.Validator))
            .OrderBy(signature => signature.Validator).Take((int)snapshot.Parties.ValidatorThreshold).ToList();
        if (signatures.Count < snapshot.Parties.ValidatorThreshold)
            return;
        var commit = dao.Registry.CommitBatch(open.ToContract(), [.. signatures.Select(signature => (ReadOnlyMemory<byte>)signature.Signature.ToArray())]);
        var refusal = (await outbox.EnqueueAsync("commit", structHash.ToString(), [], Call.Of(commit, outbox.Gas.Commit), cancellationToken)).Refusal;
        if (refusal?.Code == "relay.would_revert")
            await proposals.DropAsync(open, cancellationToken); // Made on tables that the chain has overtaken; the next one is made on newer ones.
        if (refusal is not null && refusal.ToString() != _lastRefusal)
            log.LogError("Batch {BatchId} cannot be committed: {Refusal}", open.BatchId.Value, refusal.ToString());
        _lastRefusal = refusal?.ToString();
    }
}
