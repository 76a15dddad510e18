using System.Text.RegularExpressions;

namespace Commonhold.Tests.Docs;

/// <summary>docs/errors.md against the source: what a user can meet is explained, and nothing is explained that is not there.</summary>
public sealed partial class ErrorTableTests
{
    /// <summary>A dotted literal that ends so is a file's or a library's name, unless the table explains it.</summary>
    private static readonly string[] FileEndings =
        [".json", ".jsonl", ".ndjson", ".js", ".xml", ".sqlite", ".csv", ".db", ".lock", ".age", ".dll", ".dylib", ".so", ".zip", ".key", ".html", ".css", ".md", ".sol", ".tmp", ".part", ".exe"];

    private static readonly string Table = File.ReadAllText(Path.Combine(Repository.Root, "docs", "errors.md"));

    [Fact]
    public void Every_code_in_the_source_is_in_the_table()
    {
        var explained = Rows().Select(row => row.Code).ToHashSet();
        Assert.Empty(Codes().Where(code => !explained.Contains(code.Code)).Select(code => $"{code.Code} ({code.File})"));
    }

    [Fact]
    public void Every_code_in_the_table_is_in_the_source()
    {
        var known = Codes().Select(code => code.Code).ToHashSet();
        Assert.Empty(Rows().Select(row => row.Code).Where(code => !known.Contains(code)));
    }

    [Fact]
    public void Every_code_is_explained_once_with_what_to_do()
    {
        Assert.Equal(Rows().Length, Rows().DistinctBy(row => row.Code).Count());
        Assert.All(Rows(), row => Assert.True(row.Meaning.Length > 5 && row.Advice.Length > 3, row.Code));
    }

    private static (string Code, string Meaning, string Advice)[] Rows() =>
        [.. Row().Matches(Table).Select(row => (row.Groups[1].Value, row.Groups[2].Value.Trim(), row.Groups[3].Value.Trim()))];

    private static (string Code, string File)[] Codes() =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Concat(new[] { "exports", "contribute", "govern", "market", "open", "workers" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, "web", folder), "*.ts", SearchOption.AllDirectories)))
            // What made-up exports say is nobody's refusal.
            .Where(file => !Path.GetFileName(file).Contains("Sample", StringComparison.Ordinal))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(file => Literal().Matches(File.ReadAllText(file)).Select(literal => (literal.Groups[1].Value, Path.GetFileName(file))))
            .Where(code => (!FileEndings.Any(ending => code.Item1.EndsWith(ending, StringComparison.Ordinal)) || Table.Contains($"| `{code.Item1}` |", StringComparison.Ordinal)) && !code.Item1.StartsWith("lib", StringComparison.Ordinal)),
    ];

    [GeneratedRegex(@"^\| `([a-z0-9_.]+)` \|([^|]+)\|([^|]+)\|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("\"([a-z]+(?:\\.[a-z][a-z0-9_]*)+)\"")]
    private static partial Regex Literal();
}
