using System.Text.Json.Nodes;
using Xunit;

namespace Commonhold.Tests.Client;

/// <summary>Runs web/dist/keys.mjs: keys, signatures and checks by the browser's code. Must have been built by <c>npm run build</c> in web.</summary>
public static class BrowserKeys
{
    public static async Task<JsonNode> AskAsync(JsonObject question) => (await AskAllAsync(question))[0];

    public static async Task<IReadOnlyList<JsonNode>> AskAllAsync(params JsonObject[] questions) =>
        await NodeScript.AskJsonAsync("web", "dist/keys.mjs", questions);
}
