using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Commonhold.Client;

/// <summary>Grant numbers are JSON numbers.</summary>
public sealed class GrantIdConverter : JsonConverter<GrantId>
{
    public override GrantId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetUInt64());

    public override void Write(Utf8JsonWriter writer, GrantId value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
}

/// <summary>Batch numbers are JSON numbers.</summary>
public sealed class BatchIdConverter : JsonConverter<BatchId>
{
    public override BatchId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetUInt64());

    public override void Write(Utf8JsonWriter writer, BatchId value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
}

/// <summary>Points are decimal strings: they may exceed 2⁵³.</summary>
public sealed class PointsConverter : JsonConverter<Points>
{
    public override Points Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: <= 39 } text && DecimalText.IsPlain(text)
            && UInt128.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out UInt128 value)
            ? new Points(value)
            : throw new JsonException("Points are a string of decimal digits below 2^128.");

    public override void Write(Utf8JsonWriter writer, Points value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

/// <summary>Amounts are decimal strings below 2²⁵⁶.</summary>
public sealed class WeiConverter : JsonConverter<Wei>
{
    private static readonly BigInteger Limit = BigInteger.One << 256;

    public override Wei Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: <= 78 } text && DecimalText.IsPlain(text)
            && BigInteger.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out BigInteger value) && value < Limit
            ? new Wei(value)
            : throw new JsonException("An amount is a string of decimal digits below 2^256.");

    public override void Write(Utf8JsonWriter writer, Wei value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

internal static class DecimalText
{
    /// <summary>One number has one text: digits only, no leading zero.</summary>
    public static bool IsPlain(string text) =>
        text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('0', '9') && (text.Length == 1 || text[0] != '0');
}
