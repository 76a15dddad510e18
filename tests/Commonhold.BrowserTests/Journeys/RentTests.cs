using System.Globalization;
using System.Numerics;
using Commonhold.BrowserTests.People;
using Commonhold.BrowserTests.World;
using Commonhold.Client;
using Commonhold.Client.Contracts;

namespace Commonhold.BrowserTests.Journeys;

/// <summary>What becomes of a buyer's money: a rent that is renewed, shared out and cut short, and a price that the members did not want.</summary>
[Collection(VotesCollection.Name)]
[Trait("Speed", "slow")]
public sealed class RentTests(SmallCommons commons)
{
    private const long Day = 86_400;

    private AccessMarket Market => new(commons.World.Dao.Market);

    [ChromiumFact]
    public Task Rent_is_renewed_and_shared_out_and_what_was_not_earned_comes_back_when_the_members_end_it() => commons.PlayAsync(async stage =>
    {
        var (buyer, member) = (await stage.BuyerAsync(), await stage.OldMemberAsync(0));
        await buyer.CreatesAccountWithPasskeyAsync();
        await buyer.GetsTestMoneyAsync();
        var had = await HasAsync(buyer);
        var grant = await buyer.RequestsRentAsync("240", "Follow how communities change", days: "10", renewals: "2");
        await stage.PassesAsync(member, await member.PutsToVoteAsync(grant));

        // Renewed once: twenty days for twice the price.
        await Assertions.Expect(buyer.At.Button("Renew for 240 TEST")).ToBeVisibleAsync();
        await buyer.ActsAsync("Renew for 240 TEST", "The grant runs longer");
        Assert.Equal(had - 480_000_000, await HasAsync(buyer));
        var (opened, ends) = await TermAsync(grant);
        Assert.Equal(20 * Day, ends - opened);
        await Assertions.Expect(buyer.At.Page.Locator($"#request-steps time[datetime^='{DateTimeOffset.FromUnixTimeSeconds(ends):yyyy-MM-ddTHH:mm}']")).ToBeVisibleAsync();

        // A quarter of the time later a quarter is earned, and anybody may have it shared out; the members find their part.
        await commons.AdvanceAsync((ulong)(opened + (5 * Day)));
        await buyer.At.GoAsync($"/requests/{grant}");
        await buyer.ActsAsync("Share out the earned rent: 120", "The earned rent is with the members");
        var shared = (await commons.World.ReadAsync(Market.GrantAt(new GrantId((ulong)grant)), CancellationToken.None)).Collected;
        Assert.InRange(shared, 120_000_000, 121_000_000);
        await buyer.At.SeesAsync("shared out to members, operators and treasury");
        var poorer = await HasAsync(member);
        await member.ClaimsAllAsync();
        // This member's part of the rent, and of what was paid before.
        Assert.InRange(await HasAsync(member) - poorer, 10_000_000, 700_000_000);

        // The members end it by a vote; what was not earned goes back.
        await member.At.GoAsync($"/vote/new?kind=revoke&request={grant}");
        await Assertions.Expect(member.At.Page.Locator("#preview")).ToContainTextAsync($"End grant {grant} now");
        await stage.PassesAsync(member, await member.ProposesAsync("They broke their word."));
        await Assertions.Expect(buyer.At.Page.Locator("#request-head")).ToContainTextAsync("ended by vote");
        await buyer.At.SeesAsync("The rent that was not earned waits for the buyer");
        await Assertions.Expect(buyer.At.Button("Open here, into a zip")).ToHaveCountAsync(0);
        await Assertions.Expect(buyer.At.Button("Renew")).ToHaveCountAsync(0);
        await buyer.ActsAsync("Pay the unearned rent back", "The unearned rent is back with the buyer");
        var earned = await commons.World.ReadAsync(Market.Earned(new GrantId((ulong)grant)), CancellationToken.None);
        Assert.InRange(earned, 120_000_000, 130_000_000);
        Assert.Equal(had - earned, await HasAsync(buyer));
        await buyer.At.SeesAsync("The rent that was not earned went back to the buyer");
        await buyer.ActsAsync("Share out the earned rent", "The earned rent is with the members");
        await Assertions.Expect(buyer.At.Page.Locator("#acts")).ToContainTextAsync("Nothing, now");
    });

    [ChromiumFact]
    public Task Price_comes_back_after_a_vote_that_too_few_took_part_in_and_after_one_that_only_abstained() => commons.PlayAsync(async stage =>
    {
        var (buyer, member) = (await stage.BuyerAsync(), await stage.OldMemberAsync(1));
        await buyer.CreatesAccountWithPasskeyAsync();
        await buyer.GetsTestMoneyAsync();
        var had = await HasAsync(buyer);

        var unheard = await buyer.RequestsAccessAsync("30", "Something that nobody looks at");
        var proposal = await member.PutsToVoteAsync(unheard);
        await commons.AdvanceToAsync(proposal, (governor, id) => governor.ProposalSnapshot(id));
        await Assertions.Expect(member.At.Page.Locator("#standing")).ToContainTextAsync("votes missing of the");
        await commons.AdvanceToAsync(proposal, (governor, id) => governor.ProposalDeadline(id));
        // The page follows by itself.
        await Assertions.Expect(member.At.Page.Locator("#standing")).ToContainTextAsync("Too few took part: the quorum was not reached");
        await member.At.SeesAsync("Nobody has voted yet");
        await Assertions.Expect(member.At.Button("Carry it out")).ToBeHiddenAsync();
        await Assertions.Expect(buyer.At.Page.Locator("#request-steps")).ToContainTextAsync("Not approved");
        await buyer.TakesPriceBackAsync(unheard);
        await Assertions.Expect(buyer.At.Page.Locator("#request-steps")).ToContainTextAsync("Taken back by the buyer");
        Assert.Equal(had, await HasAsync(buyer));

        var unwanted = await buyer.RequestsAccessAsync("30", "Something that nobody minds or wants");
        proposal = await member.PutsToVoteAsync(unwanted);
        await commons.AdvanceToAsync(proposal, (governor, id) => governor.ProposalSnapshot(id));
        await member.VotesAsync(proposal, "Abstain");
        await Assertions.Expect(member.At.Page.Locator("#voters-list")).ToContainTextAsync("Abstain");
        await Assertions.Expect(member.At.Page.Locator("#standing")).ToContainTextAsync("Reached:");
        await commons.AdvanceToAsync(proposal, (governor, id) => governor.ProposalDeadline(id));
        await Assertions.Expect(member.At.Page.Locator("#standing")).ToContainTextAsync("Not more votes were for it than against it");
        await buyer.TakesPriceBackAsync(unwanted);
        Assert.Equal(had, await HasAsync(buyer));
    });

    private Task<BigInteger> HasAsync(Person person) => commons.World.ReadAsync(new TestCurrency(commons.World.Currency).BalanceOf(person.Address), CancellationToken.None);

    private async Task<(long Opened, long Ends)> TermAsync(int grant)
    {
        var record = await commons.World.ReadAsync(Market.GrantAt(new GrantId((ulong)grant)), CancellationToken.None);
        return (long.Parse($"{record.GrantedAt}", CultureInfo.InvariantCulture), long.Parse($"{record.EndsAt}", CultureInfo.InvariantCulture));
    }
}
