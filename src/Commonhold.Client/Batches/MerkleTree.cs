using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>A Merkle tree that OpenZeppelin's MerkleProof verifies: pairs are hashed in sorted order.</summary>
/// <remarks>Leaves stand in the order given; a level's odd last node moves up unchanged; the root of one leaf is the leaf.
/// All levels are kept, 64 bytes a leaf, so a proof is read off and not computed.</remarks>
public sealed class MerkleTree
{
    /// <summary>Below this, starting threads costs more than hashing.</summary>
    private const int ParallelFrom = 4096;

    private readonly List<Bytes32[]> _levels = [];

    /// <exception cref="ArgumentException">There is no leaf: an empty tree has no root.</exception>
    public MerkleTree(IReadOnlyCollection<Bytes32> leaves)
    {
        if (leaves.Count == 0)
            throw new ArgumentException("A tree needs a leaf.", nameof(leaves));

        Bytes32[] level = [.. leaves];
        _levels.Add(level);
        while (level.Length > 1)
        {
            level = Above(level);
            _levels.Add(level);
        }
    }

    public Bytes32 Root => _levels[^1][0];

    public int Count => _levels[0].Length;

    /// <summary>The siblings from the leaf up, as MerkleProof.verify takes them.</summary>
    public IReadOnlyList<Bytes32> Proof(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        List<Bytes32> proof = new(_levels.Count);
        foreach (Bytes32[] level in _levels)
        {
            int sibling = index ^ 1;
            if (sibling < level.Length)
                proof.Add(level[sibling]);
            index >>= 1;
        }

        return proof;
    }

    public static bool Verify(Bytes32 root, Bytes32 leaf, IEnumerable<Bytes32> proof)
    {
        Bytes32 node = leaf;
        foreach (Bytes32 sibling in proof)
            node = Pair(node, sibling);
        return node == root;
    }

    private static Bytes32 Pair(Bytes32 left, Bytes32 right) =>
        left.CompareTo(right) < 0 ? Keccak256.Hash(left, right) : Keccak256.Hash(right, left);

    private static Bytes32[] Above(Bytes32[] level)
    {
        int pairs = level.Length / 2;
        Bytes32[] above = new Bytes32[(level.Length + 1) / 2];
        if (pairs >= ParallelFrom)
            Parallel.For(0, pairs, i => above[i] = Pair(level[2 * i], level[(2 * i) + 1]));
        else
        {
            for (int i = 0; i < pairs; i++)
                above[i] = Pair(level[2 * i], level[(2 * i) + 1]);
        }

        if (level.Length % 2 == 1)
            above[^1] = level[^1];
        return above;
    }
}
