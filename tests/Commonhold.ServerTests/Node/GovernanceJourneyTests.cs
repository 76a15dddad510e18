using System.Net;
using System.Text.RegularExpressions;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Server.Access;
using Commonhold.Server.Governance;

namespace Commonhold.ServerTests.Node;

/// <summary>Delegating, voting with a reason, carrying out and claiming through HTTP, by members who have no gas.</summary>
[Trait("Speed", "slow")]
public sealed partial class GovernanceJourneyTests(JourneyFixture fixture) : IClassFixture<JourneyFixture>
{
    private readonly NodeWorld _world = fixture.World;
    private readonly RunningNode _node = fixture.Node;

    [AnvilFact]
    public async Task A_request_is_voted_carried_out_and_its_payment_claimed_without_gas_of_the_members()
    {
        var (first, second) = (SampleFile.Make(_world), SampleFile.Make(_world));
        foreach (var file in new[] { first, second })
        {
            await file.ContributeAsync(_world, _node.Client);
            await TestValidators.UntilAsync(_world, _node, file.Digest, ContributionState.Committed);
        }

        // The page claims for the first; the second is claimed for by the wire.
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = _node.Http.BaseAddress };
        Assert.Equal(HttpStatusCode.Redirect, (await ClaimByFormAsync(browser, first.Owner.Address)).StatusCode);
        await MinedAsync((await _node.Client.RelayClaimsAsync([second.Owner.Address], default)).Id);
        await Eventually.HoldsAsync(async () => await BalanceAsync(first.Owner.Address) > 0, "the first has tokens");

        await DelegatesAsync(second.Owner, first.Owner.Address);

        // A buyer asks, a holder with gas proposes.
        using var buyer = Secp256k1Key.Generate();
        await _world.FundAsync(buyer.Address);
        await _world.FundAsync(first.Owner.Address);
        await _world.SendAsync(buyer, new TestCurrency(_world.Currency).Mint(buyer.Address, 1_000_000_000));
        await _world.SendAsync(buyer, new TestCurrency(_world.Currency).Approve(_world.Contracts.Market, 1_000_000_000));
        var scope = (ulong)await _world.ReadAsync(new ContributionRegistry(_world.Contracts.Registry).BatchCount());
        var purpose = "Find out <b>what</b> is kind"u8.ToArray();
        var terms = new GrantTerms(GrantMode.Raw, Pricing.Sale, 0, 0, 3_600, scope, _world.Currency, new Wei(1_000_000_000), Bytes32.FromSpan(_world.Dataset.Recipient.Point), PurposeShelf.DigestOf(purpose), default, default);
        await _world.SendAsync(buyer, new AccessMarket(_world.Contracts.Market).Request(terms.ToContract()));
        var requests = await Eventually.GetAsync(async () => await _node.Client.ListRequestsAsync(false, default) is { Count: > 0 } found ? found : null, "the request is indexed");
        var proposal = Proposal.ToApprove(_world.Contracts, requests[0].RequestId, terms.Hash(), "Because").By(first.Owner.Address);
        // The governor counts what a proposer had the second before.
        await Eventually.HoldsAsync(async () =>
        {
            await _world.Anvil.MineAsync(default);
            var (_, now) = await _world.Anvil.HeadAsync(default);
            return await _world.ReadAsync(new DataToken(_world.Contracts.Token).GetPastVotes(first.Owner.Address, now - 1)) > 0;
        }, "the proposer's votes count");
        // Whoever sees it on its way cannot make it first, and so cannot cancel it either.
        var copied = await Assert.ThrowsAsync<ContractRevertException>(() => _world.SendAsync(buyer, proposal.ToPropose(_world.Contracts.Governor)));
        Assert.Equal(Keccak256.Hash("GovernorRestrictedProposer(address)"u8).AsSpan()[..4], copied.RevertData.Span[..4]);
        await _world.SendAsync(first.Owner, proposal.ToPropose(_world.Contracts.Governor));
        var view = await Eventually.GetAsync(async () => await _node.Client.ListProposalsAsync(1, default) is [var only, ..] ? only : null, "the proposal is indexed");
        Assert.Equal($"Let {buyer.Address} read 2 contributions raw for 1 hour for 1,000 TEST.", view.Sentences[0]);

