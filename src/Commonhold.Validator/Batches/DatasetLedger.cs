using System.Runtime.InteropServices;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Validator.Batches;

/// <summary>The dataset up to one batch, from the manifests: what it holds, who owns which account, what each has earned.</summary>
/// <remarks>Thread-safe for reading while it moves from batch to batch.</remarks>
internal sealed class DatasetLedger
{
    private readonly Lock _lock = new();
    private readonly HashSet<Bytes32> _digests = [];
    private readonly HashSet<Bytes32> _shares = [];
    private readonly Dictionary<Bytes32, (Address Owner, Points Paid)> _accounts = [];
    private readonly Dictionary<Address, Points> _rewards = [];

    /// <summary>Struct hash of the newest batch in it; zero for none.</summary>
    public Bytes32 Head { get; private set; }

    /// <summary>Number of batches in it.</summary>
    public ulong Count { get; private set; }

    public bool HasDigest(Bytes32 digest) => Read(() => _digests.Contains(digest));

    public bool HasShare(Bytes32 share) => Read(() => _shares.Contains(share));

    public Address? OwnerOf(Bytes32 nullifier) => Read(() => _accounts.TryGetValue(nullifier, out var a) ? a.Owner : (Address?)null);

    public Points PaidTo(Bytes32 nullifier) => Read(() => _accounts.TryGetValue(nullifier, out var a) ? a.Paid : Points.Zero);

    /// <summary>Why these leaves must not come next; null when they may.</summary>
    public Refusal? Judge(IReadOnlyList<Leaf> leaves)
    {
        lock (_lock)
        {
            HashSet<Bytes32> digests = [], shares = [];
            Dictionary<Bytes32, Address> owners = [];
            foreach (Leaf leaf in leaves)
            {
                if (_digests.Contains(leaf.CiphertextDigest) || !digests.Add(leaf.CiphertextDigest))
                    return new Refusal("batch.duplicate_digest", $"{leaf.CiphertextDigest} stands twice in the dataset.");
                if (_shares.Contains(leaf.EphemeralShare) || !shares.Add(leaf.EphemeralShare))
                    return new Refusal("batch.duplicate_share", $"The share {leaf.EphemeralShare} stands twice in the dataset.");
                Address owner = _accounts.TryGetValue(leaf.Nullifier, out var known) ? known.Owner : owners.GetValueOrDefault(leaf.Nullifier, leaf.Owner);
                owners[leaf.Nullifier] = owner;
                if (owner != leaf.Owner)
                    return new Refusal("batch.account_shared", $"The account {leaf.Nullifier} has two owners: {owner} and {leaf.Owner}.");
            }

            return null;
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

    public void Take(Bytes32 structHash, IReadOnlyList<Leaf> leaves)
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
            Head = Bytes32.Zero;
            Count = 0;
        }
    }

    private T Read<T>(Func<T> read)
    {
        lock (_lock)
        {
            return read();
        }
    }
}
