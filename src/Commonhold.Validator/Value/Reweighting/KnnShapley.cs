namespace Commonhold.Validator.Value.Reweighting;

/// <summary>Exact Shapley values of the points of a k-nearest-neighbour classifier (Jia and others, "Efficient Task-Specific Data
/// Valuation for Nearest Neighbor Algorithms", PVLDB 12(11), 2019, Theorem 1): O(N log N) a test point instead of 2ᴺ.</summary>
/// <remarks>The utility of a set of points for one test point is the share of the test's label among its k nearest points, places that
/// are not filled counting as wrong. The values of all points add up to the utility of them all.</remarks>
internal static class KnnShapley
{
    /// <summary>Adds the values for one test point.</summary>
    /// <param name="nearest">The players, nearest first; ties in any order, as long as it is the same for all.</param>
    /// <param name="isRight">For each player, by its number: it has the test point's label.</param>
    /// <param name="values">For each player, by its number.</param>
    public static void Add(ReadOnlySpan<int> nearest, ReadOnlySpan<bool> isRight, int k, Span<double> values)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        if (nearest.IsEmpty)
            return;
        var last = isRight[nearest[^1]];

        // The furthest of all counts only where fewer than k others came before it: in min(k, N) of N places of a random order.
        var value = last ? Math.Min(k, nearest.Length) / ((double)k * nearest.Length) : 0;
        values[nearest[^1]] += value;
        for (var i = nearest.Length - 2; i >= 0; i--)
        {
            var right = isRight[nearest[i]];
            if (right != last)
                value += (right ? 1.0 : -1.0) / k * Math.Min(k, i + 1) / (i + 1);
            last = right;
            values[nearest[i]] += value;
        }
    }
}
