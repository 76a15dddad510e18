using System.Collections.Concurrent;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Guardians.Chain;

/// <summary>Where a contribution stands in the dataset.</summary>
internal readonly record struct LeafPlace(ulong Batch, uint Index);

/// <summary>Which leaf owns an ephemeral share: the first one of the dataset that carried it, withdrawn or not.</summary>
/// <remarks>Without it a thief puts the share of a victim's file under an own contribution and has guardians open the
/// victim's file under a grant that covers only the thief's (design §3). Every manifest from batch 0 on goes in, in order,
/// each proven against the chain. Rebuilt from the disk cache at start; about 100 bytes a contribution in memory.</remarks>
internal sealed class ShareIndex(ManifestStore manifests) : IDisposable
{
    private readonly SemaphoreSlim _updating = new(1, 1);
    private volatile State _state = new();

    /// <summary>The batch's shares and who owns them, as of the block that <paramref name="chain"/> reads.</summary>
    /// <exception cref="GuardianException">A manifest up to this batch is missing or is not the chain's.</exception>
    public async Task<IndexedBatch> GetAsync(BatchId batch, IBatchSource chain, CancellationToken cancellationToken)
    {
        await _updating.WaitAsync(cancellationToken);
        try
        {
            // Batches never change once they are on chain, so what was proven at an ancestor still holds at this block.
            var state = _state;
            if (state.ReadAt is { } readAt && readAt != chain.Block)
            {
                if (!await chain.IsCanonicalAsync(readAt, cancellationToken))
                    state = new State();
                else if (chain.Block.Number > readAt.Number)
                    state.ReadAt = chain.Block;
            }

            if (batch.Value >= (ulong)state.Batches.Count)
                await AddAsync(state, batch, chain, cancellationToken);
            _state = state;
            return new IndexedBatch(batch, state.Batches[(int)batch.Value], state.Owners);
        }
        finally
        {
            _updating.Release();
        }
    }

    public void Dispose() => _updating.Dispose();

    private async Task AddAsync(State state, BatchId last, IBatchSource chain, CancellationToken cancellationToken)
    {
        var first = (ulong)state.Batches.Count;
        var commitments = await chain.ReadBatchesAsync(first, last.Value, cancellationToken);
        for (var i = 0; i < commitments.Count; i++)
        {
            var number = first + (ulong)i;
            var shares = await manifests.GetAsync(new BatchId(number), commitments[i], cancellationToken);
            for (uint leaf = 0; leaf < shares.Count; leaf++)
                state.Owners.TryAdd(shares.Share(leaf), new LeafPlace(number, leaf));
            state.Batches.Add(shares);
            // After each batch: a node that goes away half way leaves what is proven so far.
            state.ReadAt = chain.Block;
        }
    }

    private sealed class State
    {
        public List<BatchShares> Batches { get; } = [];

        public ConcurrentDictionary<Bytes32, LeafPlace> Owners { get; } = new();

        public BlockPoint? ReadAt { get; set; }
    }
}

/// <summary>The chain at one block, as far as the index needs it.</summary>
internal interface IBatchSource
{
    BlockPoint Block { get; }

    Task<IReadOnlyList<BatchCommitment>> ReadBatchesAsync(ulong first, ulong last, CancellationToken cancellationToken);

    /// <summary>Whether a block seen before is still an ancestor of <see cref="Block"/>.</summary>
    Task<bool> IsCanonicalAsync(BlockPoint block, CancellationToken cancellationToken);
}

/// <summary>One batch of the index.</summary>
internal sealed class IndexedBatch(BatchId id, BatchShares shares, ConcurrentDictionary<Bytes32, LeafPlace> owners)
{
    public BatchId Id { get; } = id;

    public uint Count => shares.Count;

    public Bytes32 Share(uint index) => shares.Share(index);

    public uint Epoch(uint index) => shares.Epoch(index);

    /// <summary>The key epoch that one call is answered for: that of the first contribution which exists.</summary>
    public uint EpochOf(IReadOnlyList<uint> indices) => indices.Where(i => i < Count).Select(Epoch).FirstOrDefault(Epoch(0));

    /// <summary>The leaf that owns this leaf's share, when it is another one.</summary>
    public LeafPlace? EarlierOwner(uint index) =>
        owners.TryGetValue(shares.Share(index), out var owner) && owner != new LeafPlace(Id.Value, index) ? owner : null;
}
