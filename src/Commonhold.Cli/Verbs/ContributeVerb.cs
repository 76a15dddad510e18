using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Commonhold.Cli.Evidence;
using Commonhold.Cli.Voice;
using Commonhold.Client;
using Commonhold.Exports;
using Commonhold.Ethereum;
using Spectre.Console;

namespace Commonhold.Cli.Verbs;

/// <summary>`commonhold contribute FILE…`: clean, encrypt, upload, wait for the verdict.</summary>
internal static class ContributeVerb
{
    private static readonly Argument<FileInfo[]> Files = new("FILE") { Description = "Account exports as you got them.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string> Key = Inputs.Key();
    private static readonly Option<bool> Preview = new("--preview") { Description = "Only show what is in each export and what would be left out; nothing is sent." };

    private static readonly Option<string[]> Proofs = new("--proof")
    {
        Description = $"Show one validator, and nobody else, that the account is yours; may be given several times. KIND is {ProofChoice.Kinds}.",
        HelpName = "KIND",
    };

    public static Command Create() => new Verb(
        "contribute", "Contribute account exports: private things are dropped here, the rest is encrypted here, only ciphertext leaves.",
        "commonhold contribute export_me_20260101.zip --preview", "commonhold contribute export_me_20260101.zip",
        "commonhold contribute export_me_20260101.zip --proof email=message.eml --proof code")
    {
        Files, Key, Preview, Proofs,
    }.Runs(RunAsync);

    private static async Task<int> RunAsync(CliContext context, ParseResult parse, CancellationToken cancellationToken)
    {
        var files = parse.GetValue(Files)!;
        if (files.FirstOrDefault(f => !f.Exists) is { } missing)
            throw new CommandFailedException($"there is no file {missing.FullName}");
        var choices = ProofChoice.Parse(parse.GetValue(Proofs) ?? []);
        if (choices.Count > 0 && files.Length > 1)
            throw new CommandFailedException("proofs are for one export at a time", "contribute each file with its own proofs", ExitCode.Usage);
        using var session = await Session.OpenAsync(context, cancellationToken).ConfigureAwait(false);
        using var key = session.OpenKey(parse.GetValue(Key)!);
        var contributor = new Contributor(
            session.Node, key, CommonholdHome.Private(Path.Combine(context.Home.Root, "contributing")), session.View, time: context.Time);
        var desk = choices.Count == 0 ? null : await DeskAsync(context, session, key, choices, cancellationToken).ConfigureAwait(false);
        var rows = new List<ContributedRow>();
        foreach (var file in files)
        {
            await using var stream = file.OpenRead();
            rows.Add(parse.GetValue(Preview)
                ? await PreviewAsync(context, contributor, file, stream, cancellationToken).ConfigureAwait(false)
                : await ContributeAsync(context, contributor, file, stream, desk, cancellationToken).ConfigureAwait(false));
        }

        context.Show(rows, _ => { });
        return rows.All(r => r.Code is null) ? ExitCode.Ok : ExitCode.Refused;
    }

    /// <summary>The desk where proofs are made, after it was said what they show and that the dataset takes them.</summary>
    private static async Task<EvidenceDesk> DeskAsync(
        CliContext context, Session session, MemberKey key, IReadOnlyList<ProofChoice> choices, CancellationToken cancellationToken)
    {
        // Standard error: what is said to a person is no part of the document that --json prints.
        var desk = new EvidenceDesk(choices, key, context.Error, Console.In);
        var policy = await session.Node.GetPolicyAsync(session.Dao.Dataset.PolicyDigest, cancellationToken).ConfigureAwait(false);
        if (desk.Check(policy) is { } refusal)
            throw new CommandFailedException(refusal);
        desk.Explain(policy);
        return desk;
    }

    private static async Task<ContributedRow> PreviewAsync(
        CliContext context, Contributor contributor, FileInfo file, Stream stream, CancellationToken cancellationToken)
    {
        var result = await contributor.PreviewAsync(stream, cancellationToken).ConfigureAwait(false);
        if (!result.TryGet(out var cleaned, out var refusal))
            return Refused(context, file, refusal);
        if (!context.Json)
            Draw(context.Console, file, cleaned);
        return new ContributedRow(file.Name, null, null, null, null, null);
    }

    private static async Task<ContributedRow> ContributeAsync(
        CliContext context, Contributor contributor, FileInfo file, Stream stream, EvidenceDesk? desk, CancellationToken cancellationToken)
    {
        Result<ContributionStatus> result = default;
        try
        {
            if (desk is not null)
                result = await contributor.ContributeAsync(stream, new Lines(file.Name, context.Error), cancellationToken, desk.GatherAsync).ConfigureAwait(false);
            else
                await context.Console.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn()).StartAsync(async progress =>
            {
                var bar = progress.AddTask(Markup.Escape(file.Name), maxValue: 1);
                result = await contributor.ContributeAsync(stream, new Steps(file.Name, bar), cancellationToken).ConfigureAwait(false);
                bar.Value = bar.MaxValue;
            }).ConfigureAwait(false);
        }
        catch (CommonholdException e) when (e is { Refusal: { } refused, IsTransient: false })
        {
            return Refused(context, file, refused);
        }

        if (!result.TryGet(out var status, out var refusal))
            return Refused(context, file, refusal);
        var report = status.Report is null ? null : JsonSerializer.Deserialize(status.Report, WireJson.Default.Report);
        if (report is not null && !context.Json)
        {
            Draw(context.Console, file, status, report);
            if (await contributor.ExplainAsync(status, cancellationToken).ConfigureAwait(false) is { Refusal: null } explained)
                VerdictPicture.Draw(context.Console, explained.Value);
        }

        return new ContributedRow(
            file.Name, status.CiphertextDigest, status.State, status.Verdict?.Points, report?.Refusal?.Code ?? (status.State == ContributionState.Refused ? "contribution.refused" : null), report);
    }

