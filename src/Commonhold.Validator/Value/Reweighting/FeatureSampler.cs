using Commonhold.Exports;

namespace Commonhold.Validator.Value.Reweighting;

/// <summary>A text of an export as the task sees it.</summary>
/// <param name="Row">The key of its row.</param>
/// <param name="Label">A keyed digest of its community.</param>
internal sealed record KeptText(ulong Row, ulong Label, sbyte[] Vector);

/// <summary>Keeps the vectors of up to sixteen texts of an export, those with the lowest row keys: the same sample from the same export.</summary>
internal sealed class FeatureSampler
{
    public const int Most = 16;

    /// <summary>Shorter texts say too little of where they were written; in bytes.</summary>
    private const int ShortestText = 40;

    private readonly SortedList<ulong, KeptText> _kept = new(Most + 1);

    /// <summary>The sample so far.</summary>
    public IReadOnlyList<KeptText> Kept => [.. _kept.Values];

    /// <param name="row">The key of the row, a keyed hash: as good as random.</param>
    /// <param name="label">Of the record's place, by kind and quarter alike.</param>
    public void Offer(ulong row, in ExportRecord record, Func<ReadOnlySpan<byte>, ulong> label)
    {
        if (record.Text.Length < ShortestText || record.Place.IsEmpty || record.Quality == 0)
            return;
        if (_kept.Count == Most && row >= _kept.GetKeyAtIndex(Most - 1))
            return;
        var vector = new sbyte[TextFeatures.Dimensions];
        TextFeatures.Of(record.Text, vector);
        _kept[row] = new KeptText(row, label(record.Place), vector);
        if (_kept.Count > Most)
            _kept.RemoveAt(Most);
    }
}
