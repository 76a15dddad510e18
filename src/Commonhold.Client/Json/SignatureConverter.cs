using System.Text.Json;
using System.Text.Json.Serialization;
using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>Signatures are 0x and the 65 bytes r ‖ s ‖ v, low s, v 27 or 28 (protocol.md §2).</summary>
public sealed class SignatureConverter : JsonConverter<Signature>
{
    public override Signature Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: 132 } text
            && Signature.TryParse(text, out Signature signature) && signature.HasLowS
            && (text.EndsWith("1b", StringComparison.OrdinalIgnoreCase) || text.EndsWith("1c", StringComparison.OrdinalIgnoreCase))
            ? signature
            : throw new JsonException("A signature is 0x and 130 hexadecimal digits: r, s (the low form) and v (1b or 1c).");

    public override void Write(Utf8JsonWriter writer, Signature value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
