using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Contributions;
using Commonhold.Server.Indexer;
using Commonhold.Server.Operations;
using Commonhold.Server.Relay;
using Commonhold.Server.Releases;
using Commonhold.Server.Storage;

namespace Commonhold.Server.Operate;

/// <summary>How this node stands, for everybody, and the few things that its operators may do to it.</summary>
/// <remarks>Guarantee: every act is written to a log that everybody reads, refused ones too. Trust: operators are trusted with this machine and
/// with nothing else: no act here opens a file, changes a contribution, moves money or counts a vote. Flow: act → write down → show.</remarks>
internal sealed class OperateDesk(
    Database database, IBlobStore store, ChainState chain, ReleaseBook releases, Outbox outbox, RelayerMeter relayer, ContributionTable contributions, BatchTable batches,
    IntakeGate intake, BatchWish wish, OperationsLog operations, FailureLog failures, Operators operators, NodeOptions options, TimeProvider time)
{
    private const int Shown = 20;

    /// <summary>An upload that nobody touched for so long may be removed by hand; by itself it goes after <see cref="LimitOptions.UploadLifetime"/>.</summary>
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromHours(1);

    /// <summary>So long an act is said to be what its operator just did.</summary>
    internal static readonly TimeSpan JustNow = TimeSpan.FromMinutes(2);

    public async Task<OperateModel> ReadAsync(Address? visitor, long? did, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var isOperator = operators.Contains(visitor);
        var newest = await batches.NewestAsync(cancellationToken);
        var queue = (await database.FindAsync<QueueRow>($"""
            SELECT (SELECT COUNT(*) FROM contributions c WHERE NOT EXISTS (SELECT 1 FROM verdicts v WHERE {ContributionTable.VerdictOf})) AS Waiting,
                   (SELECT MIN(c.received_at) FROM contributions c WHERE NOT EXISTS (SELECT 1 FROM verdicts v WHERE {ContributionTable.VerdictOf})) AS OldestAt,
                   (SELECT COUNT(*) FROM verdicts WHERE accepted = 0 AND received_at >= @today) AS RefusedToday,
                   (SELECT COUNT(*) FROM verdicts WHERE accepted = 1 AND received_at >= @today) AS AcceptedToday,
                   (SELECT COUNT(*) FROM verdicts v WHERE v.accepted = 1 AND NOT EXISTS (SELECT 1 FROM leaves l WHERE l.ciphertext_digest = v.ciphertext_digest)) AS Unbatched
            """, new { today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).ToUnixTimeSeconds() }, cancellationToken))!;
        var open = await database.FindAsync<OpenBatch>("""
            SELECT p.batch_id AS BatchId, p.leaf_count AS Count, p.created_at AS CreatedAt, (SELECT COUNT(*) FROM batch_signatures s WHERE s.struct_hash = p.struct_hash) AS Signatures
            FROM batch_proposals p ORDER BY p.batch_id DESC LIMIT 1
            """, null, cancellationToken);
        var blobs = (await database.FindAsync<BlobRow>("SELECT COUNT(*) AS Count, COALESCE(SUM(size), 0) AS Bytes FROM contributions", null, cancellationToken))!;
        var failedRelays = await database.QueryAsync<FailedRelay>(
            "SELECT id AS Id, kind AS Kind, error AS Error, updated_at AS At FROM relay_operations WHERE state = 'failed' ORDER BY updated_at DESC, id LIMIT @Shown", new { Shown }, cancellationToken);
        var acts = await operations.NewestAsync(Shown, cancellationToken);
        return new OperateModel(
            visitor, isOperator, operators.Count, await intake.IsOpenAsync(cancellationToken), await releases.GuardiansAsync(cancellationToken), chain.Current?.Parties.GuardianThreshold ?? 0,
            new QueueStanding(queue.Waiting, queue.OldestAt, queue.AcceptedToday, queue.RefusedToday, queue.Unbatched), open, newest, wish.IsAsked,
            await relayer.ReadAsync(cancellationToken), await outbox.CountOpenAsync(cancellationToken), failedRelays,
            new StorageStanding(store.AvailableBytes, options.Limits.ReservedBytes, blobs.Count, blobs.Bytes, await store.SummariseUploadsAsync(now - AbandonedAfter, cancellationToken), DatabaseBytes()),
            new ChainStanding(chain.Current?.Head, chain.Current?.Time, chain.Current is null ? null : now - chain.LastAnswer, chain.IsCaughtUp, now.ToUnixTimeSeconds()),
            failures.Count, isOperator ? failures.Newest() : [], acts,
            // Not to everybody who is sent a link with a line's number as what they just did.
            acts.FirstOrDefault(act => act.Id == did && act.Account == visitor && now.ToUnixTimeSeconds() - act.At < (long)JustNow.TotalSeconds), options.Trial is not null);
    }

    /// <summary>Asks for the next batch at once.</summary>
    public async Task<string> MakeBatchAsync(CancellationToken cancellationToken)
    {
        var waiting = await contributions.PendingAsync(chain.Current?.Parties.Validators ?? [], 1, cancellationToken);
        if (waiting.Count == 0)
            return "Refused: no accepted contribution waits for a batch.";
        wish.Ask();
        return "Asked for; validators still have to sign it.";
    }

    public async Task<string> RetryRelayAsync(string id, CancellationToken cancellationToken) =>
        (await outbox.RetryAsync(id, cancellationToken)).TryGet(out _, out var refusal) ? "Queued again; until it is on the chain it counts as under way, and if it fails once more it is back under Failures." : $"Refused: {refusal.Detail}";

    public async Task<string> SwitchIntakeAsync(bool isOpen, CancellationToken cancellationToken)
    {
        await intake.SetAsync(isOpen, cancellationToken);
        return isOpen ? "New contributions are taken again." : "New contributions are refused until it is switched on again.";
    }

    public async Task<string> RemoveUploadsAsync(CancellationToken cancellationToken)
    {
        var removed = await store.RemoveAbandonedUploadsAsync(time.GetUtcNow() - AbandonedAfter, cancellationToken);
        return removed == 0 ? "There was none." : $"Removed {removed}.";
    }

    private long DatabaseBytes() => new[] { "", "-wal" }.Select(suffix => new FileInfo(database.Path + suffix)).Where(file => file.Exists).Sum(file => file.Length);

    private sealed record QueueRow
    {
        public long Waiting { get; init; }
        public long? OldestAt { get; init; }
        public long AcceptedToday { get; init; }
        public long RefusedToday { get; init; }
        public long Unbatched { get; init; }
    }

    private sealed record BlobRow
    {
        public long Count { get; init; }
        public long Bytes { get; init; }
    }
}
