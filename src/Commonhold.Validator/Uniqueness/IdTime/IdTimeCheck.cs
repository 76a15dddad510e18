namespace Commonhold.Validator.Uniqueness.IdTime;

/// <summary>The rows of one export beside the curve, counted as they pass.</summary>
/// <param name="curve">As it was when the examination began.</param>
internal sealed class IdTimeCheck(IdTimeCurve curve)
{
    /// <summary>Rows that must be comparable before a share of them says anything.</summary>
    public const int FewestCompared = 10;

    /// <summary>Per mille of the compared rows that may lie off the curve, unless the policy says otherwise.</summary>
    public const int MostOffPerMille = 50;

    private const int SamplesOfSeries = 8;
    private readonly PriorityQueue<IdSample, ulong> _samples = new(Comparer<ulong>.Create((a, b) => b.CompareTo(a)));

    /// <summary>Rows that lie on the curve or off it.</summary>
    public int Compared { get; private set; }

    /// <summary>Rows whose date the platform contradicts.</summary>
    public int OffCurve { get; private set; }

    /// <summary>Rows with an id and a date of which too little is known.</summary>
    public int Unknown { get; private set; }

    /// <summary>Whether more rows lie off the curve than may; null when too few could be compared: not checked.</summary>
    public bool? Passes(int mostOffPerMille = MostOffPerMille) =>
        Compared < FewestCompared ? null : OffCurve * 1000L <= (long)Compared * mostOffPerMille;

    /// <summary>In one sentence, for the report.</summary>
    public string Reason => Compared < FewestCompared
        ? $"Too few ids near these are known yet to compare dates: {Compared} of {Compared + Unknown} rows could be compared."
        : $"{Compared - OffCurve} of {Compared} ids were given when their rows say; {Unknown} more could not be compared.";

    /// <summary>A few of the ids for the pool, the same for the same export.</summary>
    public IReadOnlyList<IdSample> Samples => [.. _samples.UnorderedItems.Select(s => s.Element).OrderBy(s => s.Series).ThenBy(s => s.Id)];

    /// <summary>Counts a row. One that lies off the curve is worth nothing (quality 0).</summary>
    public IdPlace Offer(IdSeries series, ulong id, DateTimeOffset time)
    {
        var place = curve.Place(series, id, time);
        if (place == IdPlace.Unknown)
            Unknown++;
        else
            Compared++;
        if (place == IdPlace.OffCurve)
            OffCurve++;
        else
            Keep(new IdSample(series, id, time.ToUnixTimeSeconds()));
        return place;
    }

    /// <summary>The series that a kind of record is numbered in; null for kinds that need no curve or have no number.</summary>
    public static IdSeries? SeriesOf(string schema, string kind) => (schema, kind) switch
    {
        ("reddit-export-v1", "comments") => IdSeries.RedditComments,
        ("reddit-export-v1", "posts") => IdSeries.RedditPosts,
        _ => null,
    };

    // The ids whose scrambled number is lowest: spread over the export, and the same whatever the order of rows.
    private void Keep(IdSample sample)
    {
        _samples.Enqueue(sample, sample.Id * 0x9E3779B97F4A7C15);
        if (_samples.Count > SamplesOfSeries)
            _samples.Dequeue();
    }
}