    private static ContributedRow Refused(CliContext context, FileInfo file, Refusal refusal)
    {
        context.Error.WriteLine($"{file.Name}:");
        Complaint.Write(context.Error, Complaint.From(refusal));
        return new ContributedRow(file.Name, null, null, null, refusal.Code, null);
    }

    private static void Draw(IAnsiConsole console, FileInfo file, CleanedExport cleaned)
    {
        var s = cleaned.Summary;
        console.MarkupLineInterpolated($"[bold]{file.Name}[/]: {s.Account.Id ?? "no account named"}, {s.Rows:N0} rows in {s.Places:N0} {s.PlaceWord}");
        console.WriteLine("  " + string.Join(", ", s.ByKind.Where(k => k.Rows > 0).Select(k => $"{k.Rows.ToString("N0", CultureInfo.InvariantCulture)} {k.Kind}")));
        console.WriteLine("  Stays on this machine:");
        var table = new Table().Border(TableBorder.Simple).AddColumns("file", "column").AddColumn(new TableColumn("rows").RightAligned()).AddColumn("why");
        foreach (var item in cleaned.Dropped)
            table.AddRow(Markup.Escape(item.File), Markup.Escape(item.Column ?? "(whole file)"), item.Rows.ToString("N0", CultureInfo.InvariantCulture), Markup.Escape(item.Reason));
        console.Write(table);
    }

    private static void Draw(IAnsiConsole console, FileInfo file, ContributionStatus status, Report report)
    {
        if (report.Accepted)
            console.MarkupLineInterpolated($"[green]{file.Name} is accepted[/]: {Plain.Tokens(report.Points)} tokens once its batch is committed ({status.CiphertextDigest})");
        else
            console.MarkupLineInterpolated($"[red]{file.Name} is refused[/]: {Plain.Text(report.Refusal?.Detail ?? "")} ({report.Refusal?.Code})");
        VerdictPicture.Draw(console, report);
        VerdictPicture.DrawChecks(console, report);
    }

    private static string Word(ContributionStage stage) =>
        stage switch { ContributionStage.Sealing => "encrypting", ContributionStage.Uploading => "uploading", ContributionStage.Submitting => "signing", _ => "waiting for the verdict" };

    /// <summary>A line a stage: between questions to the member a moving bar would be in the way.</summary>
    private sealed class Lines(string file, TextWriter output) : IProgress<ContributionProgress>
    {
        private ContributionStage? last;

        public void Report(ContributionProgress value)
        {
            if (value.Stage != last)
                output.WriteLine($"{file}: {Word(value.Stage)}");
            last = value.Stage;
        }
    }

    private sealed class Steps(string file, ProgressTask bar) : IProgress<ContributionProgress>
    {
        public void Report(ContributionProgress value)
        {
            bar.Description = Markup.Escape($"{file}: {Word(value.Stage)}");
            if (value.TotalBytes > 0)
            {
                bar.MaxValue = value.TotalBytes;
                bar.Value = value.Bytes;
            }

            bar.IsIndeterminate = value.Stage is ContributionStage.Sealing or ContributionStage.Submitted;
        }
    }

    private sealed record ContributedRow(string File, Bytes32? CiphertextDigest, ContributionState? State, Points? Points, string? Code, Report? Report);
}
