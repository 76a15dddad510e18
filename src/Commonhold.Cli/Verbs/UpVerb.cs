using System.CommandLine;
using Commonhold.Cli.Embedded;
using Commonhold.Client;
using Commonhold.Validator.Ownership.Online;
using Spectre.Console;

namespace Commonhold.Cli.Verbs;

/// <summary>`commonhold up`: a whole data DAO on this machine until Ctrl-C.</summary>
internal static class UpVerb
{
    private static readonly Option<int> Port = new("--port")
    {
        Description = "Where the node answers on loopback; 0 takes a free port.",
        DefaultValueFactory = _ => 7420,
    };

    private static readonly Option<string> Name = new("--name")
    {
        Description = "Name of the DAO that the first start creates.",
        DefaultValueFactory = _ => "My data commons",
    };

    private static readonly Option<bool> Log = new("--log") { Description = "Print the node's and the guardians' log lines on standard error." };

    private static readonly Option<FileInfo?> Policy = new("--policy") { Description = "What the DAO that the first start creates asks of a contribution ('dao policy --trial' prints one to start from).", HelpName = "FILE" };
    private static readonly Option<FileInfo?> Evidence = new("--evidence") { Description = "Which hosts the validator may ask for proofs of ownership (docs/evidence.md); none without it.", HelpName = "FILE" };

    public static Command Create() => new Verb(
        "up", "Run everything on this machine: chain, node, relayer, five guardians, one validator; the first start creates a DAO (trial rules).",
        "commonhold up", "commonhold up --home ./trial --port 8080 --name 'Reddit commons'")
    {
        Port, Name, Policy, Evidence, Log,
    }.Runs(async (context, parse, cancellationToken) =>
    {
        var options = new EmbeddedOptions(context.Home)
        {
            Port = parse.GetValue(Port),
            ChainPort = parse.GetValue(Port) == 0 ? 0 : parse.GetValue(Port) + 25,
            Name = parse.GetValue(Name)!,
            Policy = parse.GetValue(Policy) is { } policy ? ContributionPolicy.Parse(PolicyFile.Read(policy)).Value : null,
            Evidence = parse.GetValue(Evidence) is { } hosts ? EvidenceOptions.Load(hosts.FullName) : EvidenceOptions.Off,
            Log = parse.GetValue(Log),
            Time = context.Time,
        };
        try
        {
            await using var node = await EmbeddedNode.StartAsync(options, context.Error.WriteLine, cancellationToken).ConfigureAwait(false);
            context.Show(new UpReport(node.Url, node.Chain.Url, node.Guardians.Urls, node.Dao.Settings.Name, node.Dao.Settings.Trial), console => Welcome(console, node));
            await context.Output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            context.Error.WriteLine("Stopping; the next start goes on from here.");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            context.Error.WriteLine("Stopped before everything was up; the next start goes on from here.");
        }

        return ExitCode.Ok;
    });

    private static void Welcome(IAnsiConsole console, EmbeddedNode node)
    {
        console.WriteLine();
        console.MarkupLineInterpolated($"[bold]{node.Dao.Settings.Name}[/] is up: [link]{node.PeopleUrl}[/]");
        console.MarkupLine("[yellow]Trial: votes take about a minute, every guardian runs in this one process, the chain is this machine's own.[/]");
        console.MarkupLine("[yellow]Good for trying things out; no place for anything of value.[/]");
        console.WriteLine();
        console.WriteLine("Open it in a browser: make an account, contribute (a made-up file is there to download), vote, be paid.");
        console.WriteLine();
        console.WriteLine("Or in another terminal:");
        console.WriteLine("  ./run key new --generate-passphrase     make your key");
        console.WriteLine("  ./run contribute export.zip             contribute a Reddit export of your own");
        console.WriteLine("  ./run contributions                     see its verdict and its batch");
        console.WriteLine("  ./run dao show                          see who holds which power");
        console.WriteLine("  ./run demo                              watch the whole story in a minute");
        console.WriteLine();
        console.WriteLine("Ctrl-C stops it; nothing is lost.");
    }
}

/// <summary>What `up --json` prints once everything answers.</summary>
internal sealed record UpReport(Uri Node, Uri Rpc, IReadOnlyList<Uri> Guardians, string Name, bool Trial);
