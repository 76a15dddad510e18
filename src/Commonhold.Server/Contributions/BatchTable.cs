using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Indexer;
using Commonhold.Server.Storage;

namespace Commonhold.Server.Contributions;

/// <summary>Committed batches and their manifests.</summary>
internal sealed class BatchTable(Database database, IBlobStore store)
{
    private const string Select = """
        SELECT batch_id AS BatchId, previous AS Previous, root AS Root, leaf_count AS LeafCount, points AS Points, reward_root AS RewardRoot,
               reward_points AS RewardPoints, struct_hash AS StructHash, transaction_hash AS TransactionHash, committed_at AS CommittedAt FROM batches
        """;

    public async Task<BatchInfo?> NewestAsync(CancellationToken cancellationToken) =>
        (await database.FindAsync<BatchRow>(Select + " ORDER BY batch_id DESC LIMIT 1", null, cancellationToken))?.ToInfo();

    /// <summary>False while the chain's batch is in the tables and its manifest is not.</summary>
    public async Task<bool> HasLeavesAsync(BatchInfo batch, CancellationToken cancellationToken) =>
        await database.FindAsync<long>("SELECT COUNT(*) FROM leaves WHERE batch_id = @id", new { id = (long)batch.Batch.BatchId.Value }, cancellationToken) == batch.Batch.Count;

    public async Task<BatchInfo?> FindAsync(BatchId id, CancellationToken cancellationToken) =>
        (await database.FindAsync<BatchRow>(Select + " WHERE batch_id = @id", new { id = (long)id.Value }, cancellationToken))?.ToInfo();

    public async Task<IReadOnlyList<BatchInfo>> FromAsync(long from, int limit, CancellationToken cancellationToken) =>
        [.. (await database.QueryAsync<BatchRow>(Select + " WHERE batch_id >= @from ORDER BY batch_id LIMIT @limit", new { from, limit }, cancellationToken))
            .Select(row => row.ToInfo())];

    /// <summary>The stored manifest as bytes; null when the batch or its manifest is not here.</summary>
    public async Task<Stream?> OpenManifestAsync(BatchId id, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken) is { } batch
            ? await store.OpenAsync(BlobName.OfManifest((long)id.Value, batch.Batch.Root), cancellationToken) : null;

    /// <summary>A contribution's leaf with its proof, from the manifest.</summary>
    public async Task<Result<ContributionProof>> ProveAsync(ContributionRow row, CancellationToken cancellationToken)
    {
        if (row.BatchId is not { } number || row.LeafIndex is not { } index)
            return new Refusal("contribution.not_committed", $"{row.CiphertextDigest} is in no batch yet.", "Ask again when its state is 'committed'.");
        var id = new BatchId((ulong)number);
        await using var stream = await OpenManifestAsync(id, cancellationToken);
        if (stream is null)
            return new Refusal("manifest.unknown", $"This node does not have the manifest of batch {id}.");
        var read = await BatchManifest.ReadAsync(stream, cancellationToken: cancellationToken);
        return read.TryGet(out var manifest, out var refusal)
            ? new ContributionProof(id, manifest.Leaves[(int)index], manifest.Root, manifest.Tree.Proof((int)index)) : refusal;
    }
}
