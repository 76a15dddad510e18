using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Commonhold.Ethereum;

/// <summary>Reads nodes' answers; whatever does not fit is <see cref="RpcErrorKind.InvalidResponse"/>.</summary>
internal static class RpcReader
{
    public static JsonNode Quantity(BigInteger value) =>
        value.IsZero ? "0x0" : "0x" + value.ToString("x", CultureInfo.InvariantCulture).TrimStart('0');

    public static ulong UInt64(JsonElement json) =>
        Digits(json) is { Length: > 0 and <= 16 } digits && ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value)
            ? value
            : throw Invalid(json, "a 64-bit quantity");

    public static BigInteger UInt256(JsonElement json) =>
        Digits(json) is { Length: > 0 and <= 64 } digits
        && BigInteger.TryParse("0" + digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out BigInteger value)
            ? value
            : throw Invalid(json, "a 256-bit quantity");

    public static byte[] Bytes(JsonElement json) => Hex.TryDecode(Text(json), out byte[]? bytes) ? bytes : throw Invalid(json, "bytes");

    public static Bytes32 Word(JsonElement json) => Bytes32.TryParse(Text(json), out Bytes32 value) ? value : throw Invalid(json, "32 bytes");

    public static Address Account(JsonElement json) => Address.TryParse(Text(json), out Address value) ? value : throw Invalid(json, "an address");

    public static BlockHeader Header(JsonElement json) => new(
        UInt64(Member(json, "number")),
        Word(Member(json, "hash")),
        Word(Member(json, "parentHash")),
        UInt64(Member(json, "timestamp")),
        UInt64(Member(json, "gasLimit")),
        Optional(json, "baseFeePerGas") is { } fee ? UInt256(fee) : null);

    public static LogEntry Log(JsonElement json)
    {
        // Only subscriptions and filters may speak of logs that a reorganisation removed.
        if (Optional(json, "removed") is { ValueKind: JsonValueKind.True })
            throw new RpcException(RpcErrorKind.InvalidResponse, "The node returned a removed log.");

        return new LogEntry(
            Account(Member(json, "address")), [.. Items(Member(json, "topics")).Select(Word)], Bytes(Member(json, "data")),
            UInt64(Member(json, "blockNumber")), Word(Member(json, "blockHash")), Word(Member(json, "transactionHash")), UInt64(Member(json, "logIndex")));
    }

    /// <param name="block">With whole transactions.</param>
    public static IReadOnlyList<ContractCreation> Creations(JsonElement block) =>
    [
        .. from transaction in Items(Member(block, "transactions"))
           where Optional(transaction, "to") is null
           let sender = Account(Member(transaction, "from"))
           select new ContractCreation(
               Word(Member(transaction, "hash")), sender, Address.OfContract(sender, UInt64(Member(transaction, "nonce"))), Bytes(Member(transaction, "input"))),
    ];

    public static TransactionReceipt Receipt(JsonElement json) => new(
        Word(Member(json, "transactionHash")),
        UInt64(Member(json, "blockNumber")),
        Word(Member(json, "blockHash")),
        Account(Member(json, "from")),
        Optional(json, "to") is { } to ? Account(to) : null,
        Optional(json, "contractAddress") is { } contract ? Account(contract) : null,
        UInt64(Member(json, "status")) switch { 0 => false, 1 => true, _ => throw Invalid(json, "a receipt") },
        UInt64(Member(json, "gasUsed")),
        Optional(json, "effectiveGasPrice") is { } price ? UInt256(price) : 0,
        [.. Items(Member(json, "logs")).Select(Log)]);

    public static IEnumerable<JsonElement> Items(JsonElement json) =>
        json.ValueKind == JsonValueKind.Array ? json.EnumerateArray() : throw Invalid(json, "an array");

    public static JsonElement? Optional(JsonElement json, string name) =>
        json.ValueKind != JsonValueKind.Object ? throw Invalid(json, "an object")
        : json.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value
        : null;

    private static JsonElement Member(JsonElement json, string name) =>
        Optional(json, name) ?? throw new RpcException(RpcErrorKind.InvalidResponse, $"The node's answer has no '{name}'.");

    private static string? Digits(JsonElement json) =>
        Text(json) is { } text && text.StartsWith("0x", StringComparison.Ordinal) && text.AsSpan(2).IndexOfAnyExcept(HexDigits) < 0 ? text[2..] : null;

    private static readonly System.Buffers.SearchValues<char> HexDigits = System.Buffers.SearchValues.Create("0123456789abcdefABCDEF");

    private static string? Text(JsonElement json) => json.ValueKind == JsonValueKind.String ? json.GetString() : null;

    private static RpcException Invalid(JsonElement json, string expected) =>
        new(RpcErrorKind.InvalidResponse, $"The node answered {Hex.Shorten(json.ToString())} where {expected} should be.");
}
