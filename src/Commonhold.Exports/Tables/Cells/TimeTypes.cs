namespace Commonhold.Exports.Tables.Cells;

/// <summary><c>datetime</c>: in plain form UTC, <c>2019-01-01T20:49:28.5Z</c>.</summary>
internal sealed class DateTimeType(TimePattern? pattern = null) : FieldType("datetime")
{
    private static readonly DateTimeType PlainType = new();

    public override FieldType Plain => PlainType;

    public override bool TryPlain(ReadOnlySpan<byte> value, CellScratch scratch, out PlainCell plain)
    {
        plain = default;
        if (!(pattern is null ? Moment.TryParse(value, out var ticks) : pattern.TryParse(value, out ticks)))
            return false;
        plain = new PlainCell(scratch.Short.AsSpan(0, Moment.Write(ticks, scratch.Short)), ticks);
        return true;
    }

    public override decimal? Rank(PlainCell plain) => plain.Ticks;
}

/// <summary><c>date</c>: in plain form <c>2019-01-01</c>.</summary>
internal sealed class DateType(TimePattern? pattern = null) : FieldType("date")
{
    private static readonly DateType PlainType = new();

    public override FieldType Plain => PlainType;

    public override bool TryPlain(ReadOnlySpan<byte> value, CellScratch scratch, out PlainCell plain)
    {
        plain = default;
        long ticks, days = 0;
        if (pattern is not null)
        {
            if (!pattern.TryParse(value, out ticks))
                return false;
            days = ticks / TimeSpan.TicksPerDay;
        }
        else if (value.Length != 10 || !Moment.TryDate(value, out days))
        {
            return false;
        }

        ticks = days * TimeSpan.TicksPerDay;
        Moment.Write(ticks, scratch.Short);
        plain = new PlainCell(scratch.Short.AsSpan(0, 10), ticks);
        return true;
    }

    public override decimal? Rank(PlainCell plain) => plain.Ticks;
}

/// <summary><c>time</c>: in plain form <c>20:49:28</c>.</summary>
internal sealed class TimeType(TimePattern? pattern = null) : FieldType("time")
{
    private static readonly TimeType PlainType = new();

    public override FieldType Plain => PlainType;

    public override bool TryPlain(ReadOnlySpan<byte> value, CellScratch scratch, out PlainCell plain)
    {
        plain = default;
        long ticks;
        if (pattern is not null)
        {
            if (!pattern.TryParse(value, out ticks))
                return false;
            ticks %= TimeSpan.TicksPerDay;
        }
        else
        {
            var rest = value;
            if (!Moment.TryTimeOfDay(ref rest, out ticks) || !rest.IsEmpty || ticks >= TimeSpan.TicksPerDay)
                return false;
        }

        plain = new PlainCell(scratch.Short.AsSpan(0, Moment.WriteTimeOfDay(ticks, scratch.Short)), ticks);
        return true;
    }

    public override decimal? Rank(PlainCell plain) => plain.Ticks;
}

/// <summary><c>year</c>, <c>2019</c>, and <c>yearmonth</c>, <c>2019-01</c>: written as they are.</summary>
internal sealed class YearType(bool hasMonth) : FieldType(hasMonth ? "yearmonth" : "year")
{
    public override bool TryPlain(ReadOnlySpan<byte> value, CellScratch scratch, out PlainCell plain)
    {
        var month = 1;
        plain = default;
        if (value.Length != (hasMonth ? 7 : 4) || !Moment.TryNumber(value[..4], out var year)
            || (hasMonth && (value[4] != '-' || !Moment.TryNumber(value[5..], out month)))
            || !Moment.TryDays(year, month, 1, out var days))
            return false;
        plain = new PlainCell(value, days * TimeSpan.TicksPerDay);
        return true;
    }

    public override decimal? Rank(PlainCell plain) => plain.Ticks;
}

/// <summary><c>duration</c>: XML Schema's, <c>P1Y2M3DT4H5M6.5S</c>; written as it is, since a month has no length.</summary>
internal sealed class DurationType() : FieldType("duration")
{
    public override bool TryPlain(ReadOnlySpan<byte> value, CellScratch scratch, out PlainCell plain)
    {
        plain = new PlainCell(value);
        var rest = value.StartsWith("-"u8) ? value[1..] : value;
        if (rest.Length is < 3 or > 64 || rest[0] != 'P')
            return false;
        rest = rest[1..];
        var time = rest.IndexOf((byte)'T');
        return time < 0 ? AreParts(rest, "YMWD"u8) : (time == 0 || AreParts(rest[..time], "YMWD"u8)) && AreParts(rest[(time + 1)..], "HMS"u8);
    }

    // Numbers, each with a letter; the letters in their order, none twice.
    private static bool AreParts(ReadOnlySpan<byte> parts, ReadOnlySpan<byte> letters)
    {
        if (parts.IsEmpty)
            return false;
        while (!parts.IsEmpty)
        {
            var digits = parts.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            if (digits <= 0)
                return false;
            var isFraction = parts[digits] == '.';
            if (isFraction)
            {
                var more = parts[(digits + 1)..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
                if (more <= 0)
                    return false;
                digits += 1 + more;
            }

            var letter = letters.IndexOf(parts[digits]);
            if (letter < 0 || (isFraction && letters[letter] != 'S'))
                return false;
            letters = letters[(letter + 1)..];
            parts = parts[(digits + 1)..];
        }

        return true;
    }
}
