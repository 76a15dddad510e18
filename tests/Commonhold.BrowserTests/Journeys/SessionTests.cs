using System.Text.Json.Nodes;
using Commonhold.BrowserTests.World;

namespace Commonhold.BrowserTests.Journeys;

/// <summary>Signing in shows what is yours; it is short-lived, cannot be replayed, and ends when one says so.</summary>
[Collection(JourneysCollection.Name)]
public sealed class SessionTests(Commons commons)
{
    [ChromiumFact]
    public Task Signing_in_cannot_be_replayed_and_signing_out_works() => commons.PlayAsync(async stage =>
    {
        var member = await stage.MemberAsync();
        using var wallet = await TestWallet.InstallAsync(member.At, commons);
        await member.ConnectsWalletAsync();
        var sent = member.At.Page.WaitForRequestAsync(request => request.Method == "POST" && new Uri(request.Url).AbsolutePath == "/v1/session");
        await member.SignsInAsync();
        var request = await sent;

        var cookies = await member.At.Context.CookiesAsync();
        var session = Assert.Single(cookies, cookie => cookie.Name.Contains("session", StringComparison.OrdinalIgnoreCase));
        Assert.True(session.HttpOnly);
        Assert.Equal(SameSiteAttribute.Strict, session.SameSite);
        Assert.True(session.Secure && session.Name.StartsWith("__Host-", StringComparison.Ordinal), "Chromium trusts localhost, so the cookie can be a __Host- one");

        // The very request again, from the same browser with a fresh form token: its nonce is spent.
        var token = (string)JsonNode.Parse(await (await member.At.Context.APIRequest.GetAsync("/v1/form-token")).TextAsync())!["token"]!;
        var again = await member.At.Context.APIRequest.PostAsync("/v1/session", new()
        {
            DataString = request.PostData, Headers = new Dictionary<string, string> { ["content-type"] = "application/json", ["x-commonhold-token"] = token, ["origin"] = commons.Home.GetLeftPart(UriPartial.Authority) },
        });
        Assert.InRange(again.Status, 400, 499);
        Assert.Contains("\"code\"", await again.TextAsync(), StringComparison.Ordinal);

        await member.SignsOutAsync();
        var who = await member.At.Context.APIRequest.GetAsync("/v1/session", new() { Headers = new Dictionary<string, string> { ["cookie"] = $"{session.Name}={session.Value}" } });
        Assert.DoesNotContain(member.Address.ToString(), await who.TextAsync(), StringComparison.OrdinalIgnoreCase);
    });

    [ChromiumFact]
    public Task Refused_signature_changes_nothing_and_says_so() => commons.PlayAsync(async stage =>
    {
        var member = await stage.MemberAsync();
        using var wallet = await TestWallet.InstallAsync(member.At, commons);
        await member.ConnectsWalletAsync();
        wallet.Refuses = true;
        await member.LooksAtAsync(await commons.SampleAsync(21));
        await member.At.Button("Encrypt and contribute").ClickAsync();
        await member.ConfirmsAsync();
        await member.At.SeesAsync("You did not sign, so nothing was handed in");
        wallet.Refuses = false;
        await member.At.Button("Go on").ClickAsync();
        await member.At.Button("Go on with it").ClickAsync();
        await member.ConfirmsAsync();
        await member.SeesVerdictAsync();
    });

    [ChromiumFact]
    public Task Stranger_sees_how_the_node_stands_and_only_an_operator_acts() => commons.PlayAsync(async stage =>
    {
        var person = await stage.MemberAsync();
        await person.CreatesAccountWithPasskeyAsync();
        await person.At.GoAsync("/operate");
        await person.At.SeesAsync("is no operator of this node");
        await Assertions.Expect(person.At.Button("Pause new contributions")).ToHaveCountAsync(0);

        Assert.Equal(0, await commons.CommandAsync("operator", "add", $"{person.Address}"));
        await person.At.GoAsync("/operate");
        await person.At.Button("Pause new contributions").ClickAsync();
        await person.At.SeesAsync("New contributions are paused");
        await person.At.Button("Take new contributions").ClickAsync();
        await Assertions.Expect(person.At.Button("Pause new contributions")).ToBeVisibleAsync();
        Assert.Equal(0, await commons.CommandAsync("operator", "remove", $"{person.Address}"));
        await person.At.GoAsync("/operate");
        await person.At.SeesAsync("is no operator of this node");
    });
}
