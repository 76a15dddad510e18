using Commonhold.Ethereum;
using Commonhold.Tests.Guardian;
using Commonhold.Validator.Ownership;
using Commonhold.Validator.State;
using Commonhold.Validator.Uniqueness.Clusters;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Commonhold.Tests.Validator.Uniqueness;

public sealed class AccountClustersTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ValidatorState _state;

    public AccountClustersTests() => _state = ValidatorState.Open(_directory.Path);

    /// <summary>Something that happens to accounts 1 to 7.</summary>
    private sealed record Event(int Kind, uint One, uint Other, int Shared);

    private static readonly Gen<Event> Events =
        from kind in Gen.Elements(0, 1, 2, 3, 4, 4, 4)
        from one in Gen.Choose(1, 7)
        from other in Gen.Choose(1, 7)
        from shared in Gen.Choose(1, 100)
        select new Event(kind, (uint)one, (uint)other, shared);

    [Fact]
    public void Any_order_of_the_same_events_gives_the_same_clusters_and_they_are_those_of_the_rule() =>
        Prop.ForAll(Events.ListOf().Resize(18).ToArbitrary(), ArbMap.Default.ArbFor<int>(), (events, seed) =>
        {
            var distinct = events.DistinctBy(e => (e.Kind, Math.Min(e.One, e.Other), Math.Max(e.One, e.Other))).ToList();
            var inOrder = PlayIn(distinct, out var expected);
            var shuffled = PlayIn([.. distinct.OrderBy(e => HashCode.Combine(e, seed))], out var again);
            return inOrder.SequenceEqual(shuffled) && inOrder.SequenceEqual(expected) && expected.SequenceEqual(again);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void A_stranger_who_copies_rows_and_texts_of_two_members_joins_them_to_nobody()
    {
        // 3 is the stranger: all of the rows of 1 and of 2, and texts like both.
        Do(c => c.Prove(N(1)));
        Do(c => c.Prove(N(2)));
        Do(c => c.Link(N(3), N(1), LinkKind.AuthoredRows, 100, 200, 100));
        Do(c => c.Link(N(3), N(2), LinkKind.AuthoredRows, 100, 200, 100));
        Do(c => c.Link(N(3), N(1), LinkKind.Text, 30, 60, 30));
        Do(c => c.Link(N(3), N(2), LinkKind.Text, 30, 60, 30));
        Assert.Equal([1u, 2, 3], Roots(1, 2, 3));

        // Proved as himself, he is still nobody else.
        Do(c => c.Prove(N(3)));
        Assert.Equal([1u, 2, 3], Roots(1, 2, 3));
    }

    [Fact]
    public void An_earlier_unproved_copy_is_attached_to_the_account_that_proves_most_of_its_rows()
    {
        Do(c => c.Prove(N(2)));
        var change = Do(c => c.Link(N(2), N(1), LinkKind.AuthoredRows, 60, 300, 100));
        Assert.Equal(N(2), change.Root);
        Assert.Equal([N(1), N(2)], _state.Clusters.MembersOf(N(2)));
        Assert.Equal(LinkKind.AuthoredRows, Assert.Single(_state.Clusters.Explain(N(1), N(2))).Kind);

        // A text like the copy's does not come along with it.
        Do(c => c.Link(N(3), N(1), LinkKind.Text, 20, 30, 30));
        Assert.Equal([2u, 2, 3], Roots(1, 2, 3));
    }

    [Fact]
    public void A_victim_leaves_the_cluster_of_his_copies_when_he_proves_himself()
    {
        Do(c => c.Link(N(2), N(1), LinkKind.Text, 30, 32, 32));
        Do(c => c.Link(N(3), N(2), LinkKind.HistoryRows, 5, 40, 40));
        Assert.Equal([1u, 1, 1], Roots(1, 2, 3));
        Assert.Equal([N(1), N(2), N(3)], _state.Clusters.Explain(N(1), N(3)).SelectMany(l => new[] { l.First, l.Second }).Distinct().Order());
        var change = Do(c => c.Prove(N(1)));
        Assert.Empty(change.Merged);
        Assert.Equal([1u, 2, 2], Roots(1, 2, 3));
        Assert.Empty(_state.Clusters.Explain(N(1), N(3)));
    }

    [Fact]
    public void Two_proved_accounts_are_one_by_an_identity_that_both_proved_and_their_ledgers_merge()
    {
        var mail = new ClusterLink("email", Bytes32.FromSpan(new byte[32]));
        Do(c => c.Prove(N(5)));
        Assert.Empty(Do(c => c.Claim(N(5), mail)).Merged);
        Assert.Equal(N(9), Do(c => c.Claim(N(9), mail)).Root);
        var change = Do(c => c.Prove(N(9)));
        Assert.Equal((N(5), 0), (change.Root, change.Merged.Count));

        Do(c => c.Prove(N(2)));
        change = Do(c => c.Claim(N(2), mail));
        Assert.Equal(N(2), change.Root);
        Assert.Equal([N(5)], change.Merged);
        Assert.Equal(LinkKind.Identity, Assert.Single(_state.Clusters.Explain(N(2), N(9))).Kind);
    }

    [Fact]
    public void What_is_rolled_back_joins_nobody_and_what_is_committed_is_there_after_a_restart()
    {
        using (_state.Begin())
            _state.Clusters.Link(N(1), N(2), LinkKind.HistoryRows, 3, 9, 9);
        Assert.Equal([1u, 2], Roots(1, 2));
        Do(c => c.Link(N(1), N(2), LinkKind.HistoryRows, 3, 9, 9));
        _state.Dispose();
        using var again = ValidatorState.Open(_directory.Path);
        Assert.Equal(N(1), again.Clusters.RootOf(N(2)));
    }

    public void Dispose()
    {
        _state.Dispose();
        _directory.Dispose();
    }

    private static AccountNumber N(uint number) => new(number);

    private uint[] Roots(params uint[] accounts) => [.. accounts.Select(a => _state.Clusters.RootOf(N(a)).Value)];

    private ClusterChange Do(Func<AccountClusters, ClusterChange> change)
    {
        using var transaction = _state.Begin();
        var result = change(_state.Clusters);
        transaction.Commit();
        return result;
    }

    /// <summary>Plays the events in a transaction that is rolled back.</summary>
    /// <param name="expected">The clusters that the rule gives for all evidence at once.</param>
    private uint[] PlayIn(List<Event> events, out uint[] expected)
    {
        using var transaction = _state.Begin();
        List<ClusterEvidence> evidence = [];
        Dictionary<uint, List<uint>> identities = [];
        foreach (var e in events)
        {
            if (e.Kind == 0)
            {
                _state.Clusters.Prove(N(e.One));
            }
            else if (e.Kind == 1)
            {
                // One of three identities.
                var digest = new byte[32];
                digest[0] = (byte)(e.Other % 3);
                _state.Clusters.Claim(N(e.One), new ClusterLink("email", Bytes32.FromSpan(digest)));
                if (!identities.TryGetValue(e.Other % 3, out var holders))
                    identities[e.Other % 3] = holders = [];
                evidence.AddRange(holders.Where(h => h != e.One).Select(h => ClusterEvidence.Of(N(h), N(e.One), LinkKind.Identity, 1, 1, 1)));
                holders.Add(e.One);
            }
            else if (e.One != e.Other)
            {
                _state.Clusters.Link(N(e.One), N(e.Other), (LinkKind)e.Kind, e.Shared, 100, 150);
                evidence.Add(ClusterEvidence.Of(N(e.One), N(e.Other), (LinkKind)e.Kind, e.Shared, 100, 150));
            }
        }

        var proved = events.Where(e => e.Kind == 0).Select(e => N(e.One)).ToHashSet();
        var split = ClusterRule.Split(Enumerable.Range(1, 7).Select(i => N((uint)i)), [.. evidence.Distinct()], proved.Contains);
        expected = [.. Enumerable.Range(1, 7).Select(i => split.Where(s => s.Value == split[N((uint)i)]).Select(s => s.Key)
            .OrderByDescending(proved.Contains).ThenBy(a => a).First().Value)];
        return Roots(1, 2, 3, 4, 5, 6, 7);
    }
}
