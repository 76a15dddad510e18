using System.Collections.Concurrent;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Indexer;
using Commonhold.Server.Operations;
using Commonhold.Server.Storage;

namespace Commonhold.Server.Contributions;

/// <summary>The batch that is open for signatures: at most one for each batch number, its manifest already in storage.</summary>
internal sealed class BatchProposals(
    Dao dao, Database database, IBlobStore store, ContributionTable table, Journal journal, RewardLedger rewards, NodeOptions options, TimeProvider time, WorkBell bell, BatchWish wish)
{
    private readonly ConcurrentDictionary<Bytes32, BatchProposal> _built = new();

    /// <summary>Drops candidates that the chain has overtaken, and proposes the next batch when enough is waiting, or long enough.</summary>
    /// <param name="next">How many batches there are.</param>
    /// <param name="previous">The struct hash of the newest; zero when there is none.</param>
    /// <returns>The open batch, if there is one, and whether it was opened now.</returns>
    public async Task<(BatchMessage? Open, bool IsNew)> RefreshAsync(
        BatchId next, Bytes32 previous, ChainSnapshot snapshot, CancellationToken cancellationToken)
    {
        var id = (long)next.Value;
        await database.ExecuteAsync("""
            DELETE FROM batch_signatures WHERE struct_hash IN (SELECT struct_hash FROM batch_proposals WHERE batch_id <> @id OR previous <> @previous);
            DELETE FROM batch_proposals WHERE batch_id <> @id OR previous <> @previous;
            """, new { id, previous }, cancellationToken);
        if (await FindRowAsync(next, cancellationToken) is { } open)
        {
            // A verdict counts while its validator is one: the others would refuse to sign, and nothing would ever be committed again.
            var built = await BuildAsync(open, cancellationToken);
            if (built.Verdicts.Count == built.Count && built.Verdicts.All(verdict => snapshot.IsValidator(verdict.Validator)))
                return (open.ToMessage(), false);
            await DropAsync(open.ToMessage(), cancellationToken);
        }

        var usable = BatchingRules.Signable(await KnowingAsync(await table.PendingAsync(snapshot.Parties.Validators, options.Batching.MaxCount, cancellationToken), cancellationToken));
        if (usable.Count == 0 || !(wish.IsAsked || BatchingRules.IsDue(usable.Count, usable[0].JudgedAt!.Value, options.Batching, time.GetUtcNow())))
            return (null, false);
        wish.Done();
        return (await ProposeAsync(next, previous, usable, cancellationToken), true);
    }

    /// <summary>Those whose verdicts know of everything that was paid; the others go back to their validators.</summary>
    private async Task<IReadOnlyList<ContributionRow>> KnowingAsync(IReadOnlyList<ContributionRow> pending, CancellationToken cancellationToken)
    {
        var knowing = new List<ContributionRow>(pending.Count);
        foreach (var row in pending)
        {
            if (await table.CommittedToAsync(row.Nullifier!.Value, cancellationToken) <= row.PaidBefore!.Value)
                knowing.Add(row);
            else
                await journal.DropVerdictAsync(row.CiphertextDigest, cancellationToken);
        }

        if (knowing.Count < pending.Count)
            bell.Rang.Beat();
        return knowing;
    }

    public async Task<BatchMessage?> FindAsync(BatchId id, CancellationToken cancellationToken) =>
        (await FindRowAsync(id, cancellationToken))?.ToMessage();

    public Task<int> DropAsync(BatchMessage batch, CancellationToken cancellationToken) => database.ExecuteAsync("""
        DELETE FROM batch_signatures WHERE struct_hash = @hash;
        DELETE FROM batch_proposals WHERE struct_hash = @hash;
        """, new { hash = batch.StructHash() }, cancellationToken);

    public Task<int> AddAsync(BatchSignature signature, CancellationToken cancellationToken) => database.ExecuteAsync("""
        INSERT INTO batch_signatures (struct_hash, validator, signature) VALUES (@StructHash, @Validator, @Signature)
        ON CONFLICT (struct_hash, validator) DO NOTHING
        """, signature, cancellationToken);

    public async Task<IReadOnlyList<BatchSignature>> SignaturesAsync(Bytes32 structHash, CancellationToken cancellationToken) =>
        [.. (await database.QueryAsync<SignatureRow>("""
            SELECT struct_hash AS StructHash, validator AS Validator, signature AS Signature FROM batch_signatures WHERE struct_hash = @structHash
            """, new { structHash }, cancellationToken)).Select(row => new BatchSignature(row.Validator, row.StructHash, row.Signature))];

    /// <summary>The open batch with everything a validator needs to check it, unless this validator has signed it.</summary>
    public async Task<BatchProposal?> UnsignedByAsync(Address validator, CancellationToken cancellationToken)
    {
        var row = await database.FindAsync<BatchRow>(Select + """
             p WHERE NOT EXISTS (SELECT 1 FROM batch_signatures s WHERE s.struct_hash = p.struct_hash AND s.validator = @validator)
            """, new { validator }, cancellationToken);
        return row is null ? null : await BuildAsync(row, cancellationToken);
    }

    private Task<BatchRow?> FindRowAsync(BatchId id, CancellationToken cancellationToken) =>
        database.FindAsync<BatchRow>(Select + " WHERE batch_id = @id", new { id = (long)id.Value }, cancellationToken);

    private async Task<BatchProposal> BuildAsync(BatchRow row, CancellationToken cancellationToken)
    {
        var batch = row.ToMessage();
        if (_built.TryGetValue(row.StructHash, out var built))
            return built;
        await using var stream = await store.OpenAsync(BlobName.OfManifest((long)batch.BatchId.Value, batch.Root), cancellationToken)
            ?? throw new InvalidOperationException($"The manifest of the open batch {batch.BatchId} is not in storage.");
        var manifest = (await BatchManifest.ReadAsync(stream, cancellationToken: cancellationToken)).Value;
        var verdicts = new List<VerdictSubmission>(manifest.Leaves.Count);
        foreach (var leaf in manifest.Leaves)
            if ((await table.FindAsync(leaf.CiphertextDigest, cancellationToken))?.ToVerdict() is { } verdict)
                verdicts.Add(verdict); // None when the contribution was given to another validator since: the batch is about to be dropped.
        return Remember(BatchProposal.From(batch, manifest, verdicts));
    }

    private async Task<BatchMessage?> ProposeAsync(
        BatchId id, Bytes32 previous, List<ContributionRow> rows, CancellationToken cancellationToken)
    {
        var verdicts = rows.Select(row => row.ToVerdict()!).ToList();
        var manifest = new BatchManifest(dao.ChainId, dao.Addresses.Registry, id,
            [.. verdicts.Select((verdict, index) => verdict.ToLeaf((uint)index))]);
        var after = await rewards.AfterAsync(manifest, cancellationToken);
        if (after.Total == Points.Zero)
            return null; // The registry takes no empty reward root; these wait for the first contribution that earns something.
        var batch = BatchMessage.Of(manifest, after, previous);
        // Before anyone can sign it: a batch on chain without its manifest would be a batch that nobody can open.
        await store.WriteAsync(BlobName.OfManifest((long)id.Value, manifest.Root), manifest.ToJsonBytes(), cancellationToken);
        await database.ExecuteAsync("""
            INSERT INTO batch_proposals (batch_id, previous, root, leaf_count, points, reward_root, reward_points, struct_hash, created_at)
            VALUES (@BatchId, @Previous, @Root, @Count, @Points, @RewardRoot, @RewardPoints, @StructHash, @CreatedAt)
            """, new
        {
            BatchId = (long)id.Value, batch.Previous, batch.Root, Count = (long)batch.Count, batch.Points, batch.RewardRoot, batch.RewardPoints,
            StructHash = batch.StructHash(), CreatedAt = time.GetUtcNow().ToUnixTimeSeconds(),
        }, cancellationToken);
        Remember(BatchProposal.From(batch, manifest, verdicts));
        return batch;
    }

    private BatchProposal Remember(BatchProposal proposal)
    {
        _built.Clear(); // Only one is open at a time.
        _built[proposal.StructHash()] = proposal;
        return proposal;
    }

    private const string Select = """
        SELECT batch_id AS BatchId, previous AS Previous, root AS Root, leaf_count AS LeafCount, points AS Points, reward_root AS RewardRoot,
               reward_points AS RewardPoints, struct_hash AS StructHash FROM batch_proposals
        """;

    private sealed record SignatureRow
    {
        public Bytes32 StructHash { get; init; }
        public Address Validator { get; init; }
        public Signature Signature { get; init; }
    }
}

