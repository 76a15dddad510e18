using System.Text.Encodings.Web;
using System.Text.Json;
using Commonhold.Ethereum;

namespace Commonhold.Bindings;

/// <summary>All that is generated from forge's output: for each contract a C# binding and the artifact it loads.</summary>
internal static class BindingSet
{
    /// <summary>The contracts of a DAO (design §5), and what else the C# side talks to.</summary>
    public static readonly IReadOnlyList<string> Contracts =
    [
        "AccessMarket", "ContributionRegistry", "DataDao", "DataGovernor", "DataToken", "GuardianRegistry", "IERC20Metadata",
        "RevenuePool", "TestCurrency", "TimelockController",
    ];

    /// <summary>The eight contracts of a DAO, in the order of their creation (protocol.md §3).</summary>
    public static readonly IReadOnlyList<string> Created =
    [
        "TimelockController", "DataToken", "DataGovernor", "GuardianRegistry", "ContributionRegistry", "RevenuePool", "AccessMarket", "DataDao",
    ];

    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <returns>Path below the target folder, and the whole text of the file.</returns>
    public static IEnumerable<(string Path, string Text)> Generate(string forgeOut)
    {
        foreach (string contract in Contracts)
        {
            string json = File.ReadAllText(Path.Combine(forgeOut, contract + ".sol", contract + ".json"));
            ContractArtifact artifact = ContractArtifact.Parse(json);
            yield return ($"Artifacts/{contract}.json", Shorten(json, artifact));
            yield return ($"Generated/{contract}.g.cs", new BindingWriter(contract, artifact.Abi).Write());
        }
    }

    /// <summary>The ABI, one entry a line, and the code: what a user without forge needs to create a DAO and to check what stands on the chain.</summary>
    private static string Shorten(string json, ContractArtifact artifact)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        string bytecode = document.RootElement.GetProperty("bytecode").GetProperty("object").GetString()!;
        string deployed = document.RootElement.GetProperty("deployedBytecode").GetProperty("object").GetString()!;
        IEnumerable<string> entries = document.RootElement.GetProperty("abi").EnumerateArray().Select(e => JsonSerializer.Serialize(e, Compact));
        string immutables = string.Join(',', artifact.Immutables.Select(place => $"[{place.Start},{place.Length}]"));
        return $"{{\n\"abi\":[\n{string.Join(",\n", entries)}\n],\n\"bytecode\":\"{bytecode}\",\n\"deployedBytecode\":\"{deployed}\",\n\"immutables\":[{immutables}]\n}}\n";
    }
}
