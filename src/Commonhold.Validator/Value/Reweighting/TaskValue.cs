namespace Commonhold.Validator.Value.Reweighting;

/// <summary>What a cluster's texts are worth to the task.</summary>
/// <param name="Points">Of its texts, how many took part.</param>
/// <param name="Value">The Shapley values of its points in one sum.</param>
/// <param name="Multiplier">Per mille by which its later contributions are paid.</param>
internal sealed record ClusterTaskValue(uint Cluster, int Points, double Value, int Multiplier);

/// <summary>Values clusters by a stated task: predict a text's community from its letters, by its k nearest texts.</summary>
/// <remarks>Every fifth text is a test; nobody is judged by own tests: a test's players are the texts of the other clusters, so that
/// repeating oneself helps nobody. Values are exact Shapley values of points, summed per cluster. Deterministic: same texts in the same
/// order, same result.</remarks>
internal static class TaskValue
{
    public const string Task = "Predict a text's community from hashed 3- to 5-grams of its letters (256 dimensions) by its 5 nearest texts of other clusters.";
    public const int Neighbours = 5;
    public const int TestEvery = 5;

    /// <summary>The bounds of a multiplier, per mille.</summary>
    public const int Least = 500;
    public const int Most = 1500;

    /// <summary>With fewer points a cluster's value is chance, and its multiplier 1000.</summary>
    public const int FewestPoints = 8;

    public static (IReadOnlyList<ClusterTaskValue> Clusters, int Tests, double Accuracy) Of(LabelledTexts texts, CancellationToken cancellationToken = default)
    {
        var values = new double[texts.Count];
        var isRight = new bool[texts.Count];
        var nearest = new NearestFirst(texts);
        var tests = 0;
        var utility = 0.0;
        for (var test = 0; test < texts.Count; test += TestEvery)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (label, cluster) = (texts.LabelOf(test), texts.ClusterOf(test));
            var players = nearest.To(texts.VectorOf(test), p => p % TestEvery != 0 && texts.ClusterOf(p) != cluster);
            for (var point = 0; point < texts.Count; point++)
                isRight[point] = texts.LabelOf(point) == label;
            KnnShapley.Add(players, isRight, Neighbours, values);
            utility += players[..Math.Min(Neighbours, players.Length)].ToArray().Count(p => isRight[p]) / (double)Neighbours;
            tests++;
        }

        return (ByCluster(texts, values, tests), tests, tests == 0 ? 0 : utility / tests);
    }

    private static List<ClusterTaskValue> ByCluster(LabelledTexts texts, double[] values, int tests)
    {
        var clusters = new SortedDictionary<uint, (int Points, double Value)>();
        for (var point = 0; point < texts.Count; point++)
        {
            if (point % TestEvery == 0)
                continue;
            var (points, value) = clusters.GetValueOrDefault(texts.ClusterOf(point));
            clusters[texts.ClusterOf(point)] = (points + 1, value + (values[point] / tests));
        }

        var mean = clusters.Values.Sum(c => c.Value) / Math.Max(1, clusters.Values.Sum(c => c.Points));
        return [.. clusters.Select(c => new ClusterTaskValue(c.Key, c.Value.Points, c.Value.Value, Multiplier(c.Value.Points, c.Value.Value, mean)))];
    }

    // What a point of the cluster is worth beside the mean point, within bounds.
    private static int Multiplier(int points, double value, double mean) =>
        points < FewestPoints || mean <= 0 ? 1000 : (int)Math.Clamp(Math.Round(1000 * (value / points / mean)), Least, Most);
}
