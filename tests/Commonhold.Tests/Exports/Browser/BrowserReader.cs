using System.Text.Json.Nodes;
using Xunit;

namespace Commonhold.Tests.Exports.Browser;

/// <summary>Runs web/agreement/answer.mjs: the browser's reading of exports. Must have been built by <c>npm run build</c> in web.</summary>
internal sealed class BrowserReader : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("commonhold-browser-");
    private readonly List<JsonObject> _questions = [];

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
    public async Task<IReadOnlyList<JsonNode>> AnswerAsync() =>
        await NodeScript.AskJsonAsync("web", "agreement/answer.mjs", _questions);

    /// <summary>What was written as the cleaned form of a question's export.</summary>
    public byte[] Cleaned(int question) => File.ReadAllBytes(PathOf(question, "out"));

    public void Dispose() => _folder.Delete(recursive: true);

    private string PathOf(int question, string suffix) => Path.Combine(_folder.FullName, $"{question}.{suffix}");
}
