using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Commonhold.Tests.Ethereum;

/// <summary>Runs tests/agreement/agree.mjs, which must have been installed by <c>npm ci</c> there.</summary>
internal static class Viem
{
    public static bool IsInstalled => Directory.Exists(Path.Combine(Folder, "node_modules", "viem"));

    private static string Folder => Path.Combine(RepositoryRoot(), "tests", "agreement");

    public static async Task<JsonNode[]> AskAsync(IReadOnlyList<JsonNode> questions)
    {
        using var process = Process.Start(new ProcessStartInfo("node", ["agree.mjs"])
        {
            WorkingDirectory = Folder,
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
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Commonhold.slnx")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("Commonhold.slnx is nowhere above the tests.");
    }
}

/// <summary>A fact that needs viem: skipped on a laptop without it, failing on the build server.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ViemFactAttribute : Xunit.FactAttribute
{
    public ViemFactAttribute()
    {
        if (!Viem.IsInstalled && Environment.GetEnvironmentVariable("CI") is not { Length: > 0 })
            Skip = "viem is missing: npm ci --prefix tests/agreement";
    }
}
