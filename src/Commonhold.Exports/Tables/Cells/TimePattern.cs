using System.Buffers;
using System.Text;

namespace Commonhold.Exports.Tables.Cells;

/// <summary>A format of Frictionless for dates and times, <c>%d/%m/%Y %H:%M</c>: the part of C's strptime that says which moment.</summary>
internal sealed class TimePattern
{
    private const string Known = "YymdHIMSfpbBzj";
    private const int MaxBytes = 64;
    private static readonly string[] Months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
    private static readonly SearchValues<byte> ZoneBytes = SearchValues.Create("+-0123456789:"u8);
    private readonly byte[] _pattern;

    private TimePattern(byte[] pattern) => _pattern = pattern;

    /// <summary>Null when it has a directive that is not known, or is too long.</summary>
    public static TimePattern? TryCreate(string text)
    {
        if (text.Length is 0 or > MaxBytes || !Ascii.IsValid(text))
            return null;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && (++i == text.Length || (text[i] != '%' && !Known.Contains(text[i], StringComparison.Ordinal))))
                return null;
        }

        return new TimePattern(Encoding.ASCII.GetBytes(text));
    }

    public bool TryParse(ReadOnlySpan<byte> value, out long ticks)
    {
        var parts = new Parts { Year = 1, Month = 1, Day = 1 };
        ticks = 0;
        for (var i = 0; i < _pattern.Length; i++)
        {
            var directive = _pattern[i];
            if (directive == '%' && _pattern[++i] != '%')
            {
                if (!TryTake((char)_pattern[i], ref value, ref parts))
                    return false;
            }
            else if (value.IsEmpty || value[0] != directive)
            {
                return false;
            }
            else
            {
                value = value[1..];
            }
        }

        return value.IsEmpty && parts.TryTicks(out ticks);
    }

    private static bool TryTake(char directive, ref ReadOnlySpan<byte> value, ref Parts parts) => directive switch
    {
        'Y' => TryNumber(ref value, 4, 4, out parts.Year),
        'y' => TryNumber(ref value, 2, 2, out parts.Year) && parts.AddCentury(),
        'm' => TryNumber(ref value, 1, 2, out parts.Month),
        'd' => TryNumber(ref value, 1, 2, out parts.Day),
        'j' => TryNumber(ref value, 1, 3, out parts.DayOfYear) && parts.DayOfYear > 0,
        'H' => TryNumber(ref value, 1, 2, out parts.Hour) && parts.Hour < 24,
        'I' => TryNumber(ref value, 1, 2, out parts.Hour) && parts.Hour is >= 1 and <= 12,
        'M' => TryNumber(ref value, 1, 2, out parts.Minute) && parts.Minute < 60,
        'S' => TryNumber(ref value, 1, 2, out parts.Second) && parts.Second <= 60,
        'f' => TryFraction(ref value, ref parts),
        'p' => TryHalfDay(ref value, ref parts),
        'z' => TryZone(ref value, ref parts),
        _ => TryMonth(ref value, directive == 'B', ref parts),
    };

    private static bool TryNumber(ref ReadOnlySpan<byte> value, int least, int most, out int number)
    {
        var digits = value[..Math.Min(most, value.Length)].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        digits = digits < 0 ? Math.Min(most, value.Length) : digits;
        Moment.TryNumber(value[..digits], out number);
        value = value[digits..];
        return digits >= least;
    }

    private static bool TryFraction(ref ReadOnlySpan<byte> value, ref Parts parts)
    {
        var digits = value.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        digits = digits < 0 ? value.Length : digits;
        if (digits is 0 or > 9)
            return false;
        parts.Fraction = Moment.FractionTicks(value[..digits]);
        value = value[digits..];
        return true;
    }

    private static bool TryHalfDay(ref ReadOnlySpan<byte> value, ref Parts parts)
    {
        if (value.Length < 2 || (value[1] | 0x20) != 'm' || (value[0] | 0x20) is not ('a' or 'p'))
            return false;
        parts.Half = (value[0] | 0x20) == 'p' ? 2 : 1;
        value = value[2..];
        return true;
    }

    private static bool TryZone(ref ReadOnlySpan<byte> value, ref Parts parts)
    {
        var length = value.StartsWith("Z"u8) ? 1 : value.IndexOfAnyExcept(ZoneBytes);
        length = length < 0 ? value.Length : length;
        if (length == 0 || !Moment.TryZone(value[..length], out parts.Offset))
            return false;
        value = value[length..];
        return true;
    }

    private static bool TryMonth(ref ReadOnlySpan<byte> value, bool isLong, ref Parts parts)
    {
        for (var i = 0; i < Months.Length; i++)
        {
            var name = isLong ? Months[i] : Months[i][..3];
            if (value.Length < name.Length || !Ascii.EqualsIgnoreCase(value[..name.Length], name))
                continue;
            parts.Month = i + 1;
            value = value[name.Length..];
            return true;
        }

        return false;
    }

    private struct Parts
    {
        public int Year, Month, Day, DayOfYear, Hour, Minute, Second, Half;
        public long Fraction, Offset;

        // POSIX: 69–99 are 1969–1999, 00–68 are 2000–2068.
        public bool AddCentury()
        {
            Year += Year < 69 ? 2000 : 1900;
            return true;
        }

        public readonly bool TryTicks(out long ticks)
        {
            ticks = 0;
            if (Half != 0 && Hour is 0 or > 12)
                return false;
            var hour = Half == 0 ? Hour : (Hour % 12) + ((Half - 1) * 12);
            if (!Moment.TryDays(Year, Month, Day, out var days))
                return false;
            if (DayOfYear > 0)
            {
                if (DayOfYear > (DateTime.IsLeapYear(Year) ? 366 : 365))
                    return false;
                Moment.TryDays(Year, 1, 1, out days);
                days += DayOfYear - 1;
            }

            ticks = (days * TimeSpan.TicksPerDay) + (((hour * 60L) + Minute) * TimeSpan.TicksPerMinute)
                + (Second * TimeSpan.TicksPerSecond) + Fraction - Offset;
            return ticks is >= 0 and <= 3155378975999999999;
        }
    }
}
