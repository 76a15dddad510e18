using System.CommandLine;
using System.Globalization;
using Commonhold.Cli.Verbs;
using Commonhold.Cli.Voice;
using Commonhold.Client;
using Commonhold.Guardians.Audit;
using Spectre.Console;

namespace Commonhold.Cli.Guardian;

/// <summary>`commonhold audit`: every guardian's log, held against the chain.</summary>
internal static class AuditCommand
{
    private static readonly Option<string[]> Guardians = new("--guardian")
    {
        Description = "Where a guardian answers, in the order of their numbers; once for each (default: what the node names).", HelpName = "URL",
    };

    public static Command Create() => new Verb(
        "audit", "Hold every guardian's release log against the chain, and against what the last audit on this machine saw.",
        "commonhold audit", "commonhold audit --guardian https://one.example --guardian https://two.example --json")
    {
        Guardians,
    }.Runs(AuditAsync);

    private static async Task<int> AuditAsync(CliContext context, ParseResult parse, CancellationToken cancellationToken)
    {
        // With the DAO's file, a chain node and the guardians' addresses at hand no Commonhold node is asked for anything.
        var local = File.Exists(context.Home.DaoFile) ? await DaoFile.ReadAsync(context.Home.DaoFile, cancellationToken).ConfigureAwait(false) : null;
        var given = parse.GetValue(Guardians) ?? [];
        using var session = local is not null && given.Length > 0 && context.Rpc is not null ? null : await Session.OpenAsync(context, cancellationToken).ConfigureAwait(false);
        var contracts = session?.Dao.Contracts ?? local!.Contracts;
        var urls = given.Length > 0 ? Given(given) : Named(session!);
        AuditHeads heads = new(context.Home, contracts.Dao);
        var known = await heads.ReadAsync(cancellationToken).ConfigureAwait(false);
        List<HttpClient> clients = [];
        using var http = new HttpClient();
        try
        {
            List<AuditSubject> subjects = [];
            foreach (var (guardian, url) in urls)
            {
                var client = NodeClient.CreateHttp(url);
                clients.Add(client);
                subjects.Add(new AuditSubject(guardian, new GuardianClient(client, new HttpLimits { Attempts = 2 }), known.GetValueOrDefault(guardian)));
            }

            // Whoever did not create the DAO reads the chain from its beginning.
            LogAuditor auditor = new(session?.Chain ?? context.ChainNode(http, context.Rpc!), contracts, local?.Contracts == contracts ? local.FirstBlock : 0);
            var report = await auditor.AuditAsync(subjects, cancellationToken).ConfigureAwait(false);
            heads.Write(known, report);
            context.Show(report, console => Draw(console, report));
            return report.IsClean ? ExitCode.Ok : ExitCode.Failed;
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    private static IReadOnlyList<(uint Guardian, Uri Url)> Given(string[] urls) =>
        [.. urls.Select((url, i) => ((uint)i + 1, Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri : throw new CommandFailedException($"'{url}' is not an http or https address", "--guardian URL", ExitCode.Usage)))];

    private static IReadOnlyList<(uint Guardian, Uri Url)> Named(Session session)
    {
        (uint, Uri)[] named = [.. session.Dao.Guardians.Members.Where(member => member.Url is not null).Select(member => (member.Index, member.Url!))];
        return named.Length > 0 ? named : throw new CommandFailedException("the node names no guardian's address", "--guardian URL, once for each", ExitCode.Usage);
    }

    private static void Draw(IAnsiConsole console, AuditReport report)
    {
        Table table = new();
        table.AddColumns("guardian", "releases", "contributions", "findings");
        foreach (var guardian in report.Guardians)
            table.AddRow(
                Number(guardian.Guardian), Number(guardian.Head.Count), Number(guardian.Contributions.Values.Sum()), Number(guardian.Findings.Count));
        console.Write(table);
        foreach (var guardian in report.Guardians)
        {
            foreach (var finding in guardian.Findings)
                console.WriteLine($"guardian {guardian.Guardian}, {(finding.Sequence is { } line ? $"line {line}" : "log")}: {finding.Detail} ({finding.Code})");
        }

        console.WriteLine(report.IsClean
            ? $"Every logged release was allowed by the chain (up to block {report.Block})."
            : "Some of what guardians logged is not borne out by the chain.");
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
