using System.Text.RegularExpressions;
using Commonhold.BrowserTests.World;
using Commonhold.Server.Storage;

namespace Commonhold.BrowserTests.Journeys;

/// <summary>Something is away for a while: pages say plainly what, lose nothing, and go on.</summary>
[Collection(JourneysCollection.Name)]
[Trait("Speed", "slow")]
public sealed class OutageTests(Commons commons)
{
    [ChromiumFact]
    public Task Chain_that_does_not_answer_is_said_and_pages_go_on_when_it_does() => commons.PlayAsync(async stage =>
    {
        var member = await stage.OldMemberAsync(0);
        var page = member.At.Page;
        member.At.Watch.Expect("ERR_CONNECTION_REFUSED");
        var isAway = false;
        await member.At.Context.RouteAsync(url => new Uri(url).Port == commons.Node.Chain.Url.Port, route => isAway ? route.AbortAsync("connectionrefused") : route.ContinueAsync());
        foreach (var (address, check) in ((string, string)[])[($"/requests/{commons.Waiting.Id}", "#verify-terms"), ($"/vote/{commons.Proposals[0]}", "#check")])
        {
            isAway = true;
            await member.At.GoAsync(address);
            await Assertions.Expect(page.Locator(check)).ToContainTextAsync("does not answer");
            await Assertions.Expect(page.Locator(check)).ToHaveAttributeAsync("data-verify", "pending");
            isAway = false;
            await Assertions.Expect(page.Locator(check)).ToHaveAttributeAsync("data-verify", "checked");
        }

        isAway = true;
        await member.At.GoAsync("/contribute");
        await member.At.SeesAsync("Nothing can be checked or sent until it does");
        isAway = false;
        await member.At.Button("Try again").ClickAsync();
        await member.At.SeesAsync("Drop your export here");
    });

    [ChromiumFact]
    public Task Full_disk_is_said_and_the_upload_goes_on_when_there_is_room() => commons.PlayAsync(async stage =>
    {
        var member = await stage.MemberAsync();
        await member.CreatesAccountWithPasskeyAsync();
        member.At.Watch.Expect("status of 507");
        // The disk's real refusal is tried where there is a small disk (A_full_disk_is_said_and_loses_nothing); here it is given once more.
        var isFull = true;
        await member.At.Context.RouteAsync(new Regex("/v1/uploads/0x"), route => isFull && route.Request.Method == "PATCH"
            ? route.FulfillAsync(new()
            {
                Status = 507, ContentType = "application/problem+json",
                Body = System.Text.Json.JsonSerializer.Serialize(new { status = 507, code = StorageFullException.Refusal.Code, detail = StorageFullException.Refusal.Detail, hint = StorageFullException.Refusal.Hint }),
            })
            : route.ContinueAsync());
        await member.LooksAtAsync(await commons.SampleAsync(61));
        await member.At.Button("Encrypt and contribute").ClickAsync();
        await member.ConfirmsAsync();
        await member.At.SeesAsync("storage is full; what it already accepted is safe");
        await member.At.SeesAsync("Try again later: an upload goes on where it stood");
        isFull = false;
        await member.At.Button("Try again").ClickAsync();
        await member.At.SeesAsync("You have an unfinished contribution");
        await member.At.Button("Go on with it").ClickAsync();
        await member.SeesVerdictAsync();
    });

    [ChromiumFact]
    public Task Session_that_ended_meanwhile_lets_nobody_act_and_says_where_to_sign_in() => commons.PlayAsync(async stage =>
    {
        var person = await stage.MemberAsync();
        await person.CreatesAccountWithPasskeyAsync();
        await commons.CommandAsync("operator", "add", $"{person.Address}");
        try
        {
            await person.At.GoAsync("/operate");
            await Assertions.Expect(person.At.Button("Pause new contributions")).ToBeVisibleAsync();
            await person.At.Context.ClearCookiesAsync(new() { NameRegex = new Regex("session") });
            person.At.Watch.Expect("status of 401");
            await person.At.Button("Pause new contributions").ClickAsync();
            await Assertions.Expect(person.At.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("You are not signed in");
            await person.At.Main.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
            await person.At.Main.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
            await person.ConfirmsAsync();
            await person.At.SeesAsync("You are signed in");
            // Nothing was done in between.
            await person.At.GoAsync("/operate");
            await Assertions.Expect(person.At.Button("Pause new contributions")).ToBeVisibleAsync();
        }
        finally
        {
            await commons.CommandAsync("operator", "remove", $"{person.Address}");
        }
    });
}
