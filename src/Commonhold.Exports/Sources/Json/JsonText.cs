using System.Text;

namespace Commonhold.Exports.Sources.Json;

/// <summary>What stands between the quotes of a JSON string, as text.</summary>
internal static class JsonText
{
    private static ReadOnlySpan<byte> Replacement => "\uFFFD"u8;

    /// <summary>Resolves the escapes of RFC 8259 §7; never longer than what was given. Half a surrogate pair, which programs write
    /// when they cut a text inside a character, and NUL become U+FFFD.</summary>
    public static int Unescape(ReadOnlySpan<byte> source, Span<byte> target)
    {
        var written = 0;
        while (source.IndexOf((byte)'\\') is >= 0 and var at)
        {
            source[..at].CopyTo(target[written..]);
            written += at;
            var escape = source[at + 1];
            source = source[(at + 2)..];
            if (escape != 'u')
            {
                target[written++] = Short(escape);
                continue;
            }

            int unit = Hex(source);
            source = source[4..];
            if (char.IsHighSurrogate((char)unit) && source is [(byte)'\\', (byte)'u', _, _, _, _, ..] && char.IsLowSurrogate((char)Hex(source[2..])))
            {
                unit = char.ConvertToUtf32((char)unit, (char)Hex(source[2..]));
                source = source[6..];
            }

            if (unit != 0 && Rune.IsValid(unit))
            {
                written += new Rune(unit).EncodeToUtf8(target[written..]);
            }
            else
            {
                Replacement.CopyTo(target[written..]);
                written += Replacement.Length;
            }
        }

        source.CopyTo(target[written..]);
        return written + source.Length;
    }

    private static byte Short(byte escape) => escape switch
    {
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        _ => escape,
    };

    private static ushort Hex(ReadOnlySpan<byte> digits)
    {
        var value = 0;
        for (var i = 0; i < 4; i++)
        {
            int digit = digits[i];
            value = (value << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return (ushort)value;
    }
}
