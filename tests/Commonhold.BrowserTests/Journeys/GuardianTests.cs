using System.IO.Compression;
using Commonhold.BrowserTests.World;
using Commonhold.Cli.Demo;
using Commonhold.Cli.Keys;
using Commonhold.Client;

namespace Commonhold.BrowserTests.Journeys;

/// <summary>Guardians that are switched off: pages say who, and as long as enough of them answer a grant opens.</summary>
[Collection(VotesCollection.Name)]
[Trait("Speed", "slow")]
public sealed class GuardianTests(SmallCommons commons)
{
    [ChromiumFact]
    public Task Two_of_five_may_be_gone_and_a_third_is_one_too_many() => commons.PlayAsync(async stage =>
    {
        var request = await DemoRequest.MakeAsync(commons.World, commons.Buyer, 3_000_000, "A study of those who answer", CancellationToken.None);
        await request.ExecuteAsync(await request.VoteAsync(commons.Members[0], commons.Members, VoteSupport.For, CancellationToken.None), commons.Buyer, CancellationToken.None);
        var reader = await stage.VisitorAsync("reader");
        await reader.GoAsync("/");
        await Assertions.Expect(Said("Answers")).ToHaveCountAsync(5);

        // The open page says so by itself.
        await commons.Node.Guardians.StopAsync(3);
        await commons.Node.Guardians.StopAsync(4);
        await Assertions.Expect(Said("Does not answer")).ToHaveCountAsync(2);
        await Assertions.Expect(reader.Page.GetByText("Nothing can be opened right now")).ToHaveCountAsync(0);
        await reader.GoAsync("/operate");
        await reader.SeesAsync("Does not answer");

        var buyer = await stage.BuyerAsync();
        // Two of those whom the page asks are not there.
        buyer.At.Watch.Expect("ERR_CONNECTION_REFUSED");
        var key = new KeyRing(commons.Scratch("people")).FileOf("buyer");
        await buyer.RestoresAccountAsync(key, Passphrases.Generated(key));
        await using (var zip = await ZipFile.OpenReadAsync(await buyer.OpensHereAsync((int)request.Id.Value)))
            Assert.True(zip.Entries.Count >= commons.Members.Count, $"{zip.Entries.Count} files were opened");

        await commons.Node.Guardians.StopAsync(2);
        await reader.GoAsync("/");
        await Assertions.Expect(Said("Does not answer")).ToHaveCountAsync(3);
        await reader.GoAsync("/");
        await reader.SeesAsync("Nothing can be opened right now");
        await buyer.At.GoAsync($"/requests/{request.Id}");
        await buyer.At.Button("Open here, into a zip").ClickAsync();
        await buyer.ConfirmsAsync();
        await Assertions.Expect(buyer.At.Page.Locator("#act-status")).ToContainTextAsync("guardian", new() { IgnoreCase = true });

        ILocator Said(string state) => reader.Page.Locator("#home-guardians .tag").Filter(new() { HasText = state });
    });
}
