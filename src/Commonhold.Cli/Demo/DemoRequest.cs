using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Commonhold.Cli.Voice;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;

namespace Commonhold.Cli.Demo;

/// <summary>A buyer's request on its way through the vote.</summary>
internal sealed record DemoRequest(DemoWorld World, GrantId Id, GrantTerms Terms, MemberKey Buyer)
{
    private DataGovernor Governor => new(World.Dao.Governor);

    /// <summary>Escrows the price for raw access to everything committed so far.</summary>
    public static async Task<DemoRequest> MakeAsync(
        DemoWorld world, MemberKey buyer, BigInteger price, string purpose, CancellationToken cancellationToken)
    {
        var batches = await world.ReadAsync(new ContributionRegistry(world.Dao.Registry).BatchCount(), cancellationToken).ConfigureAwait(false);
        var terms = new GrantTerms(
            GrantMode.Raw, Pricing.Sale, Renewals: 0, Runs: 0, Duration: 7 * 86_400, (ulong)batches, world.Currency, new Wei(price),
            Bytes32.FromSpan(buyer.Recipient.Point), Bytes32.FromSpan(SHA256.HashData(Encoding.UTF8.GetBytes(purpose))), default, default);
        await world.Api.PutPurposeAsync(purpose, cancellationToken).ConfigureAwait(false);
        await world.SendAsync(buyer, new TestCurrency(world.Currency).Approve(world.Dao.Market, price), "allowance", cancellationToken).ConfigureAwait(false);
        var receipt = await world.SendAsync(buyer, new AccessMarket(world.Dao.Market).Request(terms.ToContract()), "request", cancellationToken).ConfigureAwait(false);
        var asked = receipt.Logs.Single(log => log.Address == world.Dao.Market && log.Topics[0] == AccessMarket.AccessRequestedEvent.Event.Topic);
        var id = AccessMarket.AccessRequestedEvent.Decode(asked.Topics, asked.Data.Span).RequestId;
        // The node follows the chain a moment later.
        await world.UntilAsync("the node has seen the request",
            async () => (await world.Api.ListRequestsAsync(false, cancellationToken).ConfigureAwait(false)).Any(known => known.RequestId == id), cancellationToken).ConfigureAwait(false);
        return new DemoRequest(world, id, terms, buyer);
    }

    /// <summary>Somebody proposes, everybody votes by signature, and the clock moves to the end of the vote.</summary>
    public async Task<Proposal> VoteAsync(DemoMember proposer, IReadOnlyList<DemoMember> voters, VoteSupport support, CancellationToken cancellationToken)
    {
        var proposal = Proposal.ToApprove(World.Dao, Id, Terms.Hash(), $"Grant request {Id}: raw access for {Buyer.Address}").By(proposer.Key.Address);
        await World.SendAsync(proposer.Key, proposal.ToPropose(World.Dao.Governor), "propose", cancellationToken).ConfigureAwait(false);
        var opens = await World.ReadAsync(Governor.ProposalSnapshot(proposal.Id), cancellationToken).ConfigureAwait(false);
        await World.Embedded.Chain.Control.AdvanceToAsync((long)opens + 1, cancellationToken).ConfigureAwait(false);
        await RequireStateAsync(proposal, ProposalState.Active, cancellationToken).ConfigureAwait(false);
        await Parallel.ForEachAsync(voters, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken }, async (voter, token) =>
        {
            var relay = await voter.VoteAsync(World, proposal.Id, support, token).ConfigureAwait(false);
            await World.RelayedAsync(relay, "vote", 1, token).ConfigureAwait(false);
        }).ConfigureAwait(false);
        var ends = await World.ReadAsync(Governor.ProposalDeadline(proposal.Id), cancellationToken).ConfigureAwait(false);
        await World.Embedded.Chain.Control.AdvanceToAsync((long)ends + 1, cancellationToken).ConfigureAwait(false);
        return proposal;
    }

    /// <summary>Timelock and execution: the request becomes a grant and the price becomes revenue.</summary>
    public async Task ExecuteAsync(Proposal proposal, MemberKey anyone, CancellationToken cancellationToken)
    {
        await RequireStateAsync(proposal, ProposalState.Succeeded, cancellationToken).ConfigureAwait(false);
        await World.SendAsync(anyone, proposal.ToQueue(World.Dao.Governor), "queue", cancellationToken).ConfigureAwait(false);
        var ready = await World.ReadAsync(Governor.ProposalEta(proposal.Id), cancellationToken).ConfigureAwait(false);
        await World.Embedded.Chain.Control.AdvanceToAsync((long)ready + 1, cancellationToken).ConfigureAwait(false);
        await World.SendAsync(anyone, proposal.ToExecute(World.Dao.Governor), "execute", cancellationToken).ConfigureAwait(false);
        await RequireStateAsync(proposal, ProposalState.Executed, cancellationToken).ConfigureAwait(false);
    }

    public async Task RequireStateAsync(Proposal proposal, ProposalState expected, CancellationToken cancellationToken)
    {
        var state = (ProposalState)await World.ReadAsync(Governor.State(proposal.Id), cancellationToken).ConfigureAwait(false);
        if (state != expected)
            throw new CommandFailedException($"the proposal on request {Id} is {state}, and the story says {expected}");
    }

    /// <summary>Asks every guardian directly; returns each one's refusal, or null where it answered.</summary>
    public async Task<IReadOnlyList<string?>> AskGuardiansAsync(CancellationToken cancellationToken)
    {
        var codes = new List<string?>();
        foreach (var url in World.Embedded.Guardians.Urls)
        {
            using var http = NodeClient.CreateHttp(url);
            try
            {
                await new GuardianClient(http, time: World.Time).ReleaseAsync(new ReleaseRequest(Id, Terms, new BatchId(0), [0]), cancellationToken).ConfigureAwait(false);
                codes.Add(null);
            }
            catch (CommonholdException e) when (e.Refusal is { } refusal)
            {
                codes.Add(refusal.Code);
            }
        }

        return codes;
    }

    /// <summary>Downloads, asks the guardians, combines, decrypts.</summary>
    public async Task<OpenReport> OpenAsync(string directory, CancellationToken cancellationToken)
    {
        var https = World.Embedded.Guardians.Urls.Select(NodeClient.CreateHttp).ToArray();
        try
        {
            var limits = new HttpLimits { Attempts = 1 };
            var links = https.Select((http, i) => new GuardianLink((uint)i + 1, new GuardianClient(http, limits, World.Time))).ToArray();
            var opener = new GrantOpener(World.Api, new ChainView(World.Chain, World.Dao.Dao), links, Buyer.Identity, time: World.Time);
            var result = await opener.OpenAsync(Id, Terms, directory, null, cancellationToken).ConfigureAwait(false);
            return result.TryGet(out var report, out var refusal) ? report : throw new CommandFailedException(refusal);
        }
        finally
        {
            foreach (var http in https)
                http.Dispose();
        }
    }
}
