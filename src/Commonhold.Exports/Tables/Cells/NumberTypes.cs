using System.Globalization;
using System.Text;

namespace Commonhold.Exports.Tables.Cells;

/// <summary><c>integer</c>: no plus sign, no zeros in front, no minus zero.</summary>
internal sealed class IntegerType(bool isBare = true, byte groupChar = 0) : FieldType("integer")
{
    private const int MaxDigits = 38;
    private static readonly IntegerType PlainType = new();

    public override FieldType Plain => PlainType;

    public override bool TryPlain(ReadOnlySpan<byte> value, CellScratch scratch, out PlainCell plain)
    {
        plain = default;
        value = NumberText.Bare(value, isBare, groupChar, scratch);
        var isNegative = value.StartsWith("-"u8);
        var digits = isNegative || value.StartsWith("+"u8) ? value[1..] : value;
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return false;
        digits = digits.TrimStart((byte)'0');
        if (digits.Length > MaxDigits)
            return false;
        plain = new PlainCell(
            digits.IsEmpty ? "0"u8
            : !isNegative ? digits
            : value.Length == digits.Length + 1 ? value
            : NumberText.Negative(digits, scratch));
        return true;
    }

    public override decimal? Rank(PlainCell plain) => NumberText.Rank(plain.Text);
}

/// <summary><c>number</c>: the shortest decimal of the same value; very large and small ones with an exponent; <c>NaN</c>, <c>INF</c>, <c>-INF</c>.</summary>
internal sealed class NumberType(bool isBare = true, byte decimalChar = (byte)'.', byte groupChar = 0) : FieldType("number")
{
    private static readonly NumberType PlainType = new();

    public override FieldType Plain => PlainType;

    public override bool TryPlain(ReadOnlySpan<byte> value, CellScratch scratch, out PlainCell plain)
    {
        plain = new PlainCell(value);
        if (value.SequenceEqual("NaN"u8) || value.SequenceEqual("INF"u8) || value.SequenceEqual("-INF"u8))
            return true;
        value = NumberText.Bare(value, isBare, groupChar, scratch);
        if (value.Length is 0 or > NumberText.MaxBytes)
            return false;
        Span<char> text = stackalloc char[NumberText.MaxBytes];
        text = text[..Encoding.Latin1.GetChars(value, text)];
        if (decimalChar != '.')
        {
            if (text.Contains('.'))
                return false;
            text.Replace((char)decimalChar, '.');
        }

        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        int written;
        if (decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out var exact) && (exact != 0 || IsZero(text)))
            NumberText.Shortest(exact).TryFormat(scratch.Short, out written, default, CultureInfo.InvariantCulture);
        else if (double.TryParse(text, Style, CultureInfo.InvariantCulture, out var near) && double.IsFinite(near))
            near.TryFormat(scratch.Short, out written, "R", CultureInfo.InvariantCulture);
        else
            return false;
        plain = new PlainCell(scratch.Short.AsSpan(0, written));
        return true;
    }

    public override decimal? Rank(PlainCell plain) => NumberText.Rank(plain.Text);

    // "1e-300" is parsed as the decimal 0, which it is not.
    private static bool IsZero(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny('e', 'E');
        return !(end < 0 ? text : text[..end]).ContainsAnyInRange('1', '9');
    }
}

/// <summary>What integers and numbers share.</summary>
internal static class NumberText
{
    public const int MaxBytes = 64;

    /// <summary>Without what may stand around a number (<c>€ 5</c>, <c>95%</c>) where it is not bare, and without group separators.</summary>
    public static ReadOnlySpan<byte> Bare(ReadOnlySpan<byte> value, bool isBare, byte groupChar, CellScratch scratch)
    {
        if (!isBare)
        {
            var first = value.IndexOfAnyInRange((byte)'0', (byte)'9');
            var last = value.LastIndexOfAnyInRange((byte)'0', (byte)'9');
            if (first < 0)
                return default;
            if (first > 0 && value[first - 1] is (byte)'-' or (byte)'+')
                first--;
            value = value[first..(last + 1)];
        }

        if (groupChar == 0 || !value.Contains(groupChar) || value.Length > MaxBytes)
            return value;
        var length = 0;
        foreach (var b in value)
        {
            if (b != groupChar)
                scratch.Short[length++] = b;
        }

        return scratch.Short.AsSpan(0, length);
    }

    public static ReadOnlySpan<byte> Negative(ReadOnlySpan<byte> digits, CellScratch scratch)
    {
        // The digits may stand in the same room, which a copy of overlapping spans allows.
        digits.CopyTo(scratch.Short.AsSpan(1));
        scratch.Short[0] = (byte)'-';
        return scratch.Short.AsSpan(0, digits.Length + 1);
    }

    /// <summary>Without zeros behind the point.</summary>
    public static decimal Shortest(decimal value) => value == 0 ? 0 : value / 1.000000000000000000000000000000000m;

    /// <summary>Values beyond the range of decimal stand at its ends; NaN has no rank.</summary>
    public static decimal? Rank(ReadOnlySpan<byte> plain)
    {
        if (decimal.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out var rank))
            return rank;
        return plain.SequenceEqual("NaN"u8) ? null : plain.StartsWith("-"u8) ? decimal.MinValue : decimal.MaxValue;
    }
}
