using System.Text.Json;
using System.Text.Json.Serialization;

namespace Commonhold.Age;

/// <summary>Round 0: the sender's recipient for shares, and the hash of its round 1.</summary>
internal sealed record CeremonyHello(string Recipient, string Commitment);

/// <summary>Round 1: Feldman commitments and the proof of knowledge of the first coefficient.</summary>
internal sealed record CeremonyOpening(IReadOnlyList<string> Commitments, string Proof);

/// <summary>Round 2: one age file (base64) for each guardian, in order; the sender's own place is empty.</summary>
internal sealed record CeremonyDeal(IReadOnlyList<string> Shares);

/// <summary>Round 3: the digest of everything said, or a complaint about one dealer.</summary>
internal sealed record CeremonyVerdict(string? Transcript, int? Dealer, string? Code, string? Detail);

/// <summary>Messages are UTF-8 JSON, strict: unknown or missing fields are refused.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(CeremonyHello))]
[JsonSerializable(typeof(CeremonyOpening))]
[JsonSerializable(typeof(CeremonyDeal))]
[JsonSerializable(typeof(CeremonyVerdict))]
internal sealed partial class CeremonyJson : JsonSerializerContext
{
    /// <summary>64 sealed shares of 400 characters and their frame.</summary>
    private const int MaxBytes = 64 << 10;

    internal static T Read<T>(ReadOnlySpan<byte> message)
    {
        if (message.Length > MaxBytes) throw Refused($"it has more than {MaxBytes} bytes");
        try
        {
            return (T?)JsonSerializer.Deserialize(message, typeof(T), Default) ?? throw Refused("it is null");
        }
        catch (JsonException refusal)
        {
            throw Refused(refusal.Message);
        }
    }

    internal static byte[] Write<T>(T message) => JsonSerializer.SerializeToUtf8Bytes(message, typeof(T), Default);

    internal static AgeException Refused(string why) =>
        new(AgeErrors.CeremonyMessage, $"A ceremony message is refused: {why}.");
}
