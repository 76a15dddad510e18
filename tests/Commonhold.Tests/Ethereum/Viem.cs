using System.Text.Json.Nodes;

namespace Commonhold.Tests.Ethereum;

/// <summary>Runs tests/agreement/agree.mjs, which must have been installed by <c>npm ci</c> there.</summary>
internal static class Viem
{
    public static bool IsInstalled => Directory.Exists(Path.Combine(Repository.Root, "tests", "agreement", "node_modules", "viem"));

    public static async Task<JsonNode[]> AskAsync(IReadOnlyList<JsonNode> questions) =>
        await NodeScript.AskJsonAsync("tests/agreement", "agree.mjs", questions);
}

/// <summary>A fact that needs viem: skipped on a laptop without it, failing on the build server.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ViemFactAttribute : Xunit.FactAttribute
{
    public ViemFactAttribute()
    {
        if (!Viem.IsInstalled && Environment.GetEnvironmentVariable("CI") is not { Length: > 0 })
            Skip = "viem is missing: npm ci --prefix tests/agreement";
    }
}
