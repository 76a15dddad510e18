using System.Globalization;
using System.Text;

namespace Commonhold.Server.Releases;

/// <summary>Indices of a batch as ranges, <c>0-999,1003</c>: one call asks for up to a thousand, mostly in a row.</summary>
internal static class IndexRanges
{
    public static string Write(IEnumerable<uint> indices)
    {
        StringBuilder text = new();
        uint? first = null, last = null;
        foreach (var index in indices.Distinct().Order())
        {
            if (last is { } end && index == end + 1)
            {
                last = index;
                continue;
            }

            Append(text, first, last);
            first = last = index;
        }

        Append(text, first, last);
        return text.ToString();
    }

    public static IEnumerable<(uint First, uint Last)> Read(string ranges)
    {
        foreach (var range in ranges.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var dash = range.IndexOf('-', StringComparison.Ordinal);
            yield return dash < 0 ? (Number(range), Number(range)) : (Number(range.AsSpan(0, dash)), Number(range.AsSpan(dash + 1)));
        }
    }

    public static bool Contain(string ranges, uint index) => Read(ranges).Any(range => range.First <= index && index <= range.Last);

    private static uint Number(ReadOnlySpan<char> text) => uint.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private static void Append(StringBuilder text, uint? first, uint? last)
    {
        if (first is null)
            return;
        if (text.Length > 0)
            text.Append(',');
        text.Append(CultureInfo.InvariantCulture, $"{first}");
        if (last != first)
            text.Append(CultureInfo.InvariantCulture, $"-{last}");
    }
}
