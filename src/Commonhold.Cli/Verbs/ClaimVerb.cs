using System.CommandLine;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Spectre.Console;

namespace Commonhold.Cli.Verbs;

/// <summary>`commonhold claim`: the tokens that contributions earned. Whoever asks, they go to the member.</summary>
internal static class ClaimVerb
{
    private static readonly Option<string> Key = Inputs.Key();
    private static readonly Option<string?> Account = Inputs.Account();

    public static Command Create() => new Verb(
        "claim", "Claim the tokens that your contributions earned; the relayer pays the gas.", "commonhold claim", "commonhold claim --account 0x…")
    {
        Key, Account,
    }.Runs(async (context, parse, cancellationToken) =>
    {
        using var session = await Session.OpenAsync(context, cancellationToken).ConfigureAwait(false);
        var account = parse.GetValue(Account) is { } given ? Inputs.Address(given, "--account") : ContributionsVerb.AddressOf(session, parse.GetValue(Key)!);
        var rewards = await session.Node.GetRewardsAsync(account, cancellationToken).ConfigureAwait(false);
        Bytes32? transaction = null;
        if (rewards.CumulativePoints > rewards.Claimed)
            transaction = await session.RelayedAsync(await session.Node.RelayClaimsAsync([account], cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        var balance = new Wei(await session.ReadAsync(new DataToken(session.Dao.Contracts.Token).BalanceOf(account), cancellationToken).ConfigureAwait(false));
        context.Show(new Claimed(account, rewards.CumulativePoints, rewards.Claimed, balance, transaction), console =>
        {
            if (transaction is null)
                console.WriteLine($"Nothing to claim: {Plain.Tokens(rewards.Claimed)} tokens were claimed before. What is accepted counts once its batch is committed.");
            else
                console.MarkupLineInterpolated($"[green]Claimed[/]: {account} now holds {Plain.Tokens(balance)} tokens, and they can vote.");
        });
        return ExitCode.Ok;
    });

    /// <param name="ClaimedBefore">In points.</param>
    /// <param name="Balance">Base units of the token, after it.</param>
    private sealed record Claimed(Address Account, Points CumulativePoints, Points ClaimedBefore, Wei Balance, Bytes32? TransactionHash);
}
