using System.CommandLine;
using Commonhold.Client;
using Spectre.Console;

namespace Commonhold.Cli.Verbs;

/// <summary>`commonhold faucet`: coins for gas and worthless test currency, on a trial node only.</summary>
internal static class FaucetVerb
{
    private static readonly Option<string> Key = Inputs.Key();

    public static Command Create() => new Verb("faucet", "On a trial DAO: get coins for gas and test currency to play with.", "commonhold faucet --key buyer")
    {
        Key,
    }.Runs(async (context, parse, cancellationToken) =>
    {
        using var session = await Session.OpenAsync(context, cancellationToken).ConfigureAwait(false);
        var account = ContributionsVerb.AddressOf(session, parse.GetValue(Key)!);
        var receipt = await session.Node.VisitFaucetAsync(account, cancellationToken).ConfigureAwait(false);
        foreach (var id in receipt.Ids)
            await session.RelayedAsync(new RelayReceipt(id), cancellationToken).ConfigureAwait(false);
        context.Show(receipt, console => console.WriteLine($"{account} has coins and test currency."));
        return ExitCode.Ok;
    });
}
