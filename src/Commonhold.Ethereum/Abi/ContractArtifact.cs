using System.Text.Json;

namespace Commonhold.Ethereum;

/// <summary>A compiled contract, as forge writes it to <c>out/Name.sol/Name.json</c>.</summary>
/// <param name="InitCode">What a creating transaction runs, without constructor arguments.</param>
/// <param name="RuntimeCode">What stands at the address afterwards; immutables are zero in it.</param>
public sealed record ContractArtifact(ContractAbi Abi, ReadOnlyMemory<byte> InitCode, ReadOnlyMemory<byte> RuntimeCode)
{
    /// <exception cref="FormatException">Not an artifact, or one with libraries that are not linked yet.</exception>
    public static ContractArtifact Parse(string json)
    {
        JsonElement root = StrictJson.Parse(json);
        return new ContractArtifact(AbiJson.Parse(root), Code(root, "bytecode"), Code(root, "deployedBytecode"));
    }

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
