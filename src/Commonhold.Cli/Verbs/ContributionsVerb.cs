using System.CommandLine;
using System.Globalization;
using System.Text;
using Commonhold.Cli.Voice;
using Commonhold.Client;
using Commonhold.Ethereum;
using Spectre.Console;

namespace Commonhold.Cli.Verbs;

/// <summary>`commonhold contributions`: what became of everything an account handed in.</summary>
internal static class ContributionsVerb
{
    private static readonly Option<string> Key = Inputs.Key();
    private static readonly Argument<string> Digest = new("DIGEST") { Description = "The contribution's digest." };
    private static readonly Option<string?> Account = Inputs.Account();

    public static Command Create() => new Verb(
        "contributions", "List your contributions with their verdicts, points and batches.", "commonhold contributions", "commonhold contributions --account 0x… --json")
    {
        Key, Account,
        new Verb("show", "Show a verdict: the four results, every check, and what each part of the file earned.", "commonhold contributions show 0x…") { Digest, Key }.Runs(ShowAsync),
    }.Runs(async (context, parse, cancellationToken) =>
    {
        using var session = await Session.OpenAsync(context, cancellationToken).ConfigureAwait(false);
        var owner = parse.GetValue(Account) is { } given ? Inputs.Address(given, "--account") : AddressOf(session, parse.GetValue(Key)!);
        var list = await session.Node.ListContributionsAsync(owner, cancellationToken).ConfigureAwait(false);
        context.Show(list, console =>
        {
            if (list.Count == 0)
            {
                console.WriteLine($"{owner} has contributed nothing yet. Start with: commonhold contribute FILE");
                return;
            }

            var table = new Table().Border(TableBorder.Simple).AddColumns("contribution", "state", "batch", "handed in")
                .AddColumn(new TableColumn("tokens").RightAligned()).AddColumn(new TableColumn("bytes").RightAligned());
            foreach (var c in list)
            {
                table.AddRow(
                    c.CiphertextDigest.ToString(), c.State.ToString().ToLowerInvariant(), c.BatchId is { } batch ? $"{batch}/{c.Index}" : "",
                    Plain.Time((long)c.ReceivedAt), c.Verdict is { } verdict ? Plain.Tokens(verdict.Points) : "", c.Size.ToString("N0", CultureInfo.InvariantCulture));
            }

            console.Write(table);
        });
        return ExitCode.Ok;
    });

    private static async Task<int> ShowAsync(CliContext context, ParseResult parse, CancellationToken cancellationToken)
    {
        if (!Bytes32.TryParse(parse.GetValue(Digest), out var digest))
            throw new CommandFailedException("that is not a contribution's digest", "commonhold contributions lists them", ExitCode.Usage);
        using var session = await Session.OpenAsync(context, cancellationToken).ConfigureAwait(false);
        var status = await session.Node.GetContributionAsync(digest, cancellationToken).ConfigureAwait(false)
            ?? throw new CommandFailedException(new Refusal("contribution.unknown", $"The node does not know the contribution {digest}."));
        if (status.Verdict is not { } verdict || status.Report is not { } text)
            throw new CommandFailedException($"{digest} waits for its verdict");
        var json = Encoding.UTF8.GetBytes(text);
        if (Report.DigestOf(json) != verdict.ReportDigest)
            throw new CommandFailedException(new Refusal("report.invalid", "The report is not the one that the validator signed for.", "Ask another node."));
        var report = Report.Parse(json).Value;
        using var key = session.OpenKey(parse.GetValue(Key)!);
        var contributor = new Contributor(session.Node, key, CommonholdHome.Private(Path.Combine(context.Home.Root, "contributing")), session.View, time: context.Time);
        // Another member's key opens no explanation; the report is everybody's to read.
        var explanation = key.Address == status.Owner ? await contributor.ExplainAsync(status, cancellationToken).ConfigureAwait(false) : null;
        if (explanation is { Refusal: { } refusal })
            throw new CommandFailedException(refusal);
        context.Show(new Shown(status.State, verdict.Points, report, explanation?.Value), console =>
        {
            console.WriteLine($"{digest}: {status.State.ToString().ToLowerInvariant()}, {Plain.Tokens(verdict.Points)} tokens; {Plain.Tokens(report.PaidBefore)} before");
            if (report.Refusal is { } refused)
                console.WriteLine($"  refused: {Plain.Text(refused.Detail)} ({refused.Code})");
            VerdictPicture.Draw(console, report);
            VerdictPicture.DrawChecks(console, report);
            if (explanation is { } explained)
                VerdictPicture.Draw(console, explained.Value);
        });
        return ExitCode.Ok;
    }

    private sealed record Shown(ContributionState State, Points Points, Report Report, ValueExplanation? Explanation);

    internal static Ethereum.Address AddressOf(Session session, string name)
    {
        using var key = session.OpenKey(name);
        return key.Address;
    }
}
