namespace Commonhold.Validator.Uniqueness.IdTime;

/// <summary>Fits knots on ids whose times are known: how the calibrated ones were made.</summary>
/// <remarks>For each four hours that have at least five samples: the line through the samples of that window and half a window on
/// both sides whose slope is the median of all slopes (Theil 1950, Sen 1968), read at the middle of the window. A third of the samples can
/// be wrong without moving it.</remarks>
internal static class IdTimeFit
{
    public const long Window = 4 * 3600;
    public const int FewestSamples = 5;

    public static IReadOnlyList<IdSample> Knots(IReadOnlyCollection<IdSample> samples)
    {
        var knots = new List<IdSample>();
        foreach (var series in samples.GroupBy(s => s.Series).OrderBy(g => g.Key))
        {
            var sorted = series.OrderBy(s => s.UnixSeconds).ToList();
            for (var start = Floor(sorted[0].UnixSeconds); start <= sorted[^1].UnixSeconds; start += Window)
            {
                var near = sorted.Where(s => s.UnixSeconds >= start - (Window / 2) && s.UnixSeconds < start + (Window * 3 / 2)).ToList();
                if (near.Count >= FewestSamples)
                    knots.Add(new IdSample(series.Key, IdAt(near, start + (Window / 2)), start + (Window / 2)));
            }
        }

        return knots;
    }

    private static ulong IdAt(List<IdSample> near, long time)
    {
        var slopes = new List<double>();
        for (var i = 0; i < near.Count; i++)
        {
            for (var j = i + 1; j < near.Count; j++)
            {
                if (near[j].UnixSeconds != near[i].UnixSeconds)
                    slopes.Add(((double)near[j].Id - near[i].Id) / (near[j].UnixSeconds - near[i].UnixSeconds));
            }
        }

        var slope = Median(slopes);
        return (ulong)Median([.. near.Select(s => s.Id - (slope * (s.UnixSeconds - time)))]);
    }

    private static long Floor(long seconds) => seconds / Window * Window;

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
