using System.Text.RegularExpressions;
using Commonhold.BrowserTests.World;

namespace Commonhold.BrowserTests.Pages;

/// <summary>Pages in the states in which nobody looks at them twice: signed in, and where something went wrong.</summary>
[Collection(PagesCollection.Name)]
[Trait("Speed", "slow")]
public sealed class StateTests(Commons commons)
{
    [ChromiumFact]
    public Task Pages_of_who_is_signed_in_are_well() => commons.PlayAsync(async stage =>
    {
        var member = await stage.OldMemberAsync(0);
        foreach (var page in (string[])["/", "/my", "/earnings", "/vote", "/vote/{proposal}", "/vote/new?kind=rules", "/vote/new?kind=validators", "/vote/new?kind=policy", "/vote/new?kind=split", "/requests/{request}", "/operate", "/account", "/contribute"])
        {
            await member.At.GoAsync(Addresses.Of(page, commons));
            await Look.AtAsync(member.At, "signed-in-" + Addresses.Name(page).Replace('?', '-').Replace('=', '-'));
        }
    });

    [ChromiumFact]
    public Task Failures_are_pages_too() => commons.PlayAsync(async stage =>
    {
        var person = await stage.MemberAsync();
        person.At.Watch.Expect("status of 4[0-9][0-9]");
        foreach (var (address, name) in ((string, string)[])[("/nothing", "404"), ("/vote/12345", "404-vote"), ("/requests/999", "404-request"), ("/my?page=two", "422")])
        {
            await person.At.Page.GotoAsync(address);
            await Assertions.Expect(person.At.Main.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
            await Look.AtAsync(person.At, $"error-{name}");
        }

        // A form that comes from elsewhere, and one of somebody who is not signed in any more.
        await person.CreatesAccountWithPasskeyAsync();
        await commons.CommandAsync("operator", "add", $"{person.Address}");
        foreach (var (cookie, name) in ((string, string)[])[("commonhold-form", "403"), ("session", "401")])
        {
            await person.At.GoAsync("/operate");
            await person.At.Context.ClearCookiesAsync(new() { NameRegex = new Regex(cookie) });
            await person.At.Button("Remove abandoned uploads").Or(person.At.Button("Make a batch now")).First.ClickAsync();
            await Assertions.Expect(person.At.Main).ToContainTextAsync("Code for support");
            await Look.AtAsync(person.At, $"error-{name}");
        }

        await commons.CommandAsync("operator", "remove", $"{person.Address}");
    });
}

/// <summary>The first day: nobody has contributed, asked or voted.</summary>
[Trait("Speed", "slow")]
public sealed class EmptyNodeTests(EmptyCommons commons) : IClassFixture<EmptyCommons>
{
    [ChromiumFact]
    public Task Pages_of_the_first_day_are_well() => commons.PlayAsync(async stage =>
    {
        var visitor = await stage.VisitorAsync("visitor");
        foreach (var page in Addresses.All.Where(address => !address.Contains('{', StringComparison.Ordinal)))
        {
            await visitor.GoAsync(page);
            await Look.AtAsync(visitor, $"empty-{Addresses.Name(page)}");
        }
    });
}
