using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Storage;

namespace Commonhold.Server.Contributions;

/// <summary>Every account's points since the first batch, and the proofs with which they are claimed.</summary>
internal sealed class RewardLedger(Database database)
{
    private volatile Built? _newest;

    public async Task<IReadOnlyDictionary<Address, Points>> CumulativeAsync(CancellationToken cancellationToken) =>
        (await database.QueryAsync<Row>("""
            SELECT r.account AS Account, r.cumulative_points AS Points FROM rewards r
            WHERE r.batch_id = (SELECT MAX(m.batch_id) FROM rewards m WHERE m.account = r.account)
            """, null, cancellationToken)).ToDictionary(row => row.Account, row => row.Points);

    /// <summary>The tree that would stand after this batch.</summary>
    public async Task<RewardTree> AfterAsync(BatchManifest manifest, CancellationToken cancellationToken)
    {
        var cumulative = new Dictionary<Address, Points>(await CumulativeAsync(cancellationToken));
        foreach (var leaf in manifest.Leaves)
            cumulative[leaf.Owner] = cumulative.GetValueOrDefault(leaf.Owner) + leaf.Points;
        return new RewardTree(cumulative);
    }

    public async Task<RewardStatus> OfAsync(Address account, CancellationToken cancellationToken)
    {
        var tree = await NewestAsync(cancellationToken);
        var claimed = await database.FindAsync<Row>("""
            SELECT account AS Account, claimed_points AS Points FROM reward_claims WHERE account = @account
            ORDER BY block_number DESC, log_index DESC LIMIT 1
            """, new { account }, cancellationToken);
        var proof = tree?.Find(account);
        return new RewardStatus(account, proof?.CumulativePoints ?? Points.Zero, proof?.Proof ?? [], claimed?.Points ?? Points.Zero);
    }

    /// <summary>The tree under the registry's reward root; null before the first batch.</summary>
    /// <exception cref="CommonholdException">The manifests here do not add up to what the validators signed.</exception>
    private async Task<RewardTree?> NewestAsync(CancellationToken cancellationToken)
    {
        var head = await database.FindAsync<HeadRow>(
            "SELECT struct_hash AS StructHash, reward_root AS RewardRoot FROM batches ORDER BY batch_id DESC LIMIT 1", null, cancellationToken);
        if (head is null)
            return null;
        if (_newest is { } newest && newest.StructHash == head.StructHash)
            return newest.Tree;
        var tree = new RewardTree(await CumulativeAsync(cancellationToken));
        if (tree.Root != head.RewardRoot)
            throw new CommonholdException(new Refusal("rewards.not_ready",
                $"The manifests that this node has add up to the reward root {tree.Root}; the chain has {head.RewardRoot}.",
                "A manifest is missing; ask another node or the operator."), isTransient: true);
        _newest = new Built(head.StructHash, tree);
        return tree;
    }

    private sealed record Built(Bytes32 StructHash, RewardTree Tree);

    private sealed record Row
    {
        public Address Account { get; init; }
        public Points Points { get; init; }
    }

    private sealed record HeadRow
    {
        public Bytes32 StructHash { get; init; }
        public Bytes32 RewardRoot { get; init; }
    }
}
