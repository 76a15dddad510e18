using System.CommandLine;
using Commonhold.Cli.Voice;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Spectre.Console;

namespace Commonhold.Cli.Verbs;

/// <summary>`commonhold execute PROPOSAL`: queues what passed, and executes it once the timelock is over. Anyone may.</summary>
internal static class ExecuteVerb
{
    private static readonly Argument<string> Proposal = new("PROPOSAL") { Description = "Its number, or enough of its first digits." };
    private static readonly Option<string> Key = Inputs.Key();
    private static readonly Option<bool> Wait = new("--wait") { Description = "Wait for the end of the vote and for the timelock instead of coming back." };

    public static Command Create() => new Verb(
        "execute", "Queue a proposal that passed, and execute it when the timelock is over.", "commonhold execute 48151623", "commonhold execute 48151623 --wait")
    {
        Proposal, Key, Wait,
    }.Runs(async (context, parse, cancellationToken) =>
    {
        using var session = await Session.OpenAsync(context, cancellationToken).ConfigureAwait(false);
        using var key = session.OpenKey(parse.GetValue(Key)!);
        var view = await Inputs.ProposalAsync(session, parse.GetValue(Proposal)!, cancellationToken).ConfigureAwait(false);
        var proposal = Inputs.Proved(view);
        var governor = new DataGovernor(session.Dao.Contracts.Governor);
        var state = await StateAsync(session, governor, proposal, cancellationToken).ConfigureAwait(false);
        while (parse.GetValue(Wait) && state is (ProposalState.Pending or ProposalState.Active))
        {
            await Task.Delay(Session.Poll, context.Time, cancellationToken).ConfigureAwait(false);
            state = await StateAsync(session, governor, proposal, cancellationToken).ConfigureAwait(false);
        }

        if (state == ProposalState.Succeeded)
        {
            await session.SendAsync(key, proposal.ToQueue(governor.Address), cancellationToken).ConfigureAwait(false);
            context.Error.WriteLine("Queued in the timelock.");
            state = ProposalState.Queued;
        }

        if (state != ProposalState.Queued)
            throw new CommandFailedException(new Refusal("proposal.not_executable", $"Proposal {Plain.Short(view.ProposalId)} is {state.ToString().ToLowerInvariant()}.",
                state is ProposalState.Pending or ProposalState.Active ? $"Voting ends {Plain.Time(view.VoteEnd)}: come back then, or --wait." : null));
        var ready = (ulong)await session.ReadAsync(governor.ProposalEta(proposal.Id), cancellationToken).ConfigureAwait(false);
        if (await session.NowAsync(cancellationToken).ConfigureAwait(false) < ready)
        {
            if (!parse.GetValue(Wait))
            {
                context.Show(new Executed(view.ProposalId, "queued", (long)ready, null), console =>
                    console.WriteLine($"It can be executed from {Plain.Time((long)ready)}: commonhold execute {view.ProposalId[..8]}"));
                return ExitCode.Ok;
            }

            while (await session.NowAsync(cancellationToken).ConfigureAwait(false) < ready)
                await Task.Delay(Session.Poll, context.Time, cancellationToken).ConfigureAwait(false);
        }

        var receipt = await session.SendAsync(key, proposal.ToExecute(governor.Address), cancellationToken).ConfigureAwait(false);
        context.Show(new Executed(view.ProposalId, "executed", (long)ready, receipt.TransactionHash), console =>
            console.MarkupLineInterpolated($"[green]Executed[/]: {string.Join(" ", view.Sentences.Select(Plain.Text))}"));
        return ExitCode.Ok;
    });

    private static async Task<ProposalState> StateAsync(Session session, DataGovernor governor, Proposal proposal, CancellationToken cancellationToken) =>
        (ProposalState)await session.ReadAsync(governor.State(proposal.Id), cancellationToken).ConfigureAwait(false);

    private sealed record Executed(string ProposalId, string State, long ReadyAt, Bytes32? TransactionHash);
}
