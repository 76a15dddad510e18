using System.Diagnostics;
using System.Text.Json.Nodes;
using Xunit;

namespace Commonhold.Tests.Server.Governance;

/// <summary>Runs web/dist/govern.mjs: the browser's reading of proposals. Must have been built by <c>npm run build</c> in web.</summary>
internal static class BrowserGovern
{
    public static bool IsBuilt => File.Exists(Path.Combine(Repository.Root, "web", "dist", "govern.mjs"));

    public static async Task<IReadOnlyList<JsonNode>> AskAsync(IReadOnlyList<JsonObject> questions)
    {
        using var process = Process.Start(new ProcessStartInfo("node", [Path.Combine("dist", "govern.mjs")])
        {
            WorkingDirectory = Path.Combine(Repository.Root, "web"), RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();

        // Reading while writing, or both pipes fill up and everybody waits.
        var writing = Task.Run(async () =>
        {
            foreach (var question in questions)
                await process.StandardInput.WriteLineAsync(question.ToJsonString());
            process.StandardInput.Close();
        });
        var answers = new List<JsonNode>();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            answers.Add(JsonNode.Parse(line)!);
        await process.WaitForExitAsync();
        if (answers.Count != questions.Count)
            throw new InvalidOperationException($"{answers.Count} answers to {questions.Count} questions: {await errors}");
        await writing;
        return answers;
    }
}

/// <summary>A fact that needs the browser's code: skipped on a laptop that has not built it, failing on the build server.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserGovernFactAttribute : FactAttribute
{
    public BrowserGovernFactAttribute()
    {
        if (!BrowserGovern.IsBuilt && Environment.GetEnvironmentVariable("CI") is not { Length: > 0 })
            Skip = "the browser's code is not built: npm ci --prefix web && npm run --prefix web build";
    }
}
