using System.Diagnostics;
using System.Text.Json.Nodes;
using Xunit;

namespace Commonhold.Tests.Exports.Browser;

/// <summary>Runs web/agreement/answer.mjs: the browser's reading of exports. Must have been built by <c>npm run build</c> in web.</summary>
internal sealed class BrowserReader : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("commonhold-browser-");
    private readonly List<JsonObject> _questions = [];

    public static bool IsBuilt => File.Exists(Path.Combine(Repository.Root, "web", "dist", "exports.mjs"));

    /// <summary>Adds a file to be read and returns its number.</summary>
    /// <param name="stops">Whether the reader is told to stop at the first sign of progress.</param>
    public int Ask(byte[] export, string fileName, string schema, string? descriptor = null, bool stops = false)
    {
        var path = PathOf(_questions.Count, "in");
        File.WriteAllBytes(path, export);
        _questions.Add(new JsonObject
        {
            ["path"] = path,
            ["fileName"] = fileName,
            ["schema"] = schema,
            ["descriptor"] = descriptor,
            ["stops"] = stops,
            ["cleaned"] = PathOf(_questions.Count, "out"),
        });
        return _questions.Count - 1;
    }

    /// <summary>The answers to all questions, in their order.</summary>
    public async Task<IReadOnlyList<JsonNode>> AnswerAsync()
    {
        using var process = Process.Start(new ProcessStartInfo("node", ["agreement/answer.mjs"])
        {
            WorkingDirectory = Path.Combine(Repository.Root, "web"),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();

        // Reading while writing, or both pipes fill up and everybody waits.
        var writing = Task.Run(async () =>
        {
            foreach (var question in _questions)
                await process.StandardInput.WriteLineAsync(question.ToJsonString());
            process.StandardInput.Close();
        });
        var answers = new List<JsonNode>();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            answers.Add(JsonNode.Parse(line)!);
        await process.WaitForExitAsync();
        if (answers.Count != _questions.Count)
            throw new InvalidOperationException($"{answers.Count} answers to {_questions.Count} questions: {await errors}");
        await writing;
        return answers;
    }

    /// <summary>What was written as the cleaned form of a question's export.</summary>
    public byte[] Cleaned(int question) => File.ReadAllBytes(PathOf(question, "out"));

    public void Dispose() => _folder.Delete(recursive: true);

    private string PathOf(int question, string suffix) => Path.Combine(_folder.FullName, $"{question}.{suffix}");
}

/// <summary>A fact that needs the browser's code: skipped on a laptop that has not built it, failing on the build server.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (!BrowserReader.IsBuilt && Environment.GetEnvironmentVariable("CI") is not { Length: > 0 })
            Skip = "the browser's code is not built: npm ci --prefix web && npm run --prefix web build";
    }
}
