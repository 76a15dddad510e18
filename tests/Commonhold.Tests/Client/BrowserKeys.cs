using System.Diagnostics;
using System.Text.Json.Nodes;
using Xunit;

namespace Commonhold.Tests.Client;

/// <summary>Runs web/dist/keys.mjs: keys, signatures and checks by the browser's code. Must have been built by <c>npm run build</c> in web.</summary>
public static class BrowserKeys
{
    internal static string Script => Path.Combine(Repository.Root, "web", "dist", "keys.mjs");

    public static async Task<JsonNode> AskAsync(JsonObject question) => (await AskAllAsync(question))[0];

    public static async Task<IReadOnlyList<JsonNode>> AskAllAsync(params JsonObject[] questions)
    {
        using var process = Process.Start(new ProcessStartInfo("node", [Script]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        foreach (var question in questions)
            await process.StandardInput.WriteLineAsync(question.ToJsonString());
        process.StandardInput.Close();
        var answers = (await process.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToArray();
        await process.WaitForExitAsync();
        return answers.Length == questions.Length ? answers : throw new InvalidOperationException($"{answers.Length} answers to {questions.Length} questions: {await errors}");
    }
}

/// <summary>A fact that needs the browser's code: skipped on a laptop that has not built it, failing on the build server.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserKeysFactAttribute : FactAttribute
{
    public BrowserKeysFactAttribute()
    {
        if (!File.Exists(BrowserKeys.Script) && Environment.GetEnvironmentVariable("CI") is not { Length: > 0 })
            Skip = "the browser's code is not built: npm ci --prefix web && npm run --prefix web build";
    }
}