/// <summary>When a batch is made.</summary>
internal static class BatchingRules
{
    /// <summary>What the registry takes in one batch (docs/protocol.md §2).</summary>
    public static readonly Points MostPoints = new((1UL << 48) - 1);

    /// <summary>The longest list that validators sign and the registry takes: an account has one owner, each verdict knows of what
    /// the others paid, and the points fit. One
    /// validator's verdict alone must not be able to keep all others out of every batch.</summary>
    public static List<ContributionRow> Signable(IReadOnlyList<ContributionRow> pending)
    {
        var signable = new List<ContributionRow>(pending.Count);
        var accounts = new Dictionary<Bytes32, (Address Owner, Points Earned, Points Known)>();
        var sum = Points.Zero;
        // Of one account the verdicts that were given first come first: each must know what the one before it paid.
        foreach (var row in pending.OrderBy(row => row.PaidBefore ?? Points.Zero))
        {
            var isSeen = accounts.TryGetValue(row.Nullifier!.Value, out var account);
            if (sum + row.Points!.Value > MostPoints || (isSeen && (account.Owner != row.Owner || row.PaidBefore < account.Known + account.Earned)))
                continue;
            accounts[row.Nullifier.Value] = isSeen
                ? account with { Earned = account.Earned + row.Points.Value }
                : (row.Owner, row.Points.Value, row.PaidBefore ?? Points.Zero);
            sum += row.Points.Value;
            signable.Add(row);
        }

        return [.. signable.OrderBy(row => row.JudgedAt).ThenBy(row => row.CiphertextDigest)];
    }

    /// <summary>Full, or its oldest has waited long enough.</summary>
    public static bool IsDue(int waiting, long oldestJudgedAt, BatchingOptions options, DateTimeOffset now) =>
        waiting > 0 && (waiting >= options.MaxCount || now.ToUnixTimeSeconds() - oldestJudgedAt >= options.MaxAge.TotalSeconds);
}

/// <summary>A batch in a table, proposed or committed.</summary>
internal sealed record BatchRow
{
    public long BatchId { get; init; }
    public Bytes32 Previous { get; init; }
    public Bytes32 Root { get; init; }
    public long LeafCount { get; init; }
    public Points Points { get; init; }
    public Bytes32 RewardRoot { get; init; }
    public Points RewardPoints { get; init; }
    public Bytes32 StructHash { get; init; }
    public Bytes32 TransactionHash { get; init; }
    public long CommittedAt { get; init; }

    public BatchMessage ToMessage() =>
        new(new BatchId((ulong)BatchId), Previous, Root, (uint)LeafCount, Points, RewardRoot, RewardPoints);

    public BatchInfo ToInfo() => new(ToMessage(), StructHash, TransactionHash, (ulong)CommittedAt);
}
