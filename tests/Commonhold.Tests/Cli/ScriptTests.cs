using Commonhold.Cli;

namespace Commonhold.Tests.Cli;

/// <summary>Runs the files in `Cli/Scripts`: a command line, then what it must print and its exit code.</summary>
/// <remarks>Lines: `$ commonhold …` runs; `? N` is the exit code; `1 text` standard output; `2 text` standard error; `*` as the text of
/// a line stands for any number of lines; `# …` is a comment. `HOME` in a command is a fresh directory.</remarks>
public sealed class ScriptTests
{
    public static TheoryData<string> Scripts()
    {
        var data = new TheoryData<string>();
        foreach (var file in Directory.GetFiles(ScriptDirectory, "*.script").Order(StringComparer.Ordinal))
            data.Add(Path.GetFileName(file));
        return data;
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Script_prints_what_it_says(string script)
    {
        var home = Directory.CreateTempSubdirectory("commonhold-script-").FullName;
        try
        {
            foreach (var step in Step.Read(await File.ReadAllLinesAsync(Path.Combine(ScriptDirectory, script))))
                await RunAsync(script, step, home);
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    private static string ScriptDirectory => Path.Combine(AppContext.BaseDirectory, "Cli", "Scripts");

    private static async Task RunAsync(string script, Step step, string home)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var arguments = step.Command.Replace("HOME", home, StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var exit = await CommandLine.RunAsync(arguments, output, error);
        var where = $"{script}: commonhold {step.Command}\n--- stdout\n{output}--- stderr\n{error}";
        Assert.True(step.ExitCode == exit, $"{where}--- exit code {exit}, not {step.ExitCode}");
        Assert.True(Matches(step.Output, Lines(output, home)), $"{where}--- standard output is not as the script says");
        Assert.True(Matches(step.Error, Lines(error, home)), $"{where}--- standard error is not as the script says");
    }

    private static string[] Lines(StringWriter writer, string home) => writer.ToString().Replace(home, "HOME", StringComparison.Ordinal)
        .TrimEnd('\n').Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0).ToArray();

    private static bool Matches(IReadOnlyList<string> expected, ReadOnlySpan<string> actual)
    {
        if (expected.Count == 0)
            return actual.Length == 0;
        var rest = expected.Skip(1).ToArray();
        if (expected[0] != "*")
            return actual.Length > 0 && actual[0] == expected[0] && Matches(rest, actual[1..]);
        for (var skipped = 0; skipped <= actual.Length; skipped++)
            if (Matches(rest, actual[skipped..]))
                return true;
        return false;
    }

    private sealed record Step(string Command)
    {
        public int ExitCode { get; private set; }

        public List<string> Output { get; } = [];

        public List<string> Error { get; } = [];

        public static List<Step> Read(string[] lines)
        {
            var steps = new List<Step>();
            foreach (var line in lines.Where(line => line.Length > 0 && line[0] != '#'))
            {
                var text = line.Length > 2 ? line[2..].TrimEnd() : "";
                switch (line[0])
                {
                    case '$': steps.Add(new Step(text["commonhold".Length..].Trim())); break;
                    case '?': steps[^1].ExitCode = int.Parse(text, System.Globalization.CultureInfo.InvariantCulture); break;
                    case '1': steps[^1].Output.Add(text); break;
                    case '2': steps[^1].Error.Add(text); break;
                    default: throw new FormatException($"not a script line: {line}");
                }
            }

            return steps;
        }
    }
}
