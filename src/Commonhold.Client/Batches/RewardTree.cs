using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>The cumulative rewards after a batch: for each account, all its points since the first batch.</summary>
/// <remarks>Anyone recomputes it from the manifests; a claim pays the difference between a leaf and what was claimed before.</remarks>
public sealed class RewardTree
{
    private readonly KeyValuePair<Address, Points>[] _accounts;
    private readonly Lazy<MerkleTree> _tree;

    /// <exception cref="ArgumentException">No account has points, so there is no leaf.</exception>
    public RewardTree(IEnumerable<KeyValuePair<Address, Points>> cumulative)
    {
        // An account whose contributions earned nothing has nothing to claim, and no leaf.
        _accounts = [.. cumulative.Where(pair => pair.Value > Points.Zero).OrderBy(pair => pair.Key)];
        Total = _accounts.Aggregate(Points.Zero, (sum, pair) => sum + pair.Value);
        _tree = new Lazy<MerkleTree>(() => new MerkleTree([.. _accounts.Select(pair => HashLeaf(pair.Key, pair.Value))]));
    }

    /// <summary>Sum over all leaves: <c>rewardPoints</c> of the batch.</summary>
    public Points Total { get; }

    public int Count => _accounts.Length;

    /// <summary>Zero when nobody has earned anything yet.</summary>
    public Bytes32 Root => _accounts.Length == 0 ? Bytes32.Zero : _tree.Value.Root;

    /// <summary>What an account may have claimed in all, and the proof; null for an account without points.</summary>
    public RewardProof? Find(Address account)
    {
        int low = 0, high = _accounts.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            int order = _accounts[middle].Key.CompareTo(account);
            if (order == 0)
                return new RewardProof(account, _accounts[middle].Value, _tree.Value.Proof(middle));
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return null;
    }

    public static Bytes32 HashLeaf(Address account, Points cumulative)
    {
        WordWriter words = new(stackalloc byte[64]);
        words.Add(account);
        words.Add(cumulative.Value);
        Bytes32 inner = words.Hash();
        return Keccak256.Hash(inner.AsSpan());
    }
}

/// <summary>An account's cumulative points with the proof that <c>claim</c> takes.</summary>
public sealed record RewardProof(Address Account, Points CumulativePoints, IReadOnlyList<Bytes32> Proof);
