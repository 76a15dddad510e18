using System.Text.Json.Nodes;

namespace Commonhold.Tests.Client.Browser;

/// <summary>Runs web/agreement/contribute.ts: the member's side as the browser has it. Must have been built by <c>npm run build</c> in web.</summary>
internal static class BrowserMember
{
    /// <summary>The answers to all questions, in their order.</summary>
    public static async Task<IReadOnlyList<JsonNode>> AskAsync(params IReadOnlyList<JsonObject> questions) =>
        await NodeScript.AskJsonAsync("web", "dist/contribute.mjs", questions);
}
