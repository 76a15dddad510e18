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
            await commons.World.SendAsync(commons.Members[0].Key, proposal.ToPropose(commons.World.Dao.Governor), "propose", CancellationToken.None);
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

    private static async Task AssertUnhurtAsync(Visitor visitor)
    {
        Assert.True(await visitor.Page.EvaluateAsync<bool>("() => globalThis.__hurt === undefined"), $"{visitor.Page.Url} ran a stranger's script");
        Assert.Equal(0, await visitor.Page.Locator("iframe, main a[href^='javascript:'], main [onfocus], main [onerror], main [onload]").CountAsync());
    }
}
