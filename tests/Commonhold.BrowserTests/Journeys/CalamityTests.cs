using System.Text.RegularExpressions;
using Commonhold.BrowserTests.People;
using Commonhold.BrowserTests.World;

namespace Commonhold.BrowserTests.Journeys;

/// <summary>What happens to people: the node dies, the tab is closed, two tabs are open, the network is slow.</summary>
[Collection(nameof(CalamityTests))]
[Trait("Speed", "slow")]
public sealed class CalamityTests : IAsyncLifetime
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("commonhold-calamity-");
    private readonly Commons _unused = new EmptyCommons();
    private NodeProcess _node = null!;
    private ChromiumBrowser _chromium = null!;

    public async Task InitializeAsync()
    {
        if (Missing.Reason is not null)
            return;
        var browser = ChromiumBrowser.StartAsync();
        _node = await NodeProcess.StartAsync(Path.Combine(_home.FullName, "home"));
        _chromium = await browser;
    }

    public async Task DisposeAsync()
    {
        if (_chromium is not null)
            await _chromium.DisposeAsync();
        if (_node is not null)
            await _node.DisposeAsync();
        _home.Delete(recursive: true);
    }

    [ChromiumFact]
    public async Task Upload_survives_a_killed_node_a_closed_tab_a_second_tab_and_a_slow_network()
    {
        await using var visitor = await Visitor.EnterAsync(_chromium.Browser, _node.Home, [_node.Chain], "member", Habits.Desk, anyLoopback: true);
        // While the node is dead, its pages cannot reach it; that is what is tried here.
        visitor.Watch.Expect("ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|ERR_INCOMPLETE_CHUNKED_ENCODING|Failed to load resource|Failed to fetch");
        try
        {
            await PlayAsync(new Member(visitor));
            visitor.Watch.AssertQuiet();
        }
        catch
        {
            await visitor.SaveAsync(Artefacts.Folder("failed", nameof(CalamityTests)));
            throw;
        }
    }

    [ChromiumFact]
    public async Task Open_page_goes_on_by_itself_when_the_node_is_restarted()
    {
        await using var reader = await Visitor.EnterAsync(_chromium.Browser, _node.Home, [_node.Chain], "reader", Habits.Desk, anyLoopback: true);
        await using var visitor = await Visitor.EnterAsync(_chromium.Browser, _node.Home, [_node.Chain], "member", Habits.Desk, anyLoopback: true);
        foreach (var watch in (Watch[])[reader.Watch, visitor.Watch])
            watch.Expect("ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|ERR_INCOMPLETE_CHUNKED_ENCODING|Failed to load resource|Failed to fetch");
        try
        {
            var member = new Member(visitor);
            await member.CreatesAccountWithPassphraseAsync();
            await reader.GoAsync("/");
            await reader.SettledAsync();
            var members = reader.Page.Locator("#home-figures .figures > div", new() { HasTextRegex = new Regex("^members?") });
            await Assertions.Expect(members).ToHaveCountAsync(0);
            // Gone if somebody loads the page again.
            await reader.Page.EvaluateAsync("() => { globalThis.__sameDocument = true }");

            await _node.KillAsync();
            await _node.RiseAsync();

            // Who was signed in still is, and what happens from now on shows on the page that was open all the time.
            await member.At.GoAsync("/my");
            await member.At.SeesAsync("Nothing yet");
            await member.ContributesAsync(await _unused.SampleAsync(41));
            await Assertions.Expect(members).ToContainTextAsync("1", new() { Timeout = 90_000 });
            Assert.True(await reader.Page.EvaluateAsync<bool>("() => globalThis.__sameDocument === true"));
            reader.Watch.AssertQuiet();
            visitor.Watch.AssertQuiet();
        }
        catch
        {
            await reader.SaveAsync(Artefacts.Folder("failed", nameof(Open_page_goes_on_by_itself_when_the_node_is_restarted)));
            await visitor.SaveAsync(Artefacts.Folder("failed", nameof(Open_page_goes_on_by_itself_when_the_node_is_restarted)));
            throw;
        }
    }

    private async Task PlayAsync(Member member)
    {
        var at = member.At;
        var export = await _unused.SampleAsync(40, rows: 30_000);
        await member.CreatesAccountWithPassphraseAsync();
        // Only so many pieces pass: the upload is caught in the middle.
        var passed = 0;
        var may = 2;
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await at.Context.RouteAsync(new Regex("/v1/uploads/0x"), async route =>
        {
            if (route.Request.Method == "PATCH" && ++passed > may)
            {
                waiting.TrySetResult();
                await route.AbortAsync("connectionfailed");
                return;
            }

            await route.ContinueAsync();
        });
        at.Watch.Expect("ERR_CONNECTION_FAILED");
        await member.LooksAtAsync(export);
        await at.Button("Encrypt and contribute").ClickAsync();
        await member.ConfirmsAsync();
        await waiting.Task.WaitAsync(TimeSpan.FromSeconds(120));

        // The node loses its power and comes back; the page had said that it waits.
        await at.SeesAsync("The connection is down");
        await _node.KillAsync();
        await _node.RiseAsync();

        // The tab is closed half way, and another one goes on; a third one says that somebody is at work.
        var first = at.Page;
        await at.OpenTabAsync();
        await first.CloseAsync();
        await at.GoAsync("/contribute");
        await at.SeesAsync("You have an unfinished contribution");
        var session = await at.Context.NewCDPSessionAsync(at.Page);
        await session.SendAsync("Network.enable");
        await session.SendAsync("Network.emulateNetworkConditions", new Dictionary<string, object>
        {
            ["offline"] = false, ["latency"] = 300, ["downloadThroughput"] = 100_000, ["uploadThroughput"] = 60_000,
        });
        await at.Button("Go on with it").ClickAsync();
        await Assertions.Expect(at.Page.GetByRole(AriaRole.Heading, new() { Name = "Uploading" })).ToBeVisibleAsync();
        var second = at.Page;
        await at.OpenTabAsync();
        await at.GoAsync("/contribute");
        await at.SeesAsync("Another tab is at work");
        await at.Page.CloseAsync();
        at.TurnTo(second);

        may = int.MaxValue;
        await Assertions.Expect(at.Page.GetByRole(AriaRole.Heading, new() { Name = "Accepted" })).ToBeVisibleAsync(new() { Timeout = 120_000 });
    }
}
