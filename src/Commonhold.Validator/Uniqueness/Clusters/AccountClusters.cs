using Commonhold.Validator.Ownership;
using Commonhold.Validator.State;

namespace Commonhold.Validator.Uniqueness.Clusters;

/// <summary>Which accounts are one person's, and why: limits and value are counted by cluster.</summary>
/// <remarks>Guarantee: the clusters are a function of the evidence and of who is proved (<see cref="ClusterRule"/>), so any order of the same
/// events gives the same ones, and no evidence that a stranger can make joins him to a proved member. Only what an event can
/// change is worked out again: the clusters of the account and of those that evidence links it to.
/// Changes belong to the open transaction of the state. One thread at a time.</remarks>
internal sealed class AccountClusters(ClusterStore store)
{
    /// <summary>Stands for the cluster: its lowest proved account; its lowest account when none is proved.</summary>
    public AccountNumber RootOf(AccountNumber account) => store.Root(store.Find(account).Cluster);

    /// <summary>The accounts of the cluster in order.</summary>
    public IReadOnlyList<AccountNumber> MembersOf(AccountNumber account) =>
        [.. store.Members(store.Find(account).Cluster).Select(m => m.Account).Order()];

    public bool IsProved(AccountNumber account) => store.Find(account).IsProved;

    /// <summary>The account was proved to be the member's (level ≥ account_code), for good.</summary>
    public ClusterChange Prove(AccountNumber account)
    {
        var (cluster, isProved) = store.Find(account);
        if (isProved)
            return new ClusterChange(store.Root(cluster), []);
        return Change(account, [account, .. store.Links(account).Select(l => l.Other(account))], () => store.Put(account, true, cluster));
    }

    /// <summary>The account proved an identity; call it for what a proof that passed shows, never for what a file merely says.</summary>
    public ClusterChange Claim(AccountNumber account, ClusterLink identity)
    {
        var others = store.Claim(account, identity.Kind, identity.Digest);
        return Change(account, [account, .. others], () =>
        {
            foreach (var other in others)
                store.Add(ClusterEvidence.Of(account, other, LinkKind.Identity, 1, 1, 1));
        });
    }

    /// <summary>Rows or texts that two accounts share.</summary>
    /// <param name="ofOne">How many rows or texts of that kind the first has in all; likewise the other.</param>
    public ClusterChange Link(AccountNumber one, AccountNumber other, LinkKind kind, int shared, int ofOne, int ofOther)
    {
        if (one == other || shared <= 0 || kind == LinkKind.Identity)
            throw new ArgumentException("Evidence links two accounts by something that both have; an identity is claimed.", nameof(other));
        return Change(one, [one, other], () => store.Add(ClusterEvidence.Of(one, other, kind, shared, ofOne, ofOther)));
    }

    /// <summary>Why two accounts are one: the evidence that leads from the first to the second; empty when they are not.</summary>
    public IReadOnlyList<ClusterEvidence> Explain(AccountNumber first, AccountNumber second)
    {
        var members = store.Members(store.Find(first).Cluster).ToDictionary(m => m.Account, m => m.IsProved);
        if (!members.ContainsKey(second))
            return [];
        var joining = ClusterRule.Joining(Among(members.Keys), a => members[a])
            .SelectMany(l => new[] { (From: l.First, Link: l), (From: l.Second, Link: l) }).ToLookup(l => l.From, l => l.Link);
        Dictionary<AccountNumber, ClusterEvidence?> reached = new() { [first] = null };
        Queue<AccountNumber> queue = new([first]);
        while (queue.TryDequeue(out var account) && account != second)
        {
            foreach (var link in joining[account].Where(l => reached.TryAdd(l.Other(account), l)))
                queue.Enqueue(link.Other(account));
        }

        List<ClusterEvidence> path = [];
        for (var at = second; reached.GetValueOrDefault(at) is { } link; at = link.Other(at))
            path.Insert(0, link);
        return path;
    }

    /// <summary>Makes a change and works out the clusters that it can touch.</summary>
    private ClusterChange Change(AccountNumber account, IReadOnlyCollection<AccountNumber> touched, Action change)
    {
        var clusters = touched.Select(a => store.Find(a).Cluster).Distinct().ToList();
        var before = clusters.Select(c => store.Members(c)[0]).Where(m => m.IsProved).Select(m => m.Account).ToList();
        change();
        var members = clusters.SelectMany(store.Members).Concat(touched.Select(a => (Account: a, store.Find(a).IsProved)))
            .DistinctBy(m => m.Account).ToDictionary(m => m.Account, m => store.Find(m.Account).IsProved);
        var split = ClusterRule.Split(members.Keys, Among(members.Keys), a => members[a]);
        foreach (var cluster in split.GroupBy(s => s.Value, s => s.Key))
        {
            // An account by itself need not be written down, unless something else stands there about it.
            foreach (var member in cluster.Where(m => m != cluster.Key || cluster.Count() > 1 || store.Find(m).Cluster != m))
                store.Put(member, members[member], cluster.Key);
        }

        var root = RootOf(account);
        return new ClusterChange(root, [.. before.Where(r => r != root && RootOf(r) == root).Order()]);
    }

    private List<ClusterEvidence> Among(IReadOnlyCollection<AccountNumber> accounts) =>
        [.. accounts.SelectMany(store.Links).Distinct().Where(l => accounts.Contains(l.First) && accounts.Contains(l.Second))];
}
