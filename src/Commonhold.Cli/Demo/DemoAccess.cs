using System.Numerics;
using Commonhold.Client;
using Commonhold.Client.Contracts;

namespace Commonhold.Cli.Demo;

/// <summary>The buyer's part: a grant, an opening, a refund, and a withdrawal that a later grant respects.</summary>
internal sealed class DemoAccess(
    DemoWorld world, DemoFigures figures, Action<string> tell, IReadOnlyList<DemoMember> members, MemberKey buyer, string directory)
{
    public async Task<DemoRequest> GrantAsync(BigInteger price, CancellationToken cancellationToken)
    {
        var request = await DemoRequest.MakeAsync(world, buyer, price, "Train a model on the commons", cancellationToken).ConfigureAwait(false);
        tell($"A buyer asks for raw access to {request.Terms.Scope} batch(es) and escrows {new Wei(price).ToUnits(6)} TEST (request {request.Id})");

        var refusals = await request.AskGuardiansAsync(cancellationToken).ConfigureAwait(false);
        figures.GuardianRefusals = refusals.Count(code => code is not null);
        tell($"The buyer tries without a grant: {figures.GuardianRefusals} of {refusals.Count} guardians refuse ({string.Join(", ", refusals.Distinct())})");
        Must(refusals.All(code => code is "grant.not_executed" or "grant.unknown"), $"guardians answered {string.Join(", ", refusals.Select(code => code ?? "with key shares"))} without a grant");

        var proposal = await request.VoteAsync(Proposer, members, VoteSupport.For, cancellationToken).ConfigureAwait(false);
        tell($"{members.Count} members vote for it by signature; the relayer pays the gas; the demo moves the chain's clock to the end of the vote");
        await request.ExecuteAsync(proposal, buyer, cancellationToken).ConfigureAwait(false);
        tell("Timelock over (moved on again), executed: the request is a grant now, and the price is revenue");
        return request;
    }

    public async Task OpenWithTwoGuardiansOffAsync(DemoRequest request, CancellationToken cancellationToken)
    {
        await world.Embedded.Guardians.StopAsync(1).ConfigureAwait(false);
        await world.Embedded.Guardians.StopAsync(3).ConfigureAwait(false);
        tell("Guardians 2 and 4 are switched off");
        var report = await request.OpenAsync(Path.Combine(directory, "first"), cancellationToken).ConfigureAwait(false);
        figures.Opened = report.Count(OpenOutcome.Opened);
        figures.Identical = Identical(report);
        tell($"The buyer opens everything with the other three: {figures.Opened} opened, {figures.Identical} byte for byte what the member sealed");
        Must(figures.Opened == members.Count, $"{figures.Opened} of {members.Count} contributions were opened");
        Must(figures.Identical == figures.Opened, $"{figures.Opened - figures.Identical} plaintexts differ from what was sealed");
    }

    public async Task VotedDownAsync(BigInteger price, CancellationToken cancellationToken)
    {
        var currency = new TestCurrency(world.Currency);
        var before = await world.ReadAsync(currency.BalanceOf(buyer.Address), cancellationToken).ConfigureAwait(false);
        var request = await DemoRequest.MakeAsync(world, buyer, price, "Something the members do not like", cancellationToken).ConfigureAwait(false);
        var proposal = await request.VoteAsync(Proposer, members, VoteSupport.Against, cancellationToken).ConfigureAwait(false);
        await request.RequireStateAsync(proposal, ProposalState.Defeated, cancellationToken).ConfigureAwait(false);
        await world.SendAsync(buyer, new AccessMarket(world.Dao.Market).Refund(request.Id), "refund", cancellationToken).ConfigureAwait(false);
        var after = await world.ReadAsync(currency.BalanceOf(buyer.Address), cancellationToken).ConfigureAwait(false);
        Must(after == before, $"the buyer had {before} before the second request and has {after} after its refund");
        figures.Refunds = after == before ? 1 : 0;
        tell($"A second request is voted down; the buyer takes the whole escrow back without anyone's help (request {request.Id})");
    }

    public async Task WithdrawnStaysShutAsync(CancellationToken cancellationToken)
    {
        var leaver = members[^1];
        var digest = leaver.Digest!.Value;
        var proof = await world.Api.GetProofAsync(digest, cancellationToken).ConfigureAwait(false);
        var head = await world.Embedded.Chain.Control.HeadAsync(cancellationToken).ConfigureAwait(false);
        var deadline = (ulong)head.Time + 86_400;
        var signature = new Withdrawal(proof.BatchId, proof.Leaf.Index, proof.Leaf.Hash(), deadline)
            .Sign(leaver.Key.Account, new CommonholdDomain(world.ChainId, world.Dao.Registry));
        var relay = await world.Api.RelayWithdrawalAsync(new RelayWithdrawal(digest, deadline, signature), cancellationToken).ConfigureAwait(false);
        await world.RelayedAsync(relay, "withdraw", 1, cancellationToken).ConfigureAwait(false);
        tell($"{leaver.File}'s owner withdraws it, by signature");

        var request = await DemoRequest.MakeAsync(world, buyer, 1, "A later grant", cancellationToken).ConfigureAwait(false);
        var proposal = await request.VoteAsync(Proposer, members, VoteSupport.For, cancellationToken).ConfigureAwait(false);
        await request.ExecuteAsync(proposal, buyer, cancellationToken).ConfigureAwait(false);
        var report = await request.OpenAsync(Path.Combine(directory, "later"), cancellationToken).ConfigureAwait(false);
        var withdrawn = report.Contributions.Single(c => c.CiphertextDigest == digest);
        var others = report.Contributions.Where(c => c.CiphertextDigest != digest).ToList();
        figures.WithdrawnStayedShut = withdrawn.Outcome == OpenOutcome.Refused ? 1 : 0;
        Must(withdrawn.Outcome == OpenOutcome.Refused, $"the withdrawn contribution came to “{withdrawn.Outcome}” under a later grant");
        Must(others.All(c => c.Outcome == OpenOutcome.Opened), "a later grant did not open everything that was not withdrawn");
        tell($"A later grant opens {others.Count(c => c.Outcome == OpenOutcome.Opened)} contributions; the withdrawn one stays shut ({withdrawn.Refusal?.Code})");
    }

    private DemoMember Proposer => members[0];

    private int Identical(OpenReport report)
    {
        var sealedBy = members.ToDictionary(m => m.Digest!.Value, m => m.Plaintext);
        return report.Contributions.Count(c => c.PlaintextDigest is { } found && sealedBy.GetValueOrDefault(c.CiphertextDigest) == found);
    }

    private void Must(bool holds, string otherwise)
    {
        if (!holds)
            figures.Wrong.Add(otherwise);
    }
}
