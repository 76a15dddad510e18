using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Commonhold.BrowserTests.World;
using Commonhold.Cli.Demo;
using Commonhold.Client;

namespace Commonhold.BrowserTests.Journeys;

/// <summary>A node, or a guardian, that does not tell the truth: the page finds out by itself, says where, and refuses to go on.</summary>
[Collection(JourneysCollection.Name)]
public sealed class HonestyTests(Commons commons)
{
    [ChromiumFact]
    public Task Everything_public_verifies_in_the_browser() => commons.PlayAsync(async stage =>
    {
        var visitor = await stage.VisitorAsync("visitor");
        await VerifiesAsync(visitor);
        await Assertions.Expect(visitor.Page.Locator("#verdict")).ToContainTextAsync("Everything holds");
        Assert.True(await visitor.Page.Locator("#verify-result li[data-state=held]").CountAsync() >= 4, "there are hardly any checks");
    });

    [ChromiumFact]
    public Task Guardian_that_changed_its_log_is_named() => commons.PlayAsync(async stage =>
    {
        var visitor = await stage.VisitorAsync("visitor");
        // Any threshold of the guardians answered. One that released something is needed: a line can also hold nothing but refusals.
        Regex released = new("\"indices\":\\[[0-9]+,?");
        using var http = new HttpClient();
        var number = 0;
        while (!released.IsMatch(await http.GetStringAsync(new Uri(commons.Node.Guardians.Urls[number], "v1/releases"))))
            number++;
        var isChanged = false;
        await visitor.Context.RouteAsync(new Regex($"^{Regex.Escape(commons.Node.Guardians.Urls[number].AbsoluteUri)}v1/releases"), async route =>
        {
            var answer = await route.FetchAsync();
            var honest = await answer.TextAsync();
            // One contribution fewer than were released.
            var changed = released.Replace(honest, "\"indices\":[");
            isChanged |= changed != honest;
            await route.FulfillAsync(new() { Response = answer, Body = changed });
        });
        await VerifiesAsync(visitor);
        Assert.True(isChanged, "the page was shown the honest log");
        await Assertions.Expect(visitor.Page.Locator("#verdict")).ToContainTextAsync("Something does not hold");
        await Assertions.Expect(visitor.Page.Locator("#verify-result")).ToContainTextAsync($"Guardian {number + 1}");
    });

    [ChromiumFact]
    public Task Node_that_names_another_key_gets_no_file() => commons.PlayAsync(async stage =>
    {
        var member = await stage.MemberAsync();
        using var thief = Age.X25519Identity.Generate();
        await AlterAsync(member.At, "**/v1/dao", dao => dao["dataset"]!["recipient"] = thief.Recipient.ToString());
        await member.At.GoAsync("/contribute");
        await member.At.SeesAsync("the dataset's recipient");
        await Assertions.Expect(member.At.Page.Locator("input[type=file]")).ToHaveCountAsync(0);
    });

    [ChromiumFact]
    public Task Key_is_compared_again_when_a_file_that_was_looked_at_is_encrypted() => commons.PlayAsync(async stage =>
    {
        var member = await stage.MemberAsync();
        await member.CreatesAccountWithPasskeyAsync();
        await member.LooksAtAsync(await commons.SampleAsync(3));
        using var thief = Age.X25519Identity.Generate();
        await AlterAsync(member.At, "**/v1/dao", dao => dao["dataset"]!["recipient"] = thief.Recipient.ToString());
        await member.At.Button("Encrypt and contribute").ClickAsync();
        await member.At.SeesAsync("the dataset's recipient");
        await Assertions.Expect(member.At.Page.Locator("dialog[open]")).ToHaveCountAsync(0);
    });

    [ChromiumFact]
    public Task File_that_the_chain_does_not_have_as_ones_own_is_not_called_so() => commons.PlayAsync(async stage =>
    {
        var member = await stage.OldMemberAsync(1);
        await AlterAsync(member.At, new Regex("/v1/contributions/0x[0-9a-f]{64}/proof$"), proof => proof["leaf"]!["size"] = 1);
        await member.At.GoAsync("/my");
        await member.At.Button("Download and decrypt").First.ClickAsync();
        await Assertions.Expect(member.At.Page.Locator("dialog[open]")).ToContainTextAsync("does not lead to this contribution on the chain");
    });

    [ChromiumFact]
    public Task Node_that_shows_another_proposal_than_the_chain_gets_no_vote() => commons.PlayAsync(async stage =>
    {
        var request = await DemoRequest.MakeAsync(commons.World, commons.Buyer, 7_000_000, "A small survey", CancellationToken.None);
        var proposal = Proposal.ToApprove(commons.World.Dao, request.Id, request.Terms.Hash(), "Approve it.");
        await commons.ProposesAsync(commons.Members[0], proposal);
        await commons.AdvanceToAsync($"/vote/{proposal.Id}", (governor, id) => governor.ProposalSnapshot(id));
        var member = await stage.OldMemberAsync(1);
        // The calldata of another act: what would be carried out is not what the page says.
        await AlterAsync(member.At, new Regex("/v1/proposals/[0-9]+$"), view =>
        {
            var action = view["actions"]!.AsArray()[0]!;
            var name = action["calldata"] is null ? "data" : "calldata";
            var call = (string)action[name]!;
            action[name] = call[..^1] + (call[^1] == '0' ? '1' : '0');
        });
        await member.At.GoAsync($"/vote/{proposal.Id}");
        await Assertions.Expect(member.At.Page.Locator("#check")).ToHaveAttributeAsync("data-verify", "differs");
        await member.At.Button("Vote for").ClickAsync();
        await Assertions.Expect(member.At.Page.Locator("#ballot-status")).Not.ToBeEmptyAsync();
        await Assertions.Expect(member.At.Page.Locator("dialog[open]")).ToHaveCountAsync(0);
    });

    [ChromiumFact]
    public Task Node_that_changes_what_the_page_says_of_a_request_is_caught() => commons.PlayAsync(async stage =>
    {
        var visitor = await stage.VisitorAsync("visitor");
        await visitor.Context.RouteAsync($"**/requests/{commons.Waiting.Id}", async route =>
        {
            var answer = await route.FetchAsync();
            await route.FulfillAsync(new() { Response = answer, Body = (await answer.TextAsync()).Replace("40 TEST", "4,000 TEST", StringComparison.Ordinal).Replace("A study of how", "A sale of how", StringComparison.Ordinal) });
        });
        await visitor.GoAsync($"/requests/{commons.Waiting.Id}");
        await Assertions.Expect(visitor.Page.Locator("#verify-terms")).ToHaveAttributeAsync("data-verify", "differs");
        await Assertions.Expect(visitor.Page.Locator("#verify-purpose")).ToHaveAttributeAsync("data-verify", "differs");
    });

    private static async Task VerifiesAsync(Visitor visitor)
    {
        await visitor.GoAsync("/transparency");
        await visitor.Button("Verify").ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("#verdict")).ToBeVisibleAsync();
    }

    private static Task AlterAsync(Visitor visitor, string path, Action<JsonNode> change) => visitor.Context.RouteAsync(path, route => AlterAsync(route, change));

    private static Task AlterAsync(Visitor visitor, Regex path, Action<JsonNode> change) => visitor.Context.RouteAsync(path, route => AlterAsync(route, change));

    private static async Task AlterAsync(IRoute route, Action<JsonNode> change)
    {
        var answer = await route.FetchAsync();
        var json = JsonNode.Parse(await answer.TextAsync())!;
        change(json);
        await route.FulfillAsync(new() { Response = answer, Body = json.ToJsonString() });
    }
}
