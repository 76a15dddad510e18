using Commonhold.Validator.State;

namespace Commonhold.Validator.Uniqueness.Texts;

/// <summary>How much of an export's text is like one other cluster's.</summary>
/// <param name="Root">The other cluster.</param>
/// <param name="Texts">Compared texts that nearly equal one of its texts.</param>
/// <param name="Compared">Texts that were compared.</param>
internal sealed record SimilarCluster(AccountNumber Root, int Texts, int Compared)
{
    public double Share => (double)Texts / Compared;
}

/// <summary>What comparing an export's texts with those of other clusters found.</summary>
/// <param name="Compared">Texts that were compared.</param>
/// <param name="Clusters">Most texts first.</param>
/// <param name="Similarities">Of compared rows that are like a text of another cluster: how much, 0 to 1.</param>
internal sealed record TextComparison(
    int Compared, IReadOnlyList<SimilarCluster> Clusters, IReadOnlyDictionary<ulong, double> Similarities)
{
    /// <summary>Below this mean novelty of the sample, rows outside of it are not taken for new either.</summary>
    private const double OrdinaryNovelty = 0.9;

    private const int FewestForMean = 8;

    public static TextComparison Nothing { get; } = new(0, [], new Dictionary<ulong, double>());

    private double Others { get; } = MeanOf(Compared, Similarities);

    /// <summary>1 − the highest similarity to a text of another cluster, 0 to 1.</summary>
    /// <remarks>A row outside of the sample is new, unless so much of the sample is not (more than a tenth) that the export must be
    /// taken for an edited copy: then it has the mean of the sample.</remarks>
    /// <param name="row">A row that has text; others are not compared.</param>
    public double NoveltyOf(ulong row) => Similarities.TryGetValue(row, out var similarity) ? 1 - similarity : Others;

    private static double MeanOf(int compared, IReadOnlyDictionary<ulong, double> similarities)
    {
        var mean = compared < FewestForMean ? 1 : 1 - (similarities.Values.Sum() / compared);
        return mean < OrdinaryNovelty ? mean : 1;
    }
}
