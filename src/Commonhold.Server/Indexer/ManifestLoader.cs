using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Operations;
using Commonhold.Server.Storage;
using Dapper;

namespace Commonhold.Server.Indexer;

/// <summary>Fills leaves and rewards from the manifests in storage, batch after batch, each checked against its root on chain.</summary>
internal sealed class ManifestLoader(Dao dao, Database database, IBlobStore store, Changes changes, ILogger<ManifestLoader> log)
{
    private string? _lastComplaint;

    /// <summary>True when every batch of the tables has its leaves.</summary>
    public async Task<bool> LoadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var batch = await database.FindAsync<Missing>("""
                SELECT b.batch_id AS BatchId, b.root AS Root, b.leaf_count AS LeafCount, b.block_number AS BlockNumber FROM batches b
                WHERE NOT EXISTS (SELECT 1 FROM leaves l WHERE l.batch_id = b.batch_id) ORDER BY b.batch_id LIMIT 1
                """, null, cancellationToken);
            if (batch is null)
                return true;
            await using var stream = await store.OpenAsync(BlobName.OfManifest(batch.BatchId, batch.Root), cancellationToken);
            if (stream is null)
                return Complain($"The manifest of batch {batch.BatchId} with root {batch.Root} is not in storage; later batches wait for it.");

            var read = await BatchManifest.ReadAsync(stream, cancellationToken: cancellationToken);
            if ((read.Refusal ?? read.Value.Against(dao.ChainId, dao.Addresses.Registry, new BatchId((ulong)batch.BatchId), batch.Root, (uint)batch.LeafCount)) is { } refusal)
                return Complain($"The manifest of batch {batch.BatchId} in storage is wrong: {refusal}");

            await InsertAsync(batch, read.Value, cancellationToken);
            changes.Announce(Topic.Contributions); // The manifest may have come long after the block that named it.
        }
    }

    private bool Complain(string complaint)
    {
        if (complaint != _lastComplaint)
            log.LogError("{Complaint}", complaint);
        _lastComplaint = complaint;
        return false;
    }

    private Task InsertAsync(Missing batch, BatchManifest manifest, CancellationToken cancellationToken) =>
        database.InTransactionAsync(async transaction =>
        {
            var connection = transaction.Connection!;
            await connection.ExecuteAsync("""
                INSERT INTO leaves (batch_id, leaf_index, ciphertext_digest, owner, size, ephemeral_share, schema_digest, key_epoch, points, nullifier, block_number)
                VALUES (@BatchId, @Index, @CiphertextDigest, @Owner, @Size, @EphemeralShare, @Schema, @KeyEpoch, @Points, @Nullifier, @BlockNumber)
                """, manifest.Leaves.Select(leaf => new
            {
                batch.BatchId, Index = (long)leaf.Index, leaf.CiphertextDigest, leaf.Owner, Size = (long)leaf.Size, leaf.EphemeralShare, leaf.Schema,
                KeyEpoch = (long)leaf.KeyEpoch, leaf.Points, leaf.Nullifier, batch.BlockNumber,
            }), transaction);
            foreach (var earned in manifest.Leaves.GroupBy(leaf => leaf.Owner))
            {
                var points = earned.Aggregate(Points.Zero, (sum, leaf) => sum + leaf.Points);
                if (points == Points.Zero)
                    continue;
                var before = await connection.QueryFirstOrDefaultAsync<Points?>(
                    "SELECT cumulative_points FROM rewards WHERE account = @account ORDER BY batch_id DESC LIMIT 1", new { account = earned.Key }, transaction);
                await connection.ExecuteAsync("INSERT INTO rewards (account, batch_id, cumulative_points, block_number) VALUES (@Account, @BatchId, @Points, @BlockNumber)",
                    new { Account = earned.Key, batch.BatchId, Points = (before ?? Points.Zero) + points, batch.BlockNumber }, transaction);
            }

            return 0;
        }, cancellationToken);

    private sealed record Missing
    {
        public long BatchId { get; init; }
        public Bytes32 Root { get; init; }
        public long LeafCount { get; init; }
        public long BlockNumber { get; init; }
    }
}
