using System.Globalization;
using Commonhold.Server.Contributions;

namespace Commonhold.Server.Catalogue;

/// <summary>Where the parts of a chart of growth stand: one column a week, as high as the contributions until then.</summary>
internal static class GrowthChart
{
    public const int Width = 640;
    public const int Height = 200;
    public const int Bottom = 170;
    private const int Top = 16;
    private const int Left = 56;

    public static IReadOnlyList<(WeekOfGrowth Week, string X, string Y, string ColumnWidth, string ColumnHeight)> Columns(IReadOnlyList<WeekOfGrowth> weeks)
    {
        if (weeks.Count == 0)
            return [];
        // Weeks without a batch have their place too, so that time is even; what is too many for the width is drawn narrower.
        var (first, last) = (weeks[0].StartsAt, weeks[^1].StartsAt);
        var places = ((last - first) / (7 * 86_400)) + 1;
        var step = Math.Min(48.0, (Width - Left) / (double)places);
        var most = Math.Max(1, Nice(weeks.Max(w => w.Contributions)));
        return [.. weeks.Select(week =>
        {
            var height = (Bottom - Top) * week.Contributions / (double)most;
            return (week, Number(Left + ((week.StartsAt - first) / (7 * 86_400) * step) + (step * .1)), Number(Bottom - height), Number(step * .8), Number(height));
        })];
    }

    /// <summary>Lines across: half and all of the scale.</summary>
    public static IReadOnlyList<(long Value, string Y)> Lines(IReadOnlyList<WeekOfGrowth> weeks)
    {
        var most = Math.Max(1, Nice(weeks.Count == 0 ? 0 : weeks.Max(w => w.Contributions)));
        return most == 1 ? [(0, Number(Bottom)), (1, Number(Top))] : [(0, Number(Bottom)), (most / 2, Number(Bottom - ((Bottom - Top) / 2.0))), (most, Number(Top))];
    }

    // 1, 2, 4, 10, 20, 40 …: halves of it are whole.
    private static long Nice(long value)
    {
        for (var unit = 1L; ; unit *= 10)
            foreach (var factor in (long[])[1, 2, 4])
                if (factor * unit >= value)
                    return factor * unit;
    }

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
