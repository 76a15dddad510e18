using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using Commonhold.Exports.Tables.Cells;

namespace Commonhold.Exports.Tables.Transforms;

internal static class NumberTransforms
{
    private static readonly SearchValues<byte> Digits = SearchValues.Create("-0123456789"u8);

    /// <summary>A whole number; a fraction is cut.</summary>
    public static bool Integer(ReadOnlySpan<byte> value, TransformRoom room, out ReadOnlySpan<byte> result)
    {
        result = value;
        if (!value.ContainsAnyExcept(Digits))
            return true;
        if (!decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return false;
        var text = room.Take(64);
        decimal.Truncate(number).TryFormat(text, out var written, default, CultureInfo.InvariantCulture);
        result = text[..written];
        return true;
    }

    /// <summary>A number; the field's type gives it its form.</summary>
    public static bool Number(ReadOnlySpan<byte> value, TransformRoom room, out ReadOnlySpan<byte> result)
    {
        result = value;
        return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
    }

    /// <summary><c>true</c>, <c>yes</c>, <c>1</c> and their opposites, in any case.</summary>
    public static bool Boolean(ReadOnlySpan<byte> value, TransformRoom room, out ReadOnlySpan<byte> result)
    {
        Span<byte> lower = stackalloc byte[5];
        result = default;
        if (value.Length > lower.Length)
            return false;
        TextTransforms.LowerAscii(value, lower);
        lower = lower[..value.Length];
        var isTrue = lower.SequenceEqual("true"u8) || lower.SequenceEqual("yes"u8) || lower.SequenceEqual("1"u8);
        result = isTrue ? "true"u8 : "false"u8;
        return isTrue || lower.SequenceEqual("false"u8) || lower.SequenceEqual("no"u8) || lower.SequenceEqual("0"u8);
    }

    /// <summary><c>1:02:03</c>, <c>02:03</c> or <c>3</c> as seconds.</summary>
    public static bool DurationSeconds(ReadOnlySpan<byte> value, TransformRoom room, out ReadOnlySpan<byte> result)
    {
        var seconds = 0L;
        var parts = 0;
        result = default;
        while (true)
        {
            var end = value.IndexOf((byte)':');
            var part = end < 0 ? value : value[..end];
            if (part.Length is 0 or > 5 || !Moment.TryNumber(part, out var number) || ++parts > 3 || (parts > 1 && number > 59))
                return false;
            seconds = (seconds * 60) + number;
            if (end < 0)
                break;
            value = value[(end + 1)..];
        }

        var text = room.Take(32);
        Utf8Formatter.TryFormat(seconds, text, out var written);
        result = text[..written];
        return true;
    }
}
