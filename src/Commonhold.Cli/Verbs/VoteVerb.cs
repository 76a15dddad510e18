using System.CommandLine;
using Commonhold.Cli.Voice;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Spectre.Console;

namespace Commonhold.Cli.Verbs;

/// <summary>`commonhold vote PROPOSAL for|against|abstain`: signed here, sent by the relayer, who can refuse but not alter it.</summary>
internal static class VoteVerb
{
    private static readonly Argument<string> Proposal = new("PROPOSAL") { Description = "Its number, or enough of its first digits." };
    private static readonly Argument<VoteSupport> Support = new("VOTE") { Description = "for, against or abstain." };
    private static readonly Option<string> Key = Inputs.Key();

    public static Command Create() => new Verb(
        "vote", "Vote on a proposal, by signature: no gas needed.", "commonhold propose list", "commonhold vote 48151623 for")
    {
        Proposal, Support, Key,
    }.Runs(async (context, parse, cancellationToken) =>
    {
        using var session = await Session.OpenAsync(context, cancellationToken).ConfigureAwait(false);
        using var key = session.OpenKey(parse.GetValue(Key)!);
        var view = await Inputs.ProposalAsync(session, parse.GetValue(Proposal)!, cancellationToken).ConfigureAwait(false);
        var proposal = Inputs.Proved(view);
        var governor = new DataGovernor(session.Dao.Contracts.Governor);
        var opens = await session.ReadAsync(governor.ProposalSnapshot(proposal.Id), cancellationToken).ConfigureAwait(false);
        var state = (ProposalState)await session.ReadAsync(governor.State(proposal.Id), cancellationToken).ConfigureAwait(false);
        if (state != ProposalState.Active)
        {
            throw new CommandFailedException(new Refusal(
                "proposal.not_active", $"Proposal {Plain.Short(view.ProposalId)} is {state.ToString().ToLowerInvariant()}.", state == ProposalState.Pending ? $"Voting opens {Plain.Time((long)opens)}." : null));
        }

        var weight = await session.ReadAsync(governor.GetVotes(key.Address, opens), cancellationToken).ConfigureAwait(false);
        if (weight == 0)
            throw new CommandFailedException(new Refusal("vote.no_weight", $"{key.Address} had no votes when voting opened.", "Tokens count from before a vote opens: commonhold claim"));
        var nonce = await session.ReadAsync(governor.Nonces(key.Address), cancellationToken).ConfigureAwait(false);
        var ballot = new Ballot(proposal.Id, parse.GetValue(Support), key.Address, nonce);
        var receipt = await session.Node.RelayVoteAsync(ballot.Signed(key.Account, session.Dao.ChainId, governor.Address), cancellationToken).ConfigureAwait(false);
        var transaction = await session.RelayedAsync(receipt, cancellationToken).ConfigureAwait(false);
        context.Show(new Voted(view.ProposalId, ballot.Support, new Wei(weight), transaction), console =>
            console.MarkupLineInterpolated($"[green]Voted {ballot.Support.ToString().ToLowerInvariant()}[/] with {Plain.Tokens(weight)} tokens: {string.Join(" ", view.Sentences.Select(Plain.Text))}"));
        return ExitCode.Ok;
    });

    private sealed record Voted(string ProposalId, VoteSupport Support, Wei Weight, Bytes32 TransactionHash);
}
