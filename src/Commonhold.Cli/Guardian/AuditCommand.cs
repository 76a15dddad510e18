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
        using var session = await Session.OpenAsync(context, cancellationToken).ConfigureAwait(false);
        var urls = Urls(session, parse);
        AuditHeads heads = new(context.Home, session.Dao.Contracts.Dao);
        var known = await heads.ReadAsync(cancellationToken).ConfigureAwait(false);
        List<HttpClient> clients = [];
        try
        {
            List<AuditSubject> subjects = [];
            foreach (var (guardian, url) in urls)
            {
                var client = NodeClient.CreateHttp(url);
                clients.Add(client);
                subjects.Add(new AuditSubject(guardian, new GuardianClient(client, new HttpLimits { Attempts = 2 }), known.GetValueOrDefault(guardian)));
            }

            LogAuditor auditor = new(session.Chain, session.Dao.Contracts, await FirstBlockAsync(context, session, cancellationToken).ConfigureAwait(false));
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

    private static IReadOnlyList<(uint Guardian, Uri Url)> Urls(Session session, ParseResult parse)
    {
        if (parse.GetValue(Guardians) is { Length: > 0 } given)
            return [.. given.Select((url, i) => ((uint)i + 1, Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
                ? uri : throw new CommandFailedException($"'{url}' is not an http or https address", "--guardian URL", ExitCode.Usage)))];
        (uint, Uri)[] named = [.. session.Dao.Guardians.Members.Where(member => member.Url is not null).Select(member => (member.Index, member.Url!))];
        return named.Length > 0 ? named : throw new CommandFailedException("the node names no guardian's address", "--guardian URL, once for each", ExitCode.Usage);
    }

    // Whoever did not create the DAO reads the chain from its beginning.
    private static async Task<ulong> FirstBlockAsync(CliContext context, Session session, CancellationToken cancellationToken)
    {
        if (!File.Exists(context.Home.DaoFile))
            return 0;
        var file = await DaoFile.ReadAsync(context.Home.DaoFile, cancellationToken).ConfigureAwait(false);
        return file.Contracts == session.Dao.Contracts ? file.FirstBlock : 0;
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
