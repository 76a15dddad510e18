using System.Runtime.InteropServices;
using Commonhold.Validator.State;
using Commonhold.Validator.Uniqueness.Clusters;
using Commonhold.Validator.Uniqueness.Owners;

namespace Commonhold.Validator.Uniqueness.Texts;

/// <summary>Finds edited copies: MinHash over 5-grams of letters, 25 bands of 10 numbers (Leskovec, Rajaraman, Ullman 2014, §3.4), which two texts
/// share from a similarity of about 0.7 on.</summary>
/// <remarks>A band's digest belongs to the account that first brought it, and to it alone: nobody can fill a bucket, and nothing of a text
/// is kept but 25 numbers of 52 keyed bits. Similarity is estimated from how many of a text's bands one cluster has: two
/// texts of similarity s share a band with probability s¹⁰. Like <see cref="RowKeyIndex"/> on disk, in memory and in crashes.</remarks>
internal sealed class NearDuplicateIndex(OwnerMap owners, AccountClusters clusters)
{
    private static readonly double[] SimilarityOf = [.. Enumerable.Range(0, MinHash.Bands + 1).Select(n => Math.Pow((double)n / MinHash.Bands, 1.0 / MinHash.RowsOfBand))];

    public long Count => owners.Count;

    /// <summary>Compares with the texts of other clusters than the account's own.</summary>
    /// <param name="account">Null when it is not known yet.</param>
    /// <param name="isProved">The account is proved to be the member's. Texts of unproved accounts do not count against it then: who
    /// copied whom cannot be told, and a stranger must not make a member's own texts worthless by bringing them first.</param>
    public TextComparison Compare(TextSketch sketch, AccountNumber? account, bool isProved)
    {
        if (sketch.Texts.Count == 0)
            return TextComparison.Nothing;
        var own = account is { } number ? clusters.RootOf(number) : (AccountNumber?)null;
        Dictionary<uint, AccountNumber?> others = [];
        Dictionary<ulong, double> similarities = [];
        Dictionary<AccountNumber, int> texts = [];
        var found = FindOwners(sketch);
        foreach (var text in sketch.Texts)
        {
            Dictionary<AccountNumber, int> shared = [];
            foreach (var band in text.Bands)
            {
                if (found.TryGetValue(band, out var owner) && Other(owner) is { } root)
                    CollectionsMarshal.GetValueRefOrAddDefault(shared, root, out _)++;
            }

            foreach (var root in shared.Keys)
                CollectionsMarshal.GetValueRefOrAddDefault(texts, root, out _)++;
            if (shared.Count > 0)
                similarities[text.Row] = SimilarityOf[Math.Min(shared.Values.Max(), MinHash.Bands)];
        }

        return new TextComparison(
            sketch.Texts.Count,
            [.. texts.Select(t => new SimilarCluster(t.Key, t.Value, sketch.Texts.Count)).OrderByDescending(c => c.Texts).ThenBy(c => c.Root)],
            similarities);

        // The cluster of an owner whose texts count against this account; null when they do not.
        AccountNumber? Other(uint owner)
        {
            if (!others.TryGetValue(owner, out var root))
            {
                var counted = !isProved || clusters.IsProved(new AccountNumber(owner)) ? clusters.RootOf(new AccountNumber(owner)) : (AccountNumber?)null;
                others[owner] = root = counted == own ? null : counted;
            }

            return root;
        }
    }

    /// <summary>Remembers the texts as the account's; a text that is known stays with whom it is, unless this account is proved and
    /// the other is not. Inside a transaction.</summary>
    public void Add(TextSketch sketch, AccountNumber account, bool isProved)
    {
        var found = FindOwners(sketch);
        var bands = RowKeySet.From([.. sketch.Texts.SelectMany(t => t.Bands).Where(band =>
            !found.TryGetValue(band, out var owner)
            || (isProved && owner != account.Value && !clusters.IsProved(new AccountNumber(owner))))]);
        owners.Put(bands.Keys, account.Value);
    }

    private Dictionary<ulong, uint> FindOwners(TextSketch sketch)
    {
        var bands = RowKeySet.From([.. sketch.Texts.SelectMany(t => t.Bands)]);
        var accounts = owners.Find(bands.Keys);
        Dictionary<ulong, uint> found = [];
        for (var i = 0; i < accounts.Length; i++)
        {
            if (accounts[i] != 0)
                found[bands.Keys[i]] = accounts[i];
        }

        return found;
    }
}
