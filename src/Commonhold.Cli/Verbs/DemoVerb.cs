using System.CommandLine;
using System.Text.Json;
using Commonhold.Cli.Demo;
using Commonhold.Cli.Voice;
using Commonhold.Exports.Reddit;
using Spectre.Console;

namespace Commonhold.Cli.Verbs;

/// <summary>`commonhold demo`: the main job from beginning to end on this machine.</summary>
internal static class DemoVerb
{
    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private static readonly Option<DirectoryInfo?> Exports = new("--exports")
    {
        Description = "A directory of Reddit exports (default: a dozen made-up ones).",
        HelpName = "DIR",
    };

    // The global --json prints to standard output; here it also may name a file, as scripts want both the story and the figures.
    private static readonly Option<FileInfo?> JsonFile = new("--json") { Description = "Write the figures to this file.", HelpName = "FILE" };
    private static readonly Option<bool> Log = new("--log") { Description = "Print the node's and the guardians' log lines on standard error." };

    public static Command Create() => new Verb(
        "demo", "Tell the whole story: contribute, vote, open, get paid. Starts fresh, in a temporary home unless --home is given.",
        "commonhold demo", "commonhold demo --exports ./exports --json figures.json")
    {
        Exports, JsonFile, Log,
    }.Runs(async (context, parse, cancellationToken) =>
    {
        var given = parse.GetResult(GlobalOptions.Home) is not null;
        var home = given ? context.Home.Root : Directory.CreateTempSubdirectory("commonhold-demo-").FullName;
        if (given && Directory.Exists(home) && Directory.EnumerateFileSystemEntries(home).Any())
            throw new CommandFailedException($"{home} is not empty, and the demo starts fresh", "name a new directory, or leave --home away", ExitCode.Usage);
        try
        {
            var exports = await ExportsAsync(parse.GetValue(Exports), home, cancellationToken).ConfigureAwait(false);
            using var story = new DemoStory(context.Console, new DemoOptions(home, exports, parse.GetValue(Log)), context.Time);
            var figures = await story.TellAsync(cancellationToken).ConfigureAwait(false);
            if (parse.GetValue(JsonFile) is { } file)
                await File.WriteAllTextAsync(file.FullName, JsonSerializer.Serialize(figures, JsonOptions) + "\n", cancellationToken).ConfigureAwait(false);
            DemoPicture.Draw(context.Console, figures);
            return figures.AsTold ? ExitCode.Ok : throw new CommandFailedException($"not everything was as told: {string.Join("; ", figures.Wrong)}");
        }
        finally
        {
            if (!given)
                Directory.Delete(home, recursive: true);
        }
    });

    private static async Task<string> ExportsAsync(DirectoryInfo? given, string home, CancellationToken cancellationToken)
    {
        if (given is { Exists: false })
            throw new CommandFailedException($"there is no directory {given.FullName}", exitCode: ExitCode.Usage);
        if (given is not null)
            return given.EnumerateFiles("*.zip").Any() ? given.FullName : throw new CommandFailedException($"{given.FullName} holds no .zip", exitCode: ExitCode.Usage);
        var made = Path.Combine(home, "exports");
        await SampleExports.WriteAllAsync(made, 12, cancellationToken: cancellationToken).ConfigureAwait(false);
        return made;
    }
}
