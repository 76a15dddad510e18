using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Commonhold.Tests.Server.Catalogue;

/// <summary>The catalogue's documents through other people's programs: jsonld expands them, rdf-validate-shacl holds the graph against tests/linked-data.</summary>
internal static class LinkedData
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "linked-data");

    public static bool IsInstalled => Directory.Exists(Path.Combine(Folder, "node_modules", "jsonld"));

    /// <summary>What each document breaks, in the order of the documents.</summary>
    /// <param name="kind"><c>croissant</c> or <c>dcat</c>.</param>
    public static async Task<IReadOnlyList<IReadOnlyList<string>>> FaultsAsync(string kind, IReadOnlyList<JsonObject> documents)
    {
        using var process = Process.Start(new ProcessStartInfo("node", [Path.Combine(Folder, "check.mjs")])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            StandardInputEncoding = new System.Text.UTF8Encoding(false), StandardOutputEncoding = System.Text.Encoding.UTF8,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var answers = process.StandardOutput.ReadToEndAsync();
        foreach (var document in documents)
            await process.StandardInput.WriteLineAsync(new JsonObject { ["kind"] = kind, ["base"] = "https://commons.example/catalogue/document", ["document"] = document.DeepClone() }.ToJsonString());
        process.StandardInput.Close();
        var lines = (await answers).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await process.WaitForExitAsync();
        return lines.Length == documents.Count
            ? [.. lines.Select(line => JsonNode.Parse(line)!.AsArray().Select(fault => (string)fault!).ToArray())] : throw new InvalidOperationException(await errors);
    }
}

/// <summary>A fact that needs the packages of tests/linked-data: skipped on a laptop that has not installed them, failing on the build server.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinkedDataFactAttribute : FactAttribute
{
    public LinkedDataFactAttribute()
    {
        if (!LinkedData.IsInstalled && Environment.GetEnvironmentVariable("CI") is not { Length: > 0 })
            Skip = "jsonld is not installed: npm ci --prefix tests/linked-data";
    }
}
