using System.CommandLine;
using System.Globalization;
using Commonhold.Cli.Voice;
using Commonhold.Client;
using Commonhold.Ethereum;
using Spectre.Console;

namespace Commonhold.Cli.Verbs;

/// <summary>`commonhold open GRANT --out DIR`: download, ask guardians, combine, decrypt, verify; parallel and resumable.</summary>
internal static class OpenVerb
{
    private static readonly Argument<ulong> Grant = new("GRANT") { Description = "The grant's number, as `commonhold grants` lists it." };
    private static readonly Option<DirectoryInfo> Out = new("--out") { Description = "Where the files go; run again, it goes on.", HelpName = "DIR", Required = true };
    private static readonly Option<string> Key = Inputs.Key();
    private static readonly Option<string[]> Guardians = new("--guardian") { Description = "Guardians' addresses (default: those the node names).", HelpName = "URL" };

    public static Command Create() => new Verb(
        "open", "Open everything that a grant covers, with any threshold of guardians.", "commonhold open 3 --out ./opened", "commonhold open 3 --out ./opened --key buyer --json")
    {
        Grant, Out, Key, Guardians,
    }.Runs(RunAsync);

    private static async Task<int> RunAsync(CliContext context, ParseResult parse, CancellationToken cancellationToken)
    {
        using var session = await Session.OpenAsync(context, cancellationToken).ConfigureAwait(false);
        using var key = session.OpenKey(parse.GetValue(Key)!);
        var id = new GrantId(parse.GetValue(Grant));
        var request = await session.Node.GetRequestAsync(id, cancellationToken).ConfigureAwait(false);
        var view = session.View ?? throw new CommandFailedException("opening needs a chain node of your own choosing", "--rpc URL", ExitCode.Usage);
        var clients = new List<HttpClient>();
        try
        {
            var links = await LinksAsync(context, session, parse.GetValue(Guardians) ?? [], clients, cancellationToken).ConfigureAwait(false);
            var directory = Directory.CreateDirectory(parse.GetValue(Out)!.FullName).FullName;
            Result<OpenReport> result = default;
            await context.Console.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).StartAsync(async progress =>
            {
                var bar = progress.AddTask("Asking the guardians", maxValue: 1);
                result = await new GrantOpener(session.Node, view, links, key.Identity, time: context.Time)
                    .OpenAsync(id, request.Terms, directory, new Bar(bar), cancellationToken).ConfigureAwait(false);
                bar.Value = bar.MaxValue;
            }).ConfigureAwait(false);
            if (!result.TryGet(out var report, out var refusal))
                throw new CommandFailedException(refusal);
            context.Show(report, console => Draw(console, report, directory));
            return report.Count(OpenOutcome.Failed) > 0 ? ExitCode.Failed
                : report.Contributions.All(c => c.Outcome == OpenOutcome.Refused) ? ExitCode.Refused
                : ExitCode.Ok;
        }
        finally
        {
            foreach (var client in clients)
                client.Dispose();
        }
    }

    private static async Task<IReadOnlyList<GuardianLink>> LinksAsync(
        CliContext context, Session session, string[] given, List<HttpClient> clients, CancellationToken cancellationToken)
    {
        var urls = given.Length > 0
            ? given.Select(text => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
                ? uri
                : throw new CommandFailedException($"'{text}' is not an http or https address", "--guardian URL", ExitCode.Usage)).ToList()
            : session.Dao.Guardians.Members.Select(m => m.Url).OfType<Uri>().ToList();
        if (urls.Count == 0)
            throw new CommandFailedException("the node names no guardian's address", "--guardian URL, once for each", ExitCode.Usage);
        var links = new List<GuardianLink>();
        foreach (var url in urls)
        {
            var http = NodeClient.CreateHttp(url);
            clients.Add(http);
            var client = new GuardianClient(http, new HttpLimits { Attempts = 1 }, context.Time);
            var member = session.Dao.Guardians.Members.FirstOrDefault(m => m.Url == url);
            if (member is not null && given.Length == 0)
            {
                links.Add(new GuardianLink(member.Index, client));
                continue;
            }

            try
            {
                links.Add(new GuardianLink((await client.GetInfoAsync(cancellationToken).ConfigureAwait(false)).Index, client));
            }
            catch (CommonholdException e)
            {
                context.Error.WriteLine($"{url} does not answer: {Plain.Text(e.Message)}");
            }
        }

        return links;
    }

    private static void Draw(IAnsiConsole console, OpenReport report, string directory)
    {
        var opened = report.Count(OpenOutcome.Opened) + report.Count(OpenOutcome.AlreadyOpened);
        console.MarkupLineInterpolated($"[green]{opened} of {report.Contributions.Count} opened[/] into {directory}{(report.Count(OpenOutcome.AlreadyOpened) is > 0 and var before ? $" ({before} of them before)" : "")}.");
        foreach (var group in report.Contributions.Where(c => c.Refusal is not null).GroupBy(c => c.Refusal!.Code))
            console.WriteLine($"  {group.Count().ToString(CultureInfo.InvariantCulture)} not: {group.Key}, for example {group.First().BatchId}/{group.First().Index}: {Plain.Text(group.First().Refusal!.Detail)}");
        foreach (var liar in report.Liars)
            console.MarkupLineInterpolated($"[red]Guardian {liar} answered wrongly[/]; the proof shows it, and the others were used.");
        foreach (var (guardian, fault) in report.Faults)
            console.WriteLine($"  Guardian {guardian} did not help: {Plain.Text(fault.Detail)} ({fault.Code})");
    }

    private sealed class Bar(ProgressTask bar) : IProgress<OpenProgress>
    {
        public void Report(OpenProgress value)
        {
            bar.Description = string.Create(CultureInfo.InvariantCulture, $"{value.Done:N0} of {value.Total:N0} contributions, {value.Bytes / 1_000_000.0:N1} MB");
            bar.MaxValue = Math.Max(1, value.Total);
            bar.Value = value.Done;
        }
    }
}
