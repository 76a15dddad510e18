using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Commonhold.Tests;

/// <summary>Scripts of Node.js that answer each line of standard input with one of standard output: how tests run the browser's code and other people's.</summary>
internal static class NodeScript
{
    /// <summary>Far beyond the slowest of them on a busy machine: a script that never ends is to be a failure that names it, not a build that never ends.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <param name="folder">The script's folder, from the root of the repository.</param>
    /// <param name="lines">Questions without line breaks.</param>
    /// <returns>As many answers as there were questions, in their order.</returns>
    public static async Task<IReadOnlyList<string>> AskAsync(string folder, string script, IReadOnlyList<string> lines)
    {
        var answers = new List<string>();
        using var process = Start(folder, script);
        var errors = process.StandardError.ReadToEndAsync();
        // Reading while writing, or both pipes fill up and everybody waits.
        var writing = Task.Run(async () =>
        {
            foreach (var line in lines)
                await process.StandardInput.WriteAsync(line + "\n");
            process.StandardInput.Close();
        });
        await EndsAsync(process, script, async () =>
        {
            while (await process.StandardOutput.ReadLineAsync() is { } line)
                answers.Add(line);
        });
        if (answers.Count != lines.Count || process.ExitCode != 0)
            throw new InvalidOperationException($"{script} gave {answers.Count} answers to {lines.Count} questions and ended with {process.ExitCode}: {await errors}");
        await writing;
        return answers;
    }

    /// <summary>Likewise with a document of JSON on each line.</summary>
    public static async Task<JsonNode[]> AskJsonAsync(string folder, string script, IEnumerable<JsonNode> questions) =>
        [.. (await AskAsync(folder, script, [.. questions.Select(question => question.ToJsonString())])).Select(line => JsonNode.Parse(line)!)];

    /// <summary>A script that asks back: whoever calls speaks with it, within <see cref="EndsAsync"/>.</summary>
    public static Process Start(string folder, string script) => Process.Start(new ProcessStartInfo("node", [script])
    {
        WorkingDirectory = Path.Combine(Repository.Root, folder),
        RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        StandardInputEncoding = Utf8, StandardOutputEncoding = Utf8, StandardErrorEncoding = Utf8,
    })!;

    /// <summary>Talks with the script until it ends by itself.</summary>
    /// <exception cref="TimeoutException">It does not: something that it loaded keeps it alive, or it waits for what never comes.</exception>
    public static async Task EndsAsync(Process process, string script, Func<Task> talk)
    {
        try
        {
            await TalkAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{script} has not ended after {Patience.TotalMinutes} minutes.");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }

        async Task TalkAsync()
        {
            await talk();
            await process.WaitForExitAsync();
        }
    }
}

/// <summary>A fact that needs the browser's code: skipped on a laptop that has not built it, failing on the build server.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserCodeFactAttribute : FactAttribute
{
    public BrowserCodeFactAttribute()
    {
        if (!Directory.Exists(Path.Combine(Repository.Root, "web", "dist", "site")) && Environment.GetEnvironmentVariable("CI") is not { Length: > 0 })
            Skip = "the browser's code is not built: npm ci --prefix web && npm run --prefix web build";
    }
}
