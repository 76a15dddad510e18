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
        var questions = documents.Select(document => new JsonObject { ["kind"] = kind, ["base"] = "https://commons.example/catalogue/document", ["document"] = document.DeepClone() });
        var answers = await NodeScript.AskJsonAsync("tests/linked-data", "check.mjs", questions);
        return [.. answers.Select(faults => faults.AsArray().Select(fault => (string)fault!).ToArray())];
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
