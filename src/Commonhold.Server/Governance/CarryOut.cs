using System.Globalization;
using System.Numerics;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Server.Indexer;
using Commonhold.Server.Operations;
using Commonhold.Server.Relay;

namespace Commonhold.Server.Governance;

/// <summary>Brings a proposal that passed to its effect: into the timelock, and out of it when the wait is over.</summary>
/// <remarks>Guarantee: nothing but what the vote decided can happen, because governor and timelock check it; whoever asks only saves the others
/// the trouble. Trust: nobody. Anyone may ask; what is not due is refused before it costs gas, and each step is one operation however often it
/// is asked for. It counts against its proposer's limit of the day, and takes no more gas than <see cref="RelayGas.CarryOut"/>: what a
/// proposal calls is the proposer's doing.</remarks>
internal sealed class CarryOut(Dao dao, EthereumNode node, ProposalBook proposals, Outbox outbox)
{
    public async Task<Result<ProposalStep>> StepAsync(BigInteger id, CancellationToken cancellationToken)
    {
        if (await proposals.ProposalAsync(id, cancellationToken) is not { } proposal)
            return new Refusal("proposal.unknown", $"There is no proposal {id}.");
        var (state, ready, now, proposer) = await LookAsync(id, cancellationToken);
        var number = id.ToString(CultureInfo.InvariantCulture);
        return state switch
        {
            ProposalState.Succeeded => await SendAsync("queue", number, proposer, proposal.ToQueue(dao.Addresses.Governor), cancellationToken),
            ProposalState.Queued when ready <= now => await SendAsync("execute", number, proposer, proposal.ToExecute(dao.Addresses.Governor), cancellationToken),
            ProposalState.Queued => NotDue($"It passed and waits {Wait(ready - now)} more, so that whoever disagrees can act first."),
            ProposalState.Executed => NotDue("It is carried out already."),
            ProposalState.Pending or ProposalState.Active => NotDue("Its vote is not over."),
            _ => NotDue($"It is {state.ToString().ToLowerInvariant()}: there is nothing to carry out."),
        };
    }

    private async Task<(ProposalState State, long Ready, long Now, Address Proposer)> LookAsync(BigInteger id, CancellationToken cancellationToken)
    {
        var (state, ready, proposer) = (dao.Governor.State(id), dao.Governor.ProposalEta(id), dao.Governor.ProposalProposer(id));
        var head = await node.BlockAsync(BlockReference.Latest, cancellationToken) ?? throw new RpcException(RpcErrorKind.InvalidResponse, "The chain has no newest block.");
        var at = BlockReference.Hash(head.Hash);
        var answers = await node.CallManyAsync([.. new ContractCall[] { state, ready, proposer }.Select(call => new CallRequest(call.To, call.Data))], at, cancellationToken);
        if (answers.FirstOrDefault(answer => answer.Revert is not null)?.Revert is { } revert)
            throw revert;
        return ((ProposalState)state.Decode(answers[0].Data.Span), (long)ready.Decode(answers[1].Data.Span), (long)head.Timestamp, proposer.Decode(answers[2].Data.Span));
    }

    private async Task<Result<ProposalStep>> SendAsync(string step, string number, Address proposer, ContractCall call, CancellationToken cancellationToken) =>
        (await outbox.EnqueueAsync("carry-out", $"{step}:{number}", [proposer], Call.Of(call, outbox.Gas.CarryOut), cancellationToken)).TryGet(out var receipt, out var refusal)
            ? new ProposalStep(receipt.Id, step)
            : refusal;

    private static Refusal NotDue(string why) => new("proposal.not_due", why);

    private static string Wait(long seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds} second{(seconds == 1 ? "" : "s")}");
}
