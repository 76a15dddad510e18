using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Commonhold.Cli;

namespace Commonhold.Tests.Cli;

/// <summary>What README and docs/cli.md show must be what the program understands.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    public static TheoryData<string> Commands()
    {
        var data = new TheoryData<string>();
        foreach (Match block in CodeBlock().Matches(Readme))
            foreach (var line in block.Groups[1].Value.Split('\n'))
                if (RunLine().Match(line) is { Success: true } run && run.Groups[1].Value.Trim() is { Length: > 0 } arguments)
                    data.Add(arguments);
        return data;
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Command_line_of_the_README_is_understood(string arguments)
    {
        var parse = CommandLine.Build().Parse([.. CommandLineParser.SplitCommandLine(arguments.Replace('\'', '"'))]);
        Assert.True(parse.Errors.Count == 0, $"./run {arguments}: {string.Join("; ", parse.Errors.Select(e => e.Message))}");
    }

    [Fact]
    public void Scripts_that_the_README_names_exist_and_can_be_run()
    {
        foreach (Match script in Script().Matches(Readme))
        {
            var file = Path.Combine(Repository.Root, script.Groups[1].Value);
            Assert.True(File.Exists(file), $"README names ./{script.Groups[1].Value}");
            Assert.True((File.GetUnixFileMode(file) & UnixFileMode.UserExecute) != 0, $"{file} is not executable");
        }
    }

    [Fact]
    public void Documents_that_the_README_links_to_exist()
    {
        foreach (Match link in Link().Matches(Readme))
            Assert.True(Path.Exists(Path.Combine(Repository.Root, link.Groups[1].Value)), $"README links to {link.Groups[1].Value}");
    }

    [Fact]
    public void Every_exit_code_is_documented()
    {
        var documented = File.ReadAllText(Path.Combine(Repository.Root, "docs", "cli.md"));
        foreach (var code in typeof(ExitCode).GetFields().Where(f => f.IsLiteral).Select(f => (int)f.GetRawConstantValue()!))
            Assert.Contains($"| {code} |", documented, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"```(?:sh|console)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"^(?:\$ )?\./run\b([^#\n]*)")]
    private static partial Regex RunLine();

    [GeneratedRegex(@"^(?:\$ )?\./(\w+)", RegexOptions.Multiline)]
    private static partial Regex Script();

    [GeneratedRegex(@"\]\((?!http)([^)#]+)\)")]
    private static partial Regex Link();
}
