using System.Text.RegularExpressions;
using Commonhold.BrowserTests.People;
using Commonhold.BrowserTests.World;

namespace Commonhold.BrowserTests.Journeys;

/// <summary>What happens to people: the node dies, the tab is closed, two tabs are open, the network is slow.</summary>
[Collection(nameof(CalamityTests))]
[Trait("Speed", "slow")]
public sealed class CalamityTests : IAsyncLifetime
{
    private readonly Commons _unused = new EmptyCommons();
    private OwnNode? _own;

    private NodeProcess Node => _own!.Node;

    public async Task InitializeAsync()
    {
        if (Missing.Reason is null)
            _own = await OwnNode.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (_own is not null)
            await _own.DisposeAsync();
    }

    [ChromiumFact]
    public Task Upload_survives_a_killed_node_a_closed_tab_a_second_tab_and_a_slow_network() =>
        _own!.PlayAsync(nameof(CalamityTests), ["member"], visitors => PlayAsync(new Member(visitors[0])));

    [ChromiumFact]
    public Task Open_page_goes_on_by_itself_when_the_node_is_restarted() =>
        _own!.PlayAsync(nameof(Open_page_goes_on_by_itself_when_the_node_is_restarted), ["reader", "member"], visitors => ReadAsync(visitors[0], new Member(visitors[1])));

    private async Task ReadAsync(Visitor reader, Member member)
    {
        await member.CreatesAccountWithPassphraseAsync();
        await reader.GoAsync("/");
        await reader.SettledAsync();
        var members = reader.Page.Locator("#home-figures .figures > div", new() { HasTextRegex = new Regex("^members?") });
        await Assertions.Expect(members).ToHaveCountAsync(0);
        // Gone if somebody loads the page again.
        await reader.Page.EvaluateAsync("() => { globalThis.__sameDocument = true }");

        await Node.KillAsync();
        await Node.RiseAsync();

        // Who was signed in still is, and what happens from now on shows on the page that was open all the time.
        await member.At.GoAsync("/my");
        await member.At.SeesAsync("Nothing yet");
        await member.ContributesAsync(await _unused.SampleAsync(41));
        await Assertions.Expect(members).ToContainTextAsync("1");
        Assert.True(await reader.Page.EvaluateAsync<bool>("() => globalThis.__sameDocument === true"));
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
        await Patience.ForAsync("two pieces of the upload pass, and a third comes", waiting.Task);

        // The node loses its power and comes back; the page had said that it waits.
        await at.SeesAsync("The connection is down");
        await Node.KillAsync();
        await Node.RiseAsync();

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
        await Assertions.Expect(at.Page.GetByRole(AriaRole.Heading, new() { Name = "Accepted" })).ToBeVisibleAsync(new() { Timeout = 240_000 });
    }
}
