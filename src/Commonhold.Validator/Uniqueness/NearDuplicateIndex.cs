using Commonhold.Validator.State;

namespace Commonhold.Validator.Uniqueness;

/// <summary>How much of an export's text is like one other cluster's.</summary>
/// <param name="Root">The other cluster.</param>
/// <param name="Texts">Compared texts that nearly equal one of its texts (similarity ≥ 0.7).</param>
/// <param name="Share">Of the compared texts, 0 to 1.</param>
internal sealed record SimilarCluster(AccountNumber Root, int Texts, double Share);

/// <summary>What comparing an export's texts with those of other clusters found.</summary>
/// <param name="Compared">Texts that were compared.</param>
/// <param name="Clusters">Most texts first.</param>
internal sealed record TextComparison(int Compared, IReadOnlyList<SimilarCluster> Clusters, IReadOnlyDictionary<ulong, double> Similarities)
{
    public static TextComparison Nothing { get; } = new(0, [], new Dictionary<ulong, double>());

    /// <summary>1 − the highest similarity to a text of another cluster, 0 to 1. A row with text that was not in the sample has the
    /// mean of the sample, so that an export too large to compare whole is valued as what was seen of it.</summary>
    /// <param name="row">A row that has text; rows without are novel (1) and not asked about.</param>
    public double NoveltyOf(ulong row) => throw new NotImplementedException();
}

/// <summary>Finds edited copies: MinHash over 5-grams of characters, 25 bands of 10 (texts alike from about 0.7).</summary>
internal sealed class NearDuplicateIndex
{
    /// <summary>Compares with the texts of other clusters than the account's own.</summary>
    /// <param name="account">Null when it is not known yet.</param>
    /// <param name="isProved">The account is proved to be the member's. Texts of unproved accounts do not count against it then: who
    /// copied whom cannot be told, and a stranger must not make a member's own texts worthless by bringing them first.</param>
    public TextComparison Compare(TextSketch sketch, AccountNumber? account, bool isProved) => throw new NotImplementedException();

    /// <summary>Remembers the texts as the account's; a text that is known stays with whom it is, unless this account is proved and
    /// the other is not. Inside a transaction.</summary>
    public void Add(TextSketch sketch, AccountNumber account, bool isProved) => throw new NotImplementedException();
}
