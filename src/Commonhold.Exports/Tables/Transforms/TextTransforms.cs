using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Commonhold.Exports.Tables.Transforms;

internal static class TextTransforms
{
    /// <summary>Without space around it, of any script.</summary>
    public static bool Trim(ReadOnlySpan<byte> value, TransformRoom room, out ReadOnlySpan<byte> result)
    {
        result = value;
        while (Rune.DecodeFromUtf8(result, out var first, out var used) == OperationStatus.Done && Rune.IsWhiteSpace(first))
            result = result[used..];
        while (Rune.DecodeLastFromUtf8(result, out var last, out var used) == OperationStatus.Done && Rune.IsWhiteSpace(last))
            result = result[..^used];
        return true;
    }

    /// <summary>Latin letters in lower case; other letters as they are, since their case differs by language and library.</summary>
    public static bool Lower(ReadOnlySpan<byte> value, TransformRoom room, out ReadOnlySpan<byte> result)
    {
        var lower = room.Take(value.Length)[..value.Length];
        LowerAscii(value, lower);
        result = lower;
        return true;
    }

    public static void LowerAscii(ReadOnlySpan<byte> value, Span<byte> lower)
    {
        for (var i = 0; i < value.Length; i++)
            lower[i] = value[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(value[i] | 0x20) : value[i];
    }

    /// <summary>Four hexadecimal digits of its SHA-256: tells the few people of a household apart and names none of them.</summary>
    public static bool Tag(ReadOnlySpan<byte> value, TransformRoom room, out ReadOnlySpan<byte> result)
    {
        Span<byte> digest = stackalloc byte[32];
        SHA256.HashData(value, digest);
        var tag = room.Take(4)[..4];
        for (var i = 0; i < 4; i++)
            tag[i] = "0123456789abcdef"u8[(digest[i / 2] >> (i % 2 == 0 ? 4 : 0)) & 15];
        result = tag;
        return true;
    }

    /// <summary>What stands behind the last colon or slash.</summary>
    public static bool LastSegment(ReadOnlySpan<byte> value, TransformRoom room, out ReadOnlySpan<byte> result)
    {
        result = value[(value.LastIndexOfAny((byte)':', (byte)'/') + 1)..];
        return true;
    }

    /// <summary>What stands before the first colon that a space follows: of <c>Series: Season 1: Episode</c> the series.</summary>
    public static bool BeforeColon(ReadOnlySpan<byte> value, TransformRoom room, out ReadOnlySpan<byte> result)
    {
        var colon = value.IndexOf(": "u8);
        result = colon > 0 ? value[..colon] : value;
        return true;
    }

    /// <summary>The texts of a JSON array, one a line; what is no text is passed over. A text is taken as it is.</summary>
    public static bool JoinParts(ReadOnlySpan<byte> value, TransformRoom room, out ReadOnlySpan<byte> result)
    {
        result = value;
        if (!value.StartsWith("["u8))
            return true;
        result = default;
        var joined = room.Take(value.Length);
        var length = 0;
        try
        {
            var reader = new Utf8JsonReader(value, new JsonReaderOptions { MaxDepth = 64 });
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType != JsonTokenType.String)
                {
                    reader.Skip();
                    continue;
                }

                if (length > 0)
                    joined[length++] = (byte)'\n';
                length += Sources.Json.JsonText.Unescape(reader.ValueSpan, joined[length..]);
            }
        }
        catch (JsonException)
        {
            return false;
        }

        result = joined[..length];
        return true;
    }

    /// <summary>An object or an array, without needless space.</summary>
    public static bool Json(ReadOnlySpan<byte> value, TransformRoom room, out ReadOnlySpan<byte> result) =>
        room.Cells.TryMinify(value, null, out result);
}
