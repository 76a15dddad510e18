using System.CommandLine;
using System.Globalization;
using System.Text.Json;
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

    public static Command Create() => new Verb(
        "contribute", "Contribute account exports: private things are dropped here, the rest is encrypted here, only ciphertext leaves.",
        "commonhold contribute export_me_20260101.zip --preview", "commonhold contribute export_me_20260101.zip")
    {
        Files, Key, Preview,
    }.Runs(RunAsync);

    private static async Task<int> RunAsync(CliContext context, ParseResult parse, CancellationToken cancellationToken)
    {
        var files = parse.GetValue(Files)!;
        if (files.FirstOrDefault(f => !f.Exists) is { } missing)
            throw new CommandFailedException($"there is no file {missing.FullName}");
        using var session = await Session.OpenAsync(context, cancellationToken).ConfigureAwait(false);
        using var key = session.OpenKey(parse.GetValue(Key)!);
        var contributor = new Contributor(
            session.Node, key, CommonholdHome.Private(Path.Combine(context.Home.Root, "contributing")), session.View, time: context.Time);
        var rows = new List<ContributedRow>();
        foreach (var file in files)
        {
            await using var stream = file.OpenRead();
            rows.Add(parse.GetValue(Preview)
                ? await PreviewAsync(context, contributor, file, stream, cancellationToken).ConfigureAwait(false)
                : await ContributeAsync(context, contributor, file, stream, cancellationToken).ConfigureAwait(false));
        }

        context.Show(rows, _ => { });
        return rows.All(r => r.Code is null) ? ExitCode.Ok : ExitCode.Refused;
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
        CliContext context, Contributor contributor, FileInfo file, Stream stream, CancellationToken cancellationToken)
    {
        Result<ContributionStatus> result = default;
        try
        {
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
            Draw(context.Console, file, status, report);
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
        foreach (var check in report.Checks)
            console.WriteLine($"  {check.Outcome switch { Client.CheckOutcome.Passed => "passed     ", Client.CheckOutcome.Failed => "failed     ", _ => "not checked" }}  {check.Name}: {Plain.Text(check.Reason)}");
    }

    private sealed class Steps(string file, ProgressTask bar) : IProgress<ContributionProgress>
    {
        public void Report(ContributionProgress value)
        {
            bar.Description = Markup.Escape($"{file}: {value.Stage switch { ContributionStage.Sealing => "encrypting", ContributionStage.Uploading => "uploading", ContributionStage.Submitting => "signing", _ => "waiting for the verdict" }}");
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
