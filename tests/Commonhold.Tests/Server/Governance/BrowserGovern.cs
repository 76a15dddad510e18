using System.Text.Json.Nodes;
using Xunit;

namespace Commonhold.Tests.Server.Governance;

/// <summary>Runs web/dist/govern.mjs: the browser's reading of proposals. Must have been built by <c>npm run build</c> in web.</summary>
internal static class BrowserGovern
{
    public static async Task<IReadOnlyList<JsonNode>> AskAsync(IReadOnlyList<JsonObject> questions) =>
        await NodeScript.AskJsonAsync("web", "dist/govern.mjs", questions);
}
