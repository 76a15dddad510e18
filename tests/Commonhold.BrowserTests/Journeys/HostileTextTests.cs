using Commonhold.BrowserTests.Pages;
using Commonhold.BrowserTests.World;
using Commonhold.Cli.Demo;
using Commonhold.Client;

namespace Commonhold.BrowserTests.Journeys;

/// <summary>Texts that strangers write (a request's purpose, a proposal's description) are shown as they are and do nothing, in a real browser.</summary>
[Collection(JourneysCollection.Name)]
public sealed class HostileTextTests(Commons commons)
{
    // Markup, attributes, script in links, template and entity tricks, direction marks, and one word wider than a phone.
    private static readonly string[] Texts =
    [
        "<script>window.__hurt = 1; alert(1)</script><img src=x onerror=\"window.__hurt = 2\"><svg/onload=window.__hurt=3>",
        "\"><a href=\"javascript:window.__hurt=4\" autofocus onfocus=window.__hurt=5 style=position:fixed>press</a> </title></textarea></noscript><iframe srcdoc=\"<script>top.__hurt=6</script>\">",
        "&lt;b&gt; {{7*7}} ${7*7} @(1+1) <!-- --> ]]> \u202egnp.exe\u202c " + "w" + new string('i', 300) + "de",
    ];

    [ChromiumFact]
    public Task Texts_of_strangers_are_shown_and_do_nothing() => commons.PlayAsync(async stage =>
    {
        var ids = new List<(string Request, string Proposal)>();
        foreach (var text in Texts)
        {
            var request = await DemoRequest.MakeAsync(commons.World, commons.Buyer, 1_000_000, text, CancellationToken.None);
            var proposal = Proposal.ToApprove(commons.World.Dao, request.Id, request.Terms.Hash(), text);
            await commons.ProposesAsync(commons.Members[0], proposal);
            ids.Add(($"{request.Id}", $"{proposal.Id}"));
        }

        var visitor = await stage.VisitorAsync("visitor", Habits.Phone);
        var dialogs = 0;
        visitor.Page.Dialog += (_, dialog) =>
        {
            dialogs++;
            _ = dialog.DismissAsync();
        };
        foreach (var ((request, proposal), text) in ids.Zip(Texts))
        {
            foreach (var page in (string[])[$"/requests/{request}", $"/vote/{proposal}"])
            {
                await visitor.GoAsync(page);
                await visitor.SettledAsync();
                Assert.Contains(text, await visitor.Main.TextContentAsync() ?? "", StringComparison.Ordinal);
                await AssertUnhurtAsync(visitor);
                Assert.Equal("", await Look.WidestAsync(visitor.Page));
            }
        }

        foreach (var page in Addresses.All)
        {
            await visitor.GoAsync(Addresses.Of(page, commons));
            await visitor.SettledAsync();
            await AssertUnhurtAsync(visitor);
        }

        Assert.Equal(0, dialogs);
    });

    [ChromiumFact]
    public Task Name_of_a_file_and_reason_of_a_vote_are_shown_and_do_nothing() => commons.PlayAsync(async stage =>
    {
        var member = await stage.OldMemberAsync(2);
        var export = Path.Combine(member.At.Downloads, "<img src=x onerror=window.__hurt=7>&lt;b&gt;\"'`.zip");
        File.Copy(await commons.SampleAsync(71), export);
        await member.LooksAtAsync(export);
        await AssertUnhurtAsync(member.At);

        var request = await DemoRequest.MakeAsync(commons.World, commons.Buyer, 1_000_000, Texts[0], CancellationToken.None);
        var proposal = await member.PutsToVoteAsync((int)request.Id.Value, Texts[1]);
        await commons.AdvanceToAsync(proposal, (governor, id) => governor.ProposalSnapshot(id));
        await member.At.Field("Why?").FillAsync(Texts[0]);
        var sentence = await member.VotesAsync(proposal, "Abstain");
        Assert.DoesNotContain("onerror", sentence, StringComparison.Ordinal);
        await Assertions.Expect(member.At.Page.Locator("#voters-list")).ToContainTextAsync(Texts[0]);
        foreach (var page in (string[])[proposal, $"/requests/{request.Id}", "/my", "/earnings", "/operate", "/vote", "/requests"])
        {
            await member.At.GoAsync(page);
            await member.At.SettledAsync();
            await AssertUnhurtAsync(member.At);
        }
    });

    private static async Task AssertUnhurtAsync(Visitor visitor)
    {
        Assert.True(await visitor.Page.EvaluateAsync<bool>("() => globalThis.__hurt === undefined"), $"{visitor.Page.Url} ran a stranger's script");
        Assert.Equal(0, await visitor.Page.Locator("iframe, main a[href^='javascript:'], main [onfocus], main [onerror], main [onload]").CountAsync());
    }
}
