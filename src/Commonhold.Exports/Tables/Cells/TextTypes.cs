using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace Commonhold.Exports.Tables.Cells;

/// <summary><c>string</c> and <c>any</c>: text as it stands.</summary>
internal sealed class TextType(string name) : FieldType(name)
{
    public override bool TryPlain(ReadOnlySpan<byte> value, CellScratch scratch, out PlainCell plain)
    {
        plain = new PlainCell(value);
        return true;
    }
}

/// <summary><c>string</c> with a format: text of which the form is checked and nothing changed.</summary>
internal sealed class FormattedTextType(string format) : FieldType("string")
{
    private static readonly SearchValues<byte> NeverInUri = SearchValues.Create("<>\"{}|\\^`"u8);
    private static readonly SearchValues<byte> SchemeBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-."u8);

    public static IReadOnlyList<string> Formats { get; } = ["email", "uri", "uuid", "binary"];

    public override string PlainFormat => format;

    public override bool TryPlain(ReadOnlySpan<byte> value, CellScratch scratch, out PlainCell plain)
    {
        plain = new PlainCell(value);
        return format switch
        {
            "email" => IsEmail(value),
            "uri" => IsUri(value),
            "uuid" => value.Length == 36 && Utf8Parser.TryParse(value, out Guid _, out var used, 'D') && used == 36,
            _ => Base64.IsValid(value),
        };
    }

    private static bool IsEmail(ReadOnlySpan<byte> value) =>
        value.Length <= 254 && value.LastIndexOf((byte)'@') is > 0 and var at && at < value.Length - 1
        && !value.ContainsAnyInRange((byte)0, (byte)' ') && !value[(at + 1)..].Contains((byte)'@');

    // RFC 3986 §3: a scheme, a colon, and no character that may not stand in a URI.
    private static bool IsUri(ReadOnlySpan<byte> value) =>
        value.IndexOf((byte)':') is > 0 and var colon && char.IsAsciiLetter((char)value[0])
        && !value[..colon].ContainsAnyExcept(SchemeBytes) && !value.ContainsAnyInRange((byte)0, (byte)' ')
        && !value.ContainsAny(NeverInUri);
}

/// <summary><c>boolean</c>: <c>true</c> and <c>false</c>, or the words that the descriptor names.</summary>
internal sealed class BooleanType(IReadOnlyList<byte[]>? trueValues = null, IReadOnlyList<byte[]>? falseValues = null) : FieldType("boolean")
{
    private static readonly byte[][] DefaultTrue = ["true"u8.ToArray(), "True"u8.ToArray(), "TRUE"u8.ToArray(), "1"u8.ToArray()];
    private static readonly byte[][] DefaultFalse = ["false"u8.ToArray(), "False"u8.ToArray(), "FALSE"u8.ToArray(), "0"u8.ToArray()];

    public override FieldType Plain { get; } = new PlainBoolean();

    public override bool TryPlain(ReadOnlySpan<byte> value, CellScratch scratch, out PlainCell plain)
    {
        var isTrue = IsAmong(value, trueValues ?? DefaultTrue);
        plain = new PlainCell(isTrue ? "true"u8 : "false"u8);
        return isTrue || IsAmong(value, falseValues ?? DefaultFalse);
    }

    private static bool IsAmong(ReadOnlySpan<byte> value, IReadOnlyList<byte[]> words)
    {
        foreach (var word in words)
        {
            if (value.SequenceEqual(word))
                return true;
        }

        return false;
    }

    private sealed class PlainBoolean() : FieldType("boolean")
    {
        public override bool TryPlain(ReadOnlySpan<byte> value, CellScratch scratch, out PlainCell plain)
        {
            plain = new PlainCell(value);
            return value.SequenceEqual("true"u8) || value.SequenceEqual("false"u8);
        }
    }
}

/// <summary><c>object</c> and <c>array</c>: JSON without needless space, members in their order.</summary>
internal sealed class JsonType(string name) : FieldType(name)
{
    public override bool TryPlain(ReadOnlySpan<byte> value, CellScratch scratch, out PlainCell plain)
    {
        var isJson = scratch.TryMinify(value, Name == "array" ? JsonTokenType.StartArray : JsonTokenType.StartObject, out var minified);
        plain = new PlainCell(minified);
        return isJson;
    }
}
