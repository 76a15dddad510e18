using System.Runtime.InteropServices;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Validator.Batches;

/// <summary>What the report of a leaf's verdict says that the leaf itself does not.</summary>
/// <param name="IsProved">Its evidence proved that the account is the owner's.</param>
/// <param name="PaidBefore">What its validator knew to have been paid to the account before.</param>
internal sealed record LeafGrounds(bool IsProved, Points PaidBefore);

/// <summary>The dataset up to one batch, from the manifests: what it holds, who owns which account, what each has earned.</summary>
/// <remarks>Thread-safe for reading while it moves from batch to batch.</remarks>
internal sealed class DatasetLedger
{
    private readonly Lock _lock = new();
    private readonly HashSet<Bytes32> _digests = [];
    private readonly HashSet<Bytes32> _shares = [];
    private readonly Dictionary<Bytes32, (Address Owner, Points Paid)> _accounts = [];
    private readonly Dictionary<Address, Points> _rewards = [];
    private readonly HashSet<Bytes32> _proved = [];

    /// <summary>Struct hash of the newest batch in it; zero for none.</summary>
    public Bytes32 Head { get; private set; }

    /// <summary>Number of batches in it.</summary>
    public ulong Count { get; private set; }

    public bool HasDigest(Bytes32 digest) => Read(() => _digests.Contains(digest));

    public bool HasShare(Bytes32 share) => Read(() => _shares.Contains(share));

    public Address? OwnerOf(Bytes32 nullifier) => Read(() => _accounts.TryGetValue(nullifier, out var a) ? a.Owner : (Address?)null);

    public Points PaidTo(Bytes32 nullifier) => Read(() => _accounts.TryGetValue(nullifier, out var a) ? a.Paid : Points.Zero);

    /// <summary>The account was proved to be its owner's, in a batch whose verdicts this validator saw.</summary>
    public bool IsProved(Bytes32 nullifier) => Read(() => _proved.Contains(nullifier));

    /// <summary>Why these leaves must not come next; null when they may.</summary>
    /// <param name="grounds">What the verdict of each leaf says of its account, in order.</param>
    public Refusal? Judge(IReadOnlyList<Leaf> leaves, IReadOnlyList<LeafGrounds> grounds)
    {
        lock (_lock)
        {
            HashSet<Bytes32> digests = [], shares = [];
            Dictionary<Bytes32, Address> owners = [];
            HashSet<Bytes32> moved = [];
            for (int i = 0; i < leaves.Count; i++)
            {
                Leaf leaf = leaves[i];
                if (_digests.Contains(leaf.CiphertextDigest) || !digests.Add(leaf.CiphertextDigest))
                    return new Refusal("batch.duplicate_digest", $"{leaf.CiphertextDigest} stands twice in the dataset.");
                if (_shares.Contains(leaf.EphemeralShare) || !shares.Add(leaf.EphemeralShare))
                    return new Refusal("batch.duplicate_share", $"The share {leaf.EphemeralShare} stands twice in the dataset.");
                Address owner = owners.TryGetValue(leaf.Nullifier, out Address before) ? before
                    : _accounts.TryGetValue(leaf.Nullifier, out var known) ? known.Owner : leaf.Owner;
                owners[leaf.Nullifier] = owner;
                if (owner == leaf.Owner)
                    continue;
                // Only from who proved nothing to who did, and not twice in one batch.
                bool isMove = grounds[i].IsProved && !_proved.Contains(leaf.Nullifier) && _accounts.ContainsKey(leaf.Nullifier) && moved.Add(leaf.Nullifier);
                if (!isMove && !(moved.Contains(leaf.Nullifier) && owners[leaf.Nullifier] == leaf.Owner))
                    return new Refusal("batch.account_shared", $"The account {leaf.Nullifier} has two owners: {owner} and {leaf.Owner}.");
                owners[leaf.Nullifier] = leaf.Owner;
            }

            return Paid(leaves, grounds);
        }
    }

    /// <summary>The rewards after these leaves, without taking them in.</summary>
    public RewardTree RewardsWith(IReadOnlyList<Leaf> leaves)
    {
        lock (_lock)
        {
            Dictionary<Address, Points> rewards = new(_rewards);
            foreach (Leaf leaf in leaves)
            {
                ref Points points = ref CollectionsMarshal.GetValueRefOrAddDefault(rewards, leaf.Owner, out _);
                points += leaf.Points;
            }

            return new RewardTree(rewards);
        }
    }

    /// <param name="proved">Accounts that the batch's verdicts proved, as far as they were seen.</param>
    public void Take(Bytes32 structHash, IReadOnlyList<Leaf> leaves, IEnumerable<Bytes32> proved)
    {
        lock (_lock)
        {
            foreach (Leaf leaf in leaves)
            {
                _digests.Add(leaf.CiphertextDigest);
                _shares.Add(leaf.EphemeralShare);
                Points paid = _accounts.TryGetValue(leaf.Nullifier, out var known) ? known.Paid : Points.Zero;
                _accounts[leaf.Nullifier] = (leaf.Owner, paid + leaf.Points);
                ref Points points = ref CollectionsMarshal.GetValueRefOrAddDefault(_rewards, leaf.Owner, out _);
                points += leaf.Points;
            }

            _proved.UnionWith(proved);
            Head = structHash;
            Count++;
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _digests.Clear();
            _shares.Clear();
            _accounts.Clear();
            _rewards.Clear();
            _proved.Clear();
            Head = Bytes32.Zero;
            Count = 0;
        }
    }

    /// <summary>Each verdict must have known of everything that was paid before it, or two validators have paid the same rows twice.</summary>
    private Refusal? Paid(IReadOnlyList<Leaf> leaves, IReadOnlyList<LeafGrounds> grounds)
    {
        foreach (var account in leaves.Zip(grounds).GroupBy(l => l.First.Nullifier))
        {
            Points paid = _accounts.TryGetValue(account.Key, out var known) ? known.Paid : Points.Zero;
            foreach ((Leaf leaf, LeafGrounds ground) in account.OrderBy(l => l.Second.PaidBefore))
            {
                if (ground.PaidBefore < paid)
                    return new Refusal("verdict.paid_before_stale", $"The account {leaf.Nullifier} had {paid} points; the verdict of {leaf.CiphertextDigest} knows of {ground.PaidBefore}.", "Decide it anew.");
                paid += leaf.Points;
            }
        }

        return null;
    }

    private T Read<T>(Func<T> read)
    {
        lock (_lock)
        {
            return read();
        }
    }
}
