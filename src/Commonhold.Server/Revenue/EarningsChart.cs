using System.Globalization;
using System.Numerics;
using Commonhold.Client;
using Commonhold.Server.Indexer;
using Commonhold.Server.Web.Components;

namespace Commonhold.Server.Revenue;

/// <summary>What an account earned in one currency, added up over time, as the points of a drawing.</summary>
/// <param name="Line">Points of a step line, "x,y x,y …".</param>
/// <param name="Area">The same closed to the axis.</param>
/// <param name="Top">The highest amount, at the upper edge; <paramref name="Begins"/> and <paramref name="Ends"/> stand at the lower corners.</param>
/// <param name="Rises">Where the line rises: one for each distribution, or for some of them together when they are many.</param>
internal sealed record EarningsChart(Currency Currency, string Line, string Area, IReadOnlyList<ChartMark> Rises, string Top, string Begins, string Ends, Wei Total)
{
    public const int Width = 720;
    public const int Height = 220;
    public const int Left = 6;
    public const int Right = 714;
    public const int Bottom = 212;
    public const int MostRises = 200;
    private const int Highest = 8;

    /// <returns>Null when there is nothing to draw.</returns>
    /// <param name="now">Where the drawing ends; chain time.</param>
    public static EarningsChart? Of(IEnumerable<EarnedPart> parts, long now)
    {
        if (parts.GroupBy(part => part.Currency).OrderByDescending(group => group.Count()).FirstOrDefault() is not { } group)
            return null;
        var all = group.OrderBy(part => part.DistributedAt).ThenBy(part => part.DistributionId).ToList();
        // More steps than can be seen are drawn as fewer and higher ones.
        List<Step> inOrder = [.. all.Chunk(((all.Count - 1) / MostRises) + 1).Select(some => new Step(some[^1].DistributedAt, some.Length, Sum(some)))];
        var total = Sum(all);
        if (total == Wei.Zero)
            return null;
        var first = all[0].DistributedAt;
        var last = Math.Max(now, all[^1].DistributedAt);
        // A little room before the first rise, so that it is seen as one.
        var from = first - Math.Max(1, (last - first) / 20);
        double X(long at) => Left + ((Right - Left) * (double)(at - from) / Math.Max(1, last - from));
        double Y(Wei amount) => Bottom - ((Bottom - Highest) * (double)amount.Value / (double)total.Value);

        var points = new List<(double X, double Y)> { (X(from), Bottom) };
        var rises = new List<ChartMark>();
        var sum = Wei.Zero;
        foreach (var part in inOrder)
        {
            points.Add((X(part.At), Y(sum)));
            sum += part.Amount;
            points.Add((X(part.At), Y(sum)));
            rises.Add(new ChartMark(X(part.At), Y(sum), $"{Text.Units(part.Amount.Value, group.Key.Decimals)} {group.Key.Name}{(part.Payments == 1 ? "" : $" in {Text.Counted(part.Payments, "payment")}")}, {Text.Time(part.At)}"));
        }

        points.Add((X(last), Y(total)));
        var line = Points(points);
        return new EarningsChart(group.Key, line, $"{line} {Points([(X(last), Bottom), (X(from), Bottom)])}", rises,
            $"{Text.Units(total.Value, group.Key.Decimals)} {group.Key.Name}", When(first, last), When(last, first), total);
    }

    public static string Number(double value) => Math.Round(value, 1).ToString(CultureInfo.InvariantCulture);

    private static Wei Sum(IEnumerable<EarnedPart> parts) => parts.Aggregate(Wei.Zero, (sum, part) => sum + part.Amount);

    private static string Points(IEnumerable<(double X, double Y)> points) => string.Join(' ', points.Select(point => $"{Number(point.X)},{Number(point.Y)}"));

    /// <summary>The day; where both ends have the same one, the time.</summary>
    private static string When(long at, long other) =>
        Text.At(at).ToString(Text.At(at).Date == Text.At(other).Date ? "d MMM yyyy, HH:mm 'UTC'" : "d MMM yyyy", CultureInfo.InvariantCulture);
}

/// <summary>One payment, or some that are drawn as one.</summary>
internal sealed record Step(long At, int Payments, Wei Amount);

/// <param name="Words">What stands there.</param>
internal sealed record ChartMark(double X, double Y, string Words);
