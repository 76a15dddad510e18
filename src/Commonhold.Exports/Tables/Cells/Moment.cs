using System.Buffers.Text;

namespace Commonhold.Exports.Tables.Cells;

/// <summary>Reads moments as programs write them, and writes them in one way: <c>2019-01-01T20:49:28.5Z</c>.</summary>
/// <remarks>The form is ISO 8601's with its usual disorders: a space for the T, no seconds, a comma before the fraction, a zone as
/// <c>Z</c>, <c>UTC</c>, <c>GMT</c>, <c>+01</c>, <c>+0100</c> or <c>+01:00</c>, after a space or not. Without a zone it is UTC.</remarks>
internal static class Moment
{
    private const int MaxFraction = 9;

    public static bool TryParse(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (!TryDate(text, out var days) || text.Length < 16 || (text[10] | 0x20) is not (' ' or 't'))
            return false;
        text = text[11..];
        if (!TryTimeOfDay(ref text, out var time) || !TryZone(text, out var offset))
            return false;
        ticks = (days * TimeSpan.TicksPerDay) + time - offset;
        return ticks is >= 0 and <= 3155378975999999999;
    }

    /// <summary>The date at the start of the text, as days since 0001-01-01.</summary>
    public static bool TryDate(ReadOnlySpan<byte> text, out long days)
    {
        days = 0;
        if (text.Length < 10 || text[4] != '-' || text[7] != '-' || !TryNumber(text[..4], out var year)
            || !TryNumber(text[5..7], out var month) || !TryNumber(text[8..10], out var day))
            return false;
        return TryDays(year, month, day, out days);
    }

    public static bool TryDays(int year, int month, int day, out long days)
    {
        days = 0;
        if (year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        days = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc).Ticks / TimeSpan.TicksPerDay;
        return true;
    }

    /// <summary><c>20:49[:28[.5]]</c> at the start of the text, which moves behind it. Digits beyond 100 ns are cut.</summary>
    public static bool TryTimeOfDay(ref ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (text.Length < 5 || text[2] != ':' || !TryNumber(text[..2], out var hour) || !TryNumber(text[3..5], out var minute)
            || hour > 23 || minute > 59)
            return false;
        ticks = ((hour * 60L) + minute) * TimeSpan.TicksPerMinute;
        text = text[5..];
        if (text.Length < 3 || text[0] != ':')
            return true;

        // A leap second, :60, is written as the second after it.
        if (!TryNumber(text[1..3], out var second) || second > 60)
            return false;
        ticks += second * TimeSpan.TicksPerSecond;
        text = text[3..];
        if (text.Length < 2 || text[0] is not ((byte)'.' or (byte)','))
            return true;
        text = text[1..];
        var digits = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        digits = digits < 0 ? text.Length : digits;
        if (digits is 0 or > MaxFraction)
            return false;
        ticks += FractionTicks(text[..digits]);
        text = text[digits..];
        return true;
    }

    /// <summary>The ticks of the digits behind a point.</summary>
    public static long FractionTicks(ReadOnlySpan<byte> digits)
    {
        var ticks = 0L;
        for (var i = 0; i < 7; i++)
            ticks = (ticks * 10) + (i < digits.Length ? digits[i] - '0' : 0);
        return ticks;
    }

    public static bool TryZone(ReadOnlySpan<byte> zone, out long offset)
    {
        offset = 0;
        zone = zone.TrimStart((byte)' ');
        if (zone.IsEmpty || zone.SequenceEqual("Z"u8) || zone.SequenceEqual("z"u8) || zone.SequenceEqual("UTC"u8) || zone.SequenceEqual("GMT"u8))
            return true;
        if (zone[0] is not ((byte)'+' or (byte)'-'))
            return false;
        var digits = zone[1..];
        var minute = 0;
        if (digits.Length is not (2 or 4 or 5) || !TryNumber(digits[..2], out var hour)
            || (digits.Length == 5 && digits[2] != ':')
            || (digits.Length > 2 && !TryNumber(digits[^2..], out minute))
            || hour > 14 || minute > 59)
            return false;
        offset = ((hour * 60L) + minute) * TimeSpan.TicksPerMinute * (zone[0] == '-' ? -1 : 1);
        return true;
    }

    /// <summary>Writes the plain form and returns its length, at most 28 bytes.</summary>
    public static int Write(long ticks, Span<byte> target)
    {
        Utf8Formatter.TryFormat(new DateTime(ticks, DateTimeKind.Utc), target, out _, 'O');
        return TrimFraction(target, 27, 19, (byte)'Z');
    }

    /// <summary>Writes <c>20:49:28[.5]</c> and returns its length, at most 16 bytes.</summary>
    public static int WriteTimeOfDay(long ticks, Span<byte> target)
    {
        Span<byte> whole = stackalloc byte[28];
        Utf8Formatter.TryFormat(new DateTime(ticks, DateTimeKind.Utc), whole, out _, 'O');
        whole[11..27].CopyTo(target);
        return TrimFraction(target, 16, 8, 0);
    }

    // Zeros behind the point go, and the point with them.
    private static int TrimFraction(Span<byte> target, int end, int point, byte mark)
    {
        while (end > point && target[end - 1] is (byte)'0' or (byte)'.')
        {
            end--;
            if (target[end] == '.')
                break;
        }

        if (mark != 0)
            target[end++] = mark;
        return end;
    }

    public static bool TryNumber(ReadOnlySpan<byte> digits, out int value)
    {
        value = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
                return false;
            value = (value * 10) + digit - '0';
        }

        return true;
    }
}