        // Too early, for a vote and for carrying out.
        Assert.Equal("proposal.not_due", (await RefusedAsync(() => _node.Client.CarryOutAsync(proposal.Id, default))).Code);
        var ballot = new Ballot(proposal.Id, VoteSupport.For, first.Owner.Address, 0, "It is kind: “yes”");
        await AdvanceAsync(governor => governor.ProposalSnapshot(proposal.Id));
        await Eventually.HoldsAsync(async () => (await _node.Client.GetProposalAsync(proposal.Id, default)).State == "active", "voting is open");
        var long500 = new Ballot(proposal.Id, VoteSupport.For, first.Owner.Address, 0, new string('ü', 251));
        Assert.Equal("relay.reason_too_long", (await RefusedAsync(() => _node.Client.RelayVoteAsync(long500.Signed(first.Owner, _world.Registry.ChainId, _world.Contracts.Governor), default))).Code);
        var signed = ballot.Signed(first.Owner, _world.Registry.ChainId, _world.Contracts.Governor);
        Assert.Equal("relay.would_revert", (await RefusedAsync(() => _node.Client.RelayVoteAsync(signed with { Reason = "Another reason" }, default))).Code);
        await MinedAsync((await _node.Client.RelayVoteAsync(signed, default)).Id);
        await Eventually.HoldsAsync(async () => (await _node.Client.GetProposalAsync(proposal.Id, default)).Votes.For == TestValidators.Worth.ToTokenUnits() + TestValidators.Worth.ToTokenUnits(), "the delegated votes count");
        var page = await _node.Http.GetStringAsync($"vote/{proposal.Id}");
        Assert.Contains("It is kind: &#x201C;yes&#x201D;", page, StringComparison.Ordinal);
        Assert.Contains("No text is known for the purpose", page, StringComparison.Ordinal);
        using var text = new ByteArrayContent(purpose);
        Assert.Equal(HttpStatusCode.NoContent, (await _node.Http.PutAsync($"v1/purposes/{terms.PurposeDigest}", text)).StatusCode);
        Assert.Contains("Find out &lt;b&gt;what&lt;/b&gt; is kind", await _node.Http.GetStringAsync($"vote/{proposal.Id}"), StringComparison.Ordinal);

        // A stranger has it carried out, step by step; the relayer pays.
        await AdvanceAsync(governor => governor.ProposalDeadline(proposal.Id));
        await StepAsync(proposal, "queue");
        Assert.Equal("proposal.not_due", (await RefusedAsync(() => _node.Client.CarryOutAsync(proposal.Id, default))).Code);
        await AdvanceAsync(governor => governor.ProposalEta(proposal.Id));
        await StepAsync(proposal, "execute");
        Assert.Equal("proposal.not_due", (await RefusedAsync(() => _node.Client.CarryOutAsync(proposal.Id, default))).Code);
        await Eventually.HoldsAsync(async () => (await _node.Client.GetProposalAsync(proposal.Id, default)) is { State: "executed", ExecutedAt: not null }, "it is carried out");

