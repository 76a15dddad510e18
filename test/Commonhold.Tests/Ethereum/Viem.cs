using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Commonhold.Tests.Ethereum;

/// <summary>Runs test/agreement/agree.mjs, which must have been installed by <c>npm ci</c> there.</summary>
internal static class Viem
{
    public static async Task<JsonNode[]> AskAsync(IReadOnlyList<JsonNode> questions)
    {
        string folder = Path.Combine(RepositoryRoot(), "test", "agreement");
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "viem")))
            throw new InvalidOperationException("viem is not installed: run 'npm ci' in test/agreement.");

        using var process = Process.Start(new ProcessStartInfo("node", ["agree.mjs"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        // Reading while writing, or both pipes fill up and everybody waits.
        Task writing = Task.Run(async () =>
        {
            foreach (JsonNode question in questions)
                await process.StandardInput.WriteLineAsync(question.ToJsonString());
            process.StandardInput.Close();
        });
        var answers = new List<JsonNode>();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            answers.Add(JsonNode.Parse(line)!);
        await writing;
        await process.WaitForExitAsync();
        return answers.Count == questions.Count
            ? [.. answers]
            : throw new InvalidOperationException($"viem gave {answers.Count} answers to {questions.Count} questions.");
    }

    private static string RepositoryRoot()
    {
        string? folder = Environment.GetEnvironmentVariable("COMMONHOLD_ROOT") ?? AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Commonhold.slnx")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("Commonhold.slnx is nowhere above the tests.");
    }
}
