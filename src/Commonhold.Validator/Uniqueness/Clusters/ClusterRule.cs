using Commonhold.Validator.State;

namespace Commonhold.Validator.Uniqueness.Clusters;

/// <summary>Which evidence joins accounts. A function of the evidence and of who is proved, and of nothing else: no order of events
/// can matter (docs/decisions/0010).</summary>
/// <remarks>
/// <list type="number">
/// <item>Two proved accounts are one only by an identity that both proved. Rows and texts are public or can be stolen; a proof cannot.</item>
/// <item>An unproved account is attached to a proved one when more than half of its rows are that one's. It cannot be two strangers'
/// at once, so it cannot join them; and what it is attached to is all it is joined to.</item>
/// <item>Unproved accounts are one by any evidence. Whoever of them is proved later leaves: a stranger's copies cannot hold him.</item>
/// </list></remarks>
internal static class ClusterRule
{
    /// <summary>The evidence that joins.</summary>
    public static IEnumerable<ClusterEvidence> Joining(IReadOnlyCollection<ClusterEvidence> evidence, Func<AccountNumber, bool> isProved)
    {
        Dictionary<AccountNumber, ClusterEvidence> attached = [];
        foreach (var link in evidence.Where(l => IsRows(l.Kind) && isProved(l.First) != isProved(l.Second)))
        {
            var account = isProved(link.First) ? link.Second : link.First;
            if (link.IsMostOf(account) && (!attached.TryGetValue(account, out var other) || IsBetter(link, other, account)))
                attached[account] = link;
        }

        return evidence.Where(link => (isProved(link.First), isProved(link.Second)) switch
        {
            (true, true) => link.Kind == LinkKind.Identity,
            (false, false) => link.Kind != LinkKind.Identity && !attached.ContainsKey(link.First) && !attached.ContainsKey(link.Second),
            (true, false) => attached.GetValueOrDefault(link.Second) == link,
            (false, true) => attached.GetValueOrDefault(link.First) == link,
        });
    }

    /// <summary>Splits accounts into clusters; each is named by its lowest account.</summary>
    public static Dictionary<AccountNumber, AccountNumber> Split(
        IEnumerable<AccountNumber> accounts, IReadOnlyCollection<ClusterEvidence> evidence, Func<AccountNumber, bool> isProved)
    {
        var parents = accounts.ToDictionary(a => a, a => a);
        foreach (var link in Joining(evidence, isProved))
        {
            var (one, other) = (Find(link.First), Find(link.Second));
            parents[one > other ? one : other] = one > other ? other : one;
        }

        return parents.Keys.ToDictionary(a => a, Find);

        AccountNumber Find(AccountNumber account)
        {
            while (parents[account] != account)
                account = parents[account] = parents[parents[account]];
            return account;
        }
    }

    private static bool IsRows(LinkKind kind) => kind is LinkKind.AuthoredRows or LinkKind.HistoryRows;

    private static bool IsBetter(ClusterEvidence link, ClusterEvidence than, AccountNumber account) =>
        (link.Shared, than.Other(account), (byte)than.Kind).CompareTo((than.Shared, link.Other(account), (byte)link.Kind)) > 0;
}
