using System.Text.Json.Nodes;

namespace Commonhold.Tests.Client.Browser;

/// <summary>Runs web/agreement/verify.ts, built by <c>npm run build</c> in web: what the transparency page checks in the browser.</summary>
public static class BrowserVerifier
{
    public static bool IsBuilt => File.Exists(Path.Combine(Repository.Root, "web", "dist", "verify.mjs"));

    public static async Task<JsonNode> AskAsync(JsonObject question) => (await NodeScript.AskJsonAsync("web", "dist/verify.mjs", [question]))[0];
}