        // Eight tenths of the price are the members', half of it the first's; the page says from which grant, and claims it.
        await Eventually.HoldsAsync(async () => WebUtility.HtmlDecode(await _node.Http.GetStringAsync($"earnings?account={first.Owner.Address}")).Contains("400\u00a0TEST", StringComparison.Ordinal), "the payment is shown");
        var earnings = await _node.Http.GetStringAsync($"earnings?account={first.Owner.Address}");
        Assert.Contains($"Grant {requests[0].RequestId}", earnings, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await ClaimByFormAsync(browser, first.Owner.Address)).StatusCode);
        await Eventually.HoldsAsync(async () => await _world.ReadAsync(new TestCurrency(_world.Currency).BalanceOf(first.Owner.Address)) == 400_000_000, "the revenue is paid");
        await Eventually.HoldsAsync(async () => (await _node.Http.GetStringAsync($"earnings.csv?account={first.Owner.Address}")).Contains(",revenue claimed,400,TEST,", StringComparison.Ordinal), "the file has it");
        var csv = await _node.Http.GetStringAsync($"earnings.csv?account={first.Owner.Address}");
        Assert.Equal(4, csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains($",revenue earned,400,TEST,{_world.Currency},0,{requests[0].RequestId},0x", csv, StringComparison.Ordinal);
    }

    [AnvilFact]
    public async Task Nothing_is_carried_out_claimed_or_shown_that_is_not_there()
    {
        Assert.Equal("proposal.unknown", (await RefusedAsync(() => _node.Client.CarryOutAsync(12345, default))).Code);
        Assert.Equal(HttpStatusCode.NotFound, (await _node.Http.GetAsync("vote/12345")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _node.Http.GetAsync("vote/nothing")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _node.Http.GetAsync("earnings?account=0x12")).StatusCode);
        Assert.Contains("Look at any account", WebUtility.HtmlDecode(await _node.Http.GetStringAsync("earnings")).Replace("Or look", "Look", StringComparison.Ordinal), StringComparison.Ordinal);
        using var forged = new FormUrlEncodedContent([KeyValuePair.Create("account", _world.Relayer.Address.ToString())]);
        var refused = await _node.Http.PostAsync("earnings/claims", forged);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("request.forged", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("Put this to the vote", await _node.Http.GetStringAsync("vote/new?kind=split"), StringComparison.Ordinal);
    }

    private async Task DelegatesAsync(Secp256k1Key from, Address to)
    {
        var token = new DataToken(_world.Contracts.Token);
        var name = await _world.ReadAsync(token.Name());
        var delegation = new Delegation(to, await _world.ReadAsync(token.Nonces(from.Address)), 4_000_000_000);
        var wish = delegation.Signed(from, name, _world.Registry.ChainId, _world.Contracts.Token);
        // The token would take it for some account that nobody holds.
        Assert.Equal("relay.signature_invalid", (await RefusedAsync(() => _node.Client.RelayDelegationAsync(wish with { Delegatee = _world.Relayer.Address }, default))).Code);
        Assert.Equal("relay.signature_invalid", (await RefusedAsync(() => _node.Client.RelayDelegationAsync(wish with { Delegator = _world.Relayer.Address }, default))).Code);
        var stale = (delegation with { Expiry = 1 }).Signed(from, name, _world.Registry.ChainId, _world.Contracts.Token);
        Assert.Equal("relay.would_revert", (await RefusedAsync(() => _node.Client.RelayDelegationAsync(stale, default))).Code);
        await MinedAsync((await _node.Client.RelayDelegationAsync(wish, default)).Id);
        Assert.Equal(to, await _world.ReadAsync(token.Delegates(from.Address)));
        await Eventually.HoldsAsync(async () => (await _node.Client.GetVotingPowerAsync(to, default)).Delegators is [{ Account: var account }] && account == from.Address, "the delegation is indexed");
        var power = await _node.Client.GetVotingPowerAsync(to, default);
        Assert.Equal(power.Balance + power.Delegators[0].Balance, power.Votes);
        Assert.Equal(to, (await _node.Client.GetVotingPowerAsync(from.Address, default)).Delegate);
    }

    /// <summary>Past a moment of the vote: nobody waits for it.</summary>
    private async Task AdvanceAsync(Func<DataGovernor, ContractCall<System.Numerics.BigInteger>> moment) =>
        await _world.Anvil.AdvanceToAsync((long)await _world.ReadAsync(moment(new DataGovernor(_world.Contracts.Governor))) + 1, default);

    private async Task StepAsync(Proposal proposal, string step)
    {
        var taken = await Eventually.GetAsync(async () =>
        {
            try
            {
                return await _node.Client.CarryOutAsync(proposal.Id, default);
            }
            catch (CommonholdException early) when (early.Refusal?.Code == "proposal.not_due")
            {
                return null;
            }
        }, $"the step {step} is due");
        Assert.Equal(step, taken.Step);
        await MinedAsync(taken.Id);
    }

    private static async Task<HttpResponseMessage> ClaimByFormAsync(HttpClient browser, Address account)
    {
        var page = await Eventually.GetAsync(async () => await browser.GetStringAsync($"earnings?account={account}") is var text && text.Contains("Claim all", StringComparison.Ordinal) ? text : null, "there is something to claim");
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("account", account.ToString()), KeyValuePair.Create("_token", FormToken().Match(page).Groups[1].Value)]);
        return await browser.PostAsync("earnings/claims", form);
    }

    private Task<System.Numerics.BigInteger> BalanceAsync(Address account) => _world.ReadAsync(new DataToken(_world.Contracts.Token).BalanceOf(account));

    private async Task MinedAsync(string id) => await Eventually.HoldsAsync(async () =>
        await _node.Client.GetRelayAsync(id, default) is var status && status.State != RelayState.Failed ? status.State == RelayState.Mined
            : throw new InvalidOperationException(status.Error), "the operation is mined");

    private static async Task<Refusal> RefusedAsync(Func<Task> call) => (await Assert.ThrowsAnyAsync<CommonholdException>(call)).Refusal!;

    [GeneratedRegex("name=\"_token\" value=\"([^\"]+)\"")]
    private static partial Regex FormToken();
}
