using System.Globalization;
using Commonhold.Exports.Tables.Cells;

namespace Commonhold.Exports.Tables.Transforms;

/// <summary>Moments as programs count them; all results are in plain form.</summary>
internal static class TimeTransforms
{
    // 11,644,473,600 s lie between 1601 and 1970.
    private const long WebKitEpoch = 504_911_232_000_000_000;
    private const long UnixEpoch = 621_355_968_000_000_000;
    private const long LastTick = 3_155_378_975_999_999_999;

    private static readonly TimePattern XPattern = TimePattern.TryCreate("%b %d %H:%M:%S %z %Y")!;

    /// <summary>ISO 8601 and its usual disorders; a date alone is its midnight.</summary>
    public static bool DateTime(ReadOnlySpan<byte> value, TransformRoom room, out ReadOnlySpan<byte> result)
    {
        result = default;
        if (value.Length == 10 && Moment.TryDate(value, out var days))
            return Write(days * TimeSpan.TicksPerDay, room, out result);
        return Moment.TryParse(value, out var ticks) && Write(ticks, room, out result);
    }

    public static bool UnixSeconds(ReadOnlySpan<byte> value, TransformRoom room, out ReadOnlySpan<byte> result) =>
        Count(value, UnixEpoch, TimeSpan.TicksPerSecond, room, out result);

    public static bool UnixMilliseconds(ReadOnlySpan<byte> value, TransformRoom room, out ReadOnlySpan<byte> result) =>
        Count(value, UnixEpoch, TimeSpan.TicksPerMillisecond, room, out result);

    public static bool UnixMicroseconds(ReadOnlySpan<byte> value, TransformRoom room, out ReadOnlySpan<byte> result) =>
        Count(value, UnixEpoch, TimeSpan.TicksPerMicrosecond, room, out result);

    /// <summary>Microseconds since 1601, as Chrome counts.</summary>
    public static bool WebKitMicroseconds(ReadOnlySpan<byte> value, TransformRoom room, out ReadOnlySpan<byte> result) =>
        Count(value, WebKitEpoch, TimeSpan.TicksPerMicrosecond, room, out result);

    /// <summary><c>Wed Oct 10 20:19:24 +0000 2018</c>; the name of the day is not looked at.</summary>
    public static bool XDateTime(ReadOnlySpan<byte> value, TransformRoom room, out ReadOnlySpan<byte> result)
    {
        result = default;
        return value.Length > 4 && value[3] == ' ' && XPattern.TryParse(value[4..], out var ticks) && Write(ticks, room, out result);
    }

    /// <summary><c>12/31/24</c> or <c>12/31/2024</c> as a date.</summary>
    public static bool MonthDayYear(ReadOnlySpan<byte> value, TransformRoom room, out ReadOnlySpan<byte> result) =>
        Date(value, 0, 1, room, out result);

    /// <summary><c>31/12/24</c>, <c>31.12.2024</c> or <c>31-12-24</c> as a date.</summary>
    public static bool DayMonthYear(ReadOnlySpan<byte> value, TransformRoom room, out ReadOnlySpan<byte> result) =>
        Date(value, 1, 0, room, out result);

    private static bool Count(ReadOnlySpan<byte> value, long epoch, long unit, TransformRoom room, out ReadOnlySpan<byte> result)
    {
        result = default;

        // Decimal, since a double cannot hold microseconds since 1601.
        if (!decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var count)
            || Math.Abs(count) > (decimal)LastTick / unit)
            return false;
        var ticks = epoch + (long)decimal.Round(count * unit);
        return ticks is >= 0 and <= LastTick && Write(ticks, room, out result);
    }

    private static bool Date(ReadOnlySpan<byte> value, int month, int day, TransformRoom room, out ReadOnlySpan<byte> result)
    {
        Span<int> parts = stackalloc int[3];
        result = default;
        for (var i = 0; i < 3; i++)
        {
            var end = value.IndexOfAny("/.-"u8);
            var part = i == 2 ? value : end < 0 ? default : value[..end];
            if (part.Length is 0 or > 4 || (i < 2 && part.Length > 2) || !Moment.TryNumber(part, out parts[i]))
                return false;
            if (i < 2)
                value = value[(end + 1)..];
        }

        var year = value.Length == 2 ? parts[2] + (parts[2] < 69 ? 2000 : 1900) : parts[2];
        if (value.Length is not (2 or 4) || !Moment.TryDays(year, parts[month], parts[day], out var days)
            || !Write(days * TimeSpan.TicksPerDay, room, out var moment))
            return false;
        result = moment[..10];
        return true;
    }

    private static bool Write(long ticks, TransformRoom room, out ReadOnlySpan<byte> result)
    {
        var text = room.Take(32);
        result = text[..Moment.Write(ticks, text)];
        return true;
    }
}
