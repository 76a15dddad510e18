using System.Text.Json;

namespace Commonhold.Ethereum;

/// <summary>A compiled contract, as forge writes it to <c>out/Name.sol/Name.json</c>.</summary>
/// <param name="InitCode">What a creating transaction runs, without constructor arguments.</param>
/// <param name="RuntimeCode">What stands at the address afterwards; immutables are zero in it.</param>
public sealed record ContractArtifact(ContractAbi Abi, ReadOnlyMemory<byte> InitCode, ReadOnlyMemory<byte> RuntimeCode)
{
    /// <summary>Where the constructor puts values of its own into the runtime code: first byte and length of each.</summary>
    public IReadOnlyList<(int Start, int Length)> Immutables { get; init; } = [];

    /// <summary>keccak-256 of <see cref="InitCode"/>: of a creating transaction's data up to the constructor's arguments.</summary>
    public Bytes32 InitCodeDigest => Keccak256.Hash(InitCode.Span);

    /// <summary>keccak-256 of <see cref="RuntimeCode"/>, with its immutables zero.</summary>
    public Bytes32 RuntimeDigest => DigestOf(RuntimeCode.Span);

    /// <summary>keccak-256 of code that stands on a chain, with zeros where this contract has immutables. What the immutables say is not in it.</summary>
    public Bytes32 DigestOf(ReadOnlySpan<byte> standing)
    {
        byte[] code = standing.ToArray();
        foreach ((int start, int length) in Immutables.Where(place => place.Start + place.Length <= code.Length))
            Array.Clear(code, start, length);
        return Keccak256.Hash(code);
    }

    /// <exception cref="FormatException">Not an artifact, or one with libraries that are not linked yet.</exception>
    public static ContractArtifact Parse(string json)
    {
        JsonElement root = StrictJson.Parse(json);
        return new ContractArtifact(AbiJson.Parse(root), Code(root, "bytecode"), Code(root, "deployedBytecode")) { Immutables = Places(root) };
    }

    // Ours list them beside the code; forge by the syntax node that declares them, below the code.
    private static (int, int)[] Places(JsonElement root) =>
        root.TryGetProperty("immutables", out JsonElement places)
            ? [.. places.EnumerateArray().Select(place => (place[0].GetInt32(), place[1].GetInt32()))]
            : root.GetProperty("deployedBytecode") is { ValueKind: JsonValueKind.Object } code && code.TryGetProperty("immutableReferences", out JsonElement references)
                ? [.. references.EnumerateObject().SelectMany(node => node.Value.EnumerateArray())
                    .Select(place => (place.GetProperty("start").GetInt32(), place.GetProperty("length").GetInt32())).Order()]
                : [];

    private static byte[] Code(JsonElement root, string property)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(property, out JsonElement code))
            throw new FormatException($"The artifact has no '{property}'.");
        if (code.ValueKind == JsonValueKind.Object && code.TryGetProperty("object", out JsonElement inner))
            code = inner;

        // Unlinked libraries stand in the code as __$…$__, which is not hexadecimal.
        return code.ValueKind == JsonValueKind.String && Hex.TryDecode(code.GetString(), out byte[]? bytes)
            ? bytes
            : throw new FormatException($"The artifact's '{property}' is not hexadecimal; are its libraries linked?");
    }
}
