using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Commonhold.Tests.Client.Browser;

/// <summary>Runs web/agreement/contribute.ts: the member's side as the browser has it. Must have been built by <c>npm run build</c> in web.</summary>
internal static class BrowserMember
{
    /// <summary>The answers to all questions, in their order.</summary>
    public static async Task<IReadOnlyList<JsonNode>> AskAsync(params IReadOnlyList<JsonObject> questions)
    {
        using var process = Process.Start(new ProcessStartInfo("node", ["dist/contribute.mjs"])
        {
            WorkingDirectory = Path.Combine(Repository.Root, "web"),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
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
        await writing;
        return answers.Count == questions.Count
            ? answers
            : throw new InvalidOperationException($"{answers.Count} answers to {questions.Count} questions: {await errors}");
    }
}
