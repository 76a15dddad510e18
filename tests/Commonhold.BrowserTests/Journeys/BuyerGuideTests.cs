using System.IO.Compression;
using System.Security.Cryptography;
using Commonhold.BrowserTests.People;
using Commonhold.BrowserTests.World;
using Commonhold.Cli.Keys;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;

namespace Commonhold.BrowserTests.Journeys;

/// <summary>docs/buyer.md, step by step.</summary>
[Collection(JourneysCollection.Name)]
[Trait("Speed", "slow")]
public sealed class BuyerGuideTests(Commons commons)
{
    [ChromiumFact]
    public Task A_buyer_does_what_the_guide_says() => commons.PlayAsync(async stage =>
    {
        var guide = Guide.Read("buyer.md");
        var buyer = await stage.BuyerAsync();
        var member = await stage.OldMemberAsync(0);
        int asked = 0, refused = 0;

        await guide.StepAsync("Look at the dataset", async step =>
        {
            await buyer.At.GoAsync("/");
            await buyer.At.Menu(step.Says("Catalogue")).ClickAsync();
            await buyer.At.SeesAsync("What others paid");
        });
        await guide.StepAsync("Make an account", async step =>
        {
            await buyer.At.Menu(step.Says("Sign in")).ClickAsync();
            step.Says("Create with a passphrase");
            step.Says("Create account");
            await buyer.CreatesAccountWithPassphraseAsync();
        });
        await guide.StepAsync("Get money", async step =>
        {
            await buyer.At.Menu(step.Says("Ask for access")).ClickAsync();
            step.Says("Get test money");
            await buyer.GetsTestMoneyAsync();
        });
        await guide.StepAsync("Write your request", async step =>
        {
            step.Says("For how long?");
            step.Says("Price");
            step.Says("What is it for?");
            await buyer.WritesRequestAsync("250", "Train a model that finds rare diseases");
        });
        await guide.StepAsync("Ask", async step =>
        {
            step.Says("Pay into escrow and ask");
            step.Says("Confirm");
            asked = await buyer.RequestsAccessAsync("250", "Train a model that finds rare diseases");
        });
        await guide.StepAsync("Wait for the vote", async step =>
        {
            var proposal = await member.PutsToVoteAsync(asked);
            await commons.AdvanceToAsync(proposal, (governor, id) => governor.ProposalSnapshot(id));
            var sentence = await member.VotesAsync(proposal);
            Assert.Contains("raw", sentence, StringComparison.OrdinalIgnoreCase);
            await commons.AdvanceToAsync(proposal, (governor, id) => governor.ProposalDeadline(id));
            await member.CarriesOutAsync("waiting time");
            await commons.AdvanceToAsync(proposal, (governor, id) => governor.ProposalEta(id));
            await member.CarriesOutAsync("Carried out");
            await Assertions.Expect(buyer.At.Page.Locator("#request-head")).ToContainTextAsync(step.Says("Grant"));
        });
        await guide.StepAsync("Open the files", async step =>
        {
            step.Says("Open here, into a zip");
            step.Says("Confirm");
            await using var zip = await ZipFile.OpenReadAsync(await buyer.OpensHereAsync(asked));
            var opened = new HashSet<Bytes32>();
            foreach (var entry in zip.Entries)
            {
                await using var content = await entry.OpenAsync();
                opened.Add(Bytes32.FromSpan(await SHA256.HashDataAsync(content)));
            }

            Assert.All(commons.Members, m => Assert.Contains(m.Plaintext!.Value, opened));
            await OpensByCommandAsync(buyer, asked);
        });
        await guide.StepAsync("Take back what was not granted", async step =>
        {
            refused = await buyer.RequestsAccessAsync("100", "Something that nobody wants");
            var proposal = await member.PutsToVoteAsync(refused, "I am against it.");
            await commons.AdvanceToAsync(proposal, (governor, id) => governor.ProposalSnapshot(id));
            await member.VotesAsync(proposal, "Vote against");
            await commons.AdvanceToAsync(proposal, (governor, id) => governor.ProposalDeadline(id));
            var currency = new TestCurrency(commons.World.Currency);
            var before = await commons.World.ReadAsync(currency.BalanceOf(buyer.Address), CancellationToken.None);
            step.Says("Take the price back");
            step.Says("Confirm");
            await buyer.TakesPriceBackAsync(refused);
            Assert.Equal(before + 100_000_000, await commons.World.ReadAsync(currency.BalanceOf(buyer.Address), CancellationToken.None));
        });
        guide.AssertFinished();
    });

    /// <summary>The line that the page shows, with the backup of the same account among the command line's keys.</summary>
    private async Task OpensByCommandAsync(Buyer buyer, int grant)
    {
        var line = await buyer.At.Page.Locator("#open-command").InnerTextAsync();
        var backup = await buyer.BacksUpAsync();
        var key = new KeyRing(commons.Place.Keys).FileOf("me");
        Directory.CreateDirectory(commons.Place.Keys);
        File.Move(backup, key, overwrite: true);
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var folder = commons.Scratch("by-command");
        await commons.CommandAsync([.. line.Replace($"./grant-{grant}", folder, StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1)]);
        var opened = new HashSet<Bytes32>();
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            opened.Add(Bytes32.FromSpan(SHA256.HashData(await File.ReadAllBytesAsync(file))));
        Assert.All(commons.Members, m => Assert.Contains(m.Plaintext!.Value, opened));
    }
}
