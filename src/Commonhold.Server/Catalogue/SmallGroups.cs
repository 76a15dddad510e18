namespace Commonhold.Server.Catalogue;

/// <summary>Keeps figures from being about a few people.</summary>
internal static class SmallGroups
{
    /// <summary>The fewest members that a figure is shown for.</summary>
    public const int Least = 5;

    /// <summary>The places whose figures stay hidden. Where one alone would be, the smallest shown one is hidden with it: the total is public, and
    /// the difference would tell.</summary>
    public static IReadOnlySet<int> Hidden(IReadOnlyList<long> members)
    {
        var hidden = Enumerable.Range(0, members.Count).Where(i => members[i] < Least).ToHashSet();
        if (hidden.Count == 1 && members.Count > 1)
            hidden.Add(Enumerable.Range(0, members.Count).Where(i => !hidden.Contains(i)).MinBy(i => members[i]));
        return hidden;
    }
}
