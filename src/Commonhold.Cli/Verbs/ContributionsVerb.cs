using System.CommandLine;
using System.Globalization;
using Commonhold.Client;
using Spectre.Console;

namespace Commonhold.Cli.Verbs;

/// <summary>`commonhold contributions`: what became of everything an account handed in.</summary>
internal static class ContributionsVerb
{
    private static readonly Option<string> Key = Inputs.Key();
    private static readonly Option<string?> Account = Inputs.Account();

    public static Command Create() => new Verb(
        "contributions", "List your contributions with their verdicts, points and batches.", "commonhold contributions", "commonhold contributions --account 0x… --json")
    {
        Key, Account,
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

    internal static Ethereum.Address AddressOf(Session session, string name)
    {
        using var key = session.OpenKey(name);
        return key.Address;
    }
}
