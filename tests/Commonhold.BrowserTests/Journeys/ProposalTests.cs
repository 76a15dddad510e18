using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Commonhold.BrowserTests.People;
using Commonhold.BrowserTests.World;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;

namespace Commonhold.BrowserTests.Journeys;

/// <summary>What members change about their DAO: proposed in a form, voted, carried out, and then shown by the pages.</summary>
[Collection(VotesCollection.Name)]
[Trait("Speed", "slow")]
public sealed class ProposalTests(SmallCommons commons)
{
    [ChromiumFact]
    public Task Money_is_split_in_another_way() => commons.PlayAsync(async stage =>
    {
        var member = await stage.OldMemberAsync(0);
        var treasury = commons.World.Dao.Timelock;
        await OpensFormAsync(member, "Change who gets what");
        await member.At.Field("Operators’ part").FillAsync("12.5");
        await member.At.Field("Treasury’s part").FillAsync("20");
        await Assertions.Expect(member.At.Page.Locator("#preview")).ToContainTextAsync("Share later revenue out as 67.5% to the members, 12.5% to the operators");
        var proposal = await member.ProposesAsync("Running it costs more than we thought.");
        await Assertions.Expect(member.At.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("67.5% to the members");
        await stage.PassesAsync(member, proposal);
        var pool = new RevenuePool(commons.World.Dao.Pool);
        var split = await commons.World.ReadAsync(pool.SplitAt(await commons.World.ReadAsync(pool.CurrentSplitId(), CancellationToken.None)), CancellationToken.None);
        Assert.Equal((1250, 2000, treasury), ((int)split.OperatorsBps, (int)split.TreasuryBps, split.Treasury));
        await member.At.GoAsync("/requests/new");
        await Assertions.Expect(member.At.Page.Locator("#review-money")).ToContainTextAsync("67.5%");
    });

    [ChromiumFact]
    public Task Rules_of_voting_are_changed_together() => commons.PlayAsync(async stage =>
    {
        var member = await stage.OldMemberAsync(0);
        await OpensFormAsync(member, "Change the voting rules");
        await Assertions.Expect(member.At.Page.Locator("#preview")).ToContainTextAsync("Fill in the form");
        await member.At.Field("How long a vote lasts").First.FillAsync("2");
        await Quorum().FillAsync("25");
        await member.At.Field("Who may propose").FillAsync("1.5");
        await Assertions.Expect(member.At.Page.Locator("#preview")).ToHaveTextAsync("Let voting last 2 hours. Ask for 25% of all tokens in every vote. Let whoever has 1.5% of all tokens propose.");
        await stage.PassesAsync(member, await member.ProposesAsync("So that more of us are heard."));
        var governor = new DataGovernor(commons.World.Dao.Governor);
        Assert.Equal(7200, await commons.World.ReadAsync(governor.VotingPeriod(), CancellationToken.None));
        Assert.Equal(25, await commons.World.ReadAsync(governor.QuorumNumerator(), CancellationToken.None));
        await member.At.GoAsync("/vote");
        await member.At.SeesAsync("Members vote for 2 hours");
        await OpensFormAsync(member, "Change the voting rules");
        await Assertions.Expect(Quorum()).ToHaveValueAsync("25");
        await Assertions.Expect(member.At.Field("Who may propose")).ToHaveValueAsync("1.5");

        ILocator Quorum() => member.At.Page.GetByLabel("Quorum", new() { Exact = true });
    });

    [ChromiumFact]
    public Task Policy_is_proposed_as_a_file_that_voters_can_read() => commons.PlayAsync(async stage =>
    {
        var member = await stage.OldMemberAsync(1);
        await OpensFormAsync(member, "Change the policy");
        var policy = JsonNode.Parse(await (await member.At.Context.APIRequest.GetAsync("/v1/policy")).TextAsync())!;
        policy["weights"]!["structure"] = 77;
        var file = Path.Combine(member.At.Downloads, "policy.json");
        await File.WriteAllTextAsync(file, "{\"schema\":\"of-somebody-else\"}");
        await member.At.Field("The new policy").SetInputFilesAsync(file);
        await member.At.SeesAsync("This policy is for “of-somebody-else”");
        await File.WriteAllTextAsync(file, policy.ToJsonString());
        var digest = Bytes32.FromSpan(SHA256.HashData(await File.ReadAllBytesAsync(file)));
        await member.At.Field("The new policy").SetInputFilesAsync(file);
        await Assertions.Expect(member.At.Field("Its digest")).ToHaveValueAsync(digest.ToString());
        var proposal = await member.ProposesAsync("Structure alone says more than we thought.");
        await member.At.SeesAsync($"Judge contributions by the policy with the digest {digest}");
        var shown = await member.At.Context.APIRequest.GetAsync($"/v1/policies/{digest}");
        Assert.Equal(policy.ToJsonString(), await shown.TextAsync());
        await stage.PassesAsync(member, proposal);
        await commons.World.UntilAsync("the node judges by the new policy", async () =>
            (await commons.World.Api.GetDaoAsync(CancellationToken.None)).Dataset.PolicyDigest == digest, CancellationToken.None);
    });

    [ChromiumFact]
    public Task Validators_are_changed() => commons.PlayAsync(async stage =>
    {
        var member = await stage.OldMemberAsync(1);
        using var key = Secp256k1Key.Generate();
        await OpensFormAsync(member, "Change the validators");
        var accounts = member.At.Field("The validators’ accounts");
        var before = Address.Parse(await accounts.InputValueAsync());
        await accounts.FillAsync($"{before}\n{before}");
        await Assertions.Expect(member.At.Page.Locator("#preview")).ToContainTextAsync("An account stands there twice");
        await accounts.FillAsync($"{before}\n{key.Address}");
        await Assertions.Expect(member.At.Page.Locator("#preview")).ToContainTextAsync("Make 2 accounts the validators, 1 of whom sign a batch");
        await stage.PassesAsync(member, await member.ProposesAsync("One alone is too few."));
        Assert.Equal([before, key.Address], await commons.World.ReadAsync(new ContributionRegistry(commons.World.Dao.Registry).Validators(), CancellationToken.None));
        await commons.World.UntilAsync("the node knows the validators", async () =>
            (await commons.World.Api.GetDaoAsync(CancellationToken.None)).Validators.Members.Count == 2, CancellationToken.None);
        await OpensFormAsync(member, "Change the validators");
        await Assertions.Expect(accounts).ToHaveValueAsync($"{before}\n{key.Address}");
    });

    [ChromiumFact]
    public Task Votes_are_handed_over_and_taken_back() => commons.PlayAsync(async stage =>
    {
        var (member, friend) = (await stage.OldMemberAsync(2), await stage.OldMemberAsync(1));
        var token = new DataToken(commons.World.Dao.Token);
        await member.At.GoAsync("/vote");
        await member.At.Field("Account that is to vote for you").FillAsync($"{friend.Address}");
        await member.At.Button("Hand over my votes").ClickAsync();
        await member.ConfirmsAsync();
        await member.At.SeesAsync("Your votes are handed over");
        Assert.Equal(friend.Address, await commons.World.ReadAsync(token.Delegates(member.Address), CancellationToken.None));
        await Assertions.Expect(member.At.Page.Locator("#power")).ToContainTextAsync($"{friend.Address}"[..8]);
        await friend.At.GoAsync("/vote");
        await Assertions.Expect(friend.At.Page.Locator("#power")).ToContainTextAsync($"{member.Address}"[..8]);

        await member.At.Button("Vote myself again").ClickAsync();
        await member.ConfirmsAsync();
        await member.At.SeesAsync("You vote with your own tokens again");
        Assert.Equal(member.Address, await commons.World.ReadAsync(token.Delegates(member.Address), CancellationToken.None));
        await Assertions.Expect(member.At.Page.Locator("#power")).ToContainTextAsync("You yourself");
        // The friend's page says so too, without being asked.
        await Assertions.Expect(friend.At.Page.Locator("#power")).ToContainTextAsync("Nobody");
    });

    /// <summary>From the list of what can be proposed.</summary>
    private static async Task OpensFormAsync(Member member, string title)
    {
        await member.At.GoAsync("/vote/new");
        await member.At.Main.GetByRole(AriaRole.Link, new() { Name = title }).ClickAsync();
        await Assertions.Expect(member.At.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(title);
    }
}
