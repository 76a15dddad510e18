using System.CommandLine;
using System.Globalization;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Spectre.Console;

namespace Commonhold.Cli.Verbs;

/// <summary>`commonhold grants`: requests, and the grants that the vote made of them.</summary>
internal static class GrantsVerb
{
    private static readonly Option<bool> All = new("--all") { Description = "Requests that are not granted, too." };

    public static Command Create() => new Verb(
        "grants", "List grants: who may open what, how, and until when.", "commonhold grants", "commonhold grants --all --json")
    {
        All,
    }.Runs(async (context, parse, cancellationToken) =>
    {
        using var session = await Session.OpenAsync(context, cancellationToken).ConfigureAwait(false);
        var list = await session.Node.ListRequestsAsync(!parse.GetValue(All), cancellationToken).ConfigureAwait(false);
        context.Show(list, console =>
        {
            if (list.Count == 0)
            {
                console.WriteLine(parse.GetValue(All) ? "Nobody has asked for anything yet: commonhold request --help" : "Nothing is granted; requests: commonhold grants --all");
                return;
            }

            var table = new Table().Border(TableBorder.Simple).AddColumns("no.", "state", "mode", "batches", "price", "until", "buyer");
            foreach (var r in list)
            {
                table.AddRow(
                    r.RequestId.ToString(), r.State.ToString().ToLowerInvariant(), r.Terms.Mode.ToString().ToLowerInvariant(),
                    r.Terms.Scope.ToString(CultureInfo.InvariantCulture), Price(session, r.Terms), r.EndsAt is null ? Plain.Duration(r.Terms.Duration) : Plain.Time(r.EndsAt), r.Buyer.ToString());
            }

            console.Write(table);
        });
        return ExitCode.Ok;
    });

    internal static string Price(Session session, GrantTerms terms) =>
        (terms.Currency == session.Dao.TrialCurrency ? terms.Price.ToUnits(6) + " TEST" : terms.Price == Wei.Zero ? "free" : $"{terms.Price} of {Plain.Short(terms.Currency)}")
        + (terms.Pricing == Pricing.Rent ? " rent" : "");
}
