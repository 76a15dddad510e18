using System.Globalization;
using System.Reflection;

namespace Commonhold.Validator.Uniqueness.IdTime;

/// <summary>A row of numbered things: ids and times of one series grow together. The number is stored: never reuse one.</summary>
internal enum IdSeries : byte
{
    RedditComments = 1,
    RedditPosts = 2,
}

/// <summary>Where an id lies beside the curve.</summary>
internal enum IdPlace
{
    /// <summary>Too few known ids near it to tell.</summary>
    Unknown,
    OnCurve,

    /// <summary>The platform gave ids like this at another time: the row's id or its date is made up.</summary>
    OffCurve,
}

/// <summary>One id with the time at which the platform gave it.</summary>
internal readonly record struct IdSample(IdSeries Series, ulong Id, long UnixSeconds);

/// <summary>When a platform gave which ids: knots of a rising line. Immutable, safe on any thread.</summary>
/// <remarks>Ids are given in order, so an id between two knots was given between their times: that holds however far apart they are.
/// Where they are near each other the line between them is trusted to half an hour and a tenth of the gap; the real ids that it was
/// fitted on lie within 14 minutes of a line that was fitted without them. docs/id-time.md has the figures.</remarks>
internal sealed class IdTimeCurve
{
    /// <summary>Seconds that an id may lie off a line between near knots, apart from a tenth of their gap.</summary>
    public const long Tolerance = 1800;

    /// <summary>Seconds between two knots up to which the line between them says more than their order.</summary>
    public const long NearGap = 3 * 86_400;

    private readonly Dictionary<IdSeries, IdSample[]> _knots;

    private IdTimeCurve(Dictionary<IdSeries, IdSample[]> knots) => _knots = knots;

    public static IdTimeCurve Empty { get; } = new([]);

    /// <summary>The knots that come with the program: public facts about Reddit's numbers.</summary>
    public static IdTimeCurve Calibrated { get; } = Of(LoadKnots());

    public IEnumerable<IdSample> Knots => _knots.Values.SelectMany(k => k);

    /// <summary>A curve through the knots; of those that contradict each other the larger part that agrees is kept.</summary>
    public static IdTimeCurve Of(IEnumerable<IdSample> knots) =>
        new(knots.GroupBy(k => k.Series).ToDictionary(g => g.Key, g => RisingPart.Of([.. g.OrderBy(k => k.Id).ThenBy(k => k.UnixSeconds)])));

    public IdPlace Place(IdSeries series, ulong id, DateTimeOffset time)
    {
        if (!_knots.TryGetValue(series, out var knots) || knots.Length < 2)
            return IdPlace.Unknown;
        var seconds = time.ToUnixTimeSeconds();
        var after = FirstAbove(knots, id);
        if (after == 0)
            return seconds > knots[0].UnixSeconds + Tolerance ? IdPlace.OffCurve : IdPlace.Unknown;
        if (after == knots.Length)
            return seconds < knots[^1].UnixSeconds - Tolerance ? IdPlace.OffCurve : IdPlace.Unknown;

        var (before, next) = (knots[after - 1], knots[after]);
        var gap = next.UnixSeconds - before.UnixSeconds;
        if (seconds < before.UnixSeconds - Tolerance || seconds > next.UnixSeconds + Tolerance)
            return IdPlace.OffCurve;
        if (gap > NearGap)
            return IdPlace.Unknown;
        var expected = before.UnixSeconds + (long)((double)gap * (id - before.Id) / (next.Id - before.Id));
        return Math.Abs(seconds - expected) <= Tolerance + (gap / 10) ? IdPlace.OnCurve : IdPlace.OffCurve;
    }

    private static int FirstAbove(IdSample[] knots, ulong id)
    {
        int low = 0, high = knots.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (knots[middle].Id <= id)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private static IEnumerable<IdSample> LoadKnots()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Commonhold.Validator.reddit-comments.csv")
            ?? throw new InvalidOperationException("The calibrated knots are missing from the program.");
        using var reader = new StreamReader(stream);
        _ = reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            var comma = line.IndexOf(',', StringComparison.Ordinal);
            yield return new IdSample(
                IdSeries.RedditComments,
                ulong.Parse(line.AsSpan(0, comma), CultureInfo.InvariantCulture),
                long.Parse(line.AsSpan(comma + 1), CultureInfo.InvariantCulture));
        }
    }
}
