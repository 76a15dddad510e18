using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Commonhold.Ethereum;

/// <summary>JSON whose every text is real text: no bytes outside UTF-8, no lone surrogates.</summary>
/// <remarks>System.Text.Json finds out about these only when a text is read, by an exception that is none of its own;
/// after this, reading a text cannot fail.</remarks>
internal static class StrictJson
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="JsonException">Not JSON, or nested deeper than 64.</exception>
    public static JsonElement Parse(ReadOnlyMemory<byte> utf8)
    {
        if (!System.Text.Unicode.Utf8.IsValid(utf8.Span))
            throw new JsonException("The text is not UTF-8.");

        using JsonDocument document = JsonDocument.Parse(utf8);
        CheckEscapes(utf8.Span);
        return document.RootElement.Clone();
    }

    /// <exception cref="FormatException">Not JSON, or nested deeper than 64.</exception>
    public static JsonElement Parse(string text)
    {
        try
        {
            return Parse(Utf8.GetBytes(text));
        }
        catch (Exception e) when (e is JsonException or EncoderFallbackException)
        {
            throw new FormatException("Not JSON: " + e.Message, e);
        }
    }

    private static void CheckEscapes(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        while (reader.Read())
        {
            // Only an escape can still spell half of a surrogate pair.
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || !reader.ValueIsEscaped)
                continue;

            try
            {
                _ = reader.GetString();
            }
            catch (InvalidOperationException e)
            {
                throw new JsonException("A text holds a lone surrogate.", e);
            }
        }
    }
}
