using System.Globalization;
using System.IO.Compression;
using Commonhold.BrowserTests.People;
using Commonhold.BrowserTests.World;
using Commonhold.Cli.Demo;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Exports;
using Commonhold.Exports.Reddit;

namespace Commonhold.BrowserTests.Journeys;

/// <summary>docs/member.md, step by step.</summary>
[Collection(JourneysCollection.Name)]
[Trait("Speed", "slow")]
public sealed class MemberGuideTests(Commons commons)
{
    [ChromiumFact]
    public Task A_member_does_what_the_guide_says() => commons.PlayAsync(async stage =>
    {
        var guide = Guide.Read("member.md");
        var member = await stage.MemberAsync();
        var page = member.At.Page;
        var export = await commons.SampleAsync(11, rows: 400);
        string backup = "", proposal = "";

        await guide.StepAsync("Make an account", async step =>
        {
            await member.At.GoAsync("/");
            await member.At.Menu(step.Says("Sign in")).ClickAsync();
            await member.CreatesAccountWithPasskeyAsync(step.Says("Create with a passkey"));
        });
        await guide.StepAsync("Back it up", async step =>
        {
            step.Says("Download backup");
            step.Says("Go on");
            step.Says("Check the backup");
            backup = await member.BacksUpAsync();
        });
        await guide.StepAsync("Look at your file", async step =>
        {
            await member.At.Menu(step.Says("Contribute")).ClickAsync();
            await member.ChoosesAsync(export);
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = step.Says("What is in your file") })).ToBeVisibleAsync();
        });
        await guide.StepAsync("Contribute it", async step =>
        {
            await member.At.Button(step.Says("Encrypt and contribute")).ClickAsync();
            step.Says("Confirm with your passkey");
            await member.ConfirmsAsync();
            await member.SeesVerdictAsync(step.Says("Accepted"));
        });
        await guide.StepAsync("See what is yours", async step =>
        {
            await member.At.Menu(step.Says("My data")).ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = step.Says("Who has opened it") })).ToBeVisibleAsync();
        });
        await guide.StepAsync("Claim your tokens", async step =>
        {
            await member.At.Menu(step.Says("Earnings")).ClickAsync();
            step.Says("Claim all");
            await member.ClaimsAllAsync();
            var held = await commons.World.ReadAsync(new DataToken(commons.World.Dao.Token).BalanceOf(member.Address), CancellationToken.None);
            Assert.True(held > 0);
            var head = await commons.Node.Chain.Control.HeadAsync(CancellationToken.None);
            await commons.AdvanceAsync((ulong)head.Time + 2);
        });
        var request = await DemoRequest.MakeAsync(commons.World, commons.Buyer, 90_000_000, "Find out how people help each other", CancellationToken.None);
        await guide.StepAsync("Put a request to the vote", async step =>
        {
            await member.At.Menu(step.Says("Vote")).ClickAsync();
            await member.At.Main.GetByRole(AriaRole.Link, new() { Name = step.Says("Propose something") }).First.ClickAsync();
            await member.At.Main.GetByRole(AriaRole.Link, new() { Name = step.Says("Approve a request") }).ClickAsync();
            step.Says("Put this to the vote");
            proposal = await member.PutsToVoteAsync(int.Parse($"{request.Id}", CultureInfo.InvariantCulture));
        });
        await guide.StepAsync("Vote", async step =>
        {
            await commons.AdvanceToAsync(proposal, (governor, id) => governor.ProposalSnapshot(id));
            await Assertions.Expect(member.At.Button(step.Says("Vote against"))).ToBeVisibleAsync();
            await Assertions.Expect(member.At.Button(step.Says("Abstain"))).ToBeVisibleAsync();
            await member.VotesAsync(proposal, step.Says("Vote for"));
            await commons.EverybodyVotesAsync(commons.NumberOf(proposal), VoteSupport.For);
        });
        await guide.StepAsync("Carry it out", async step =>
        {
            step.Says("Carry it out");
            await commons.AdvanceToAsync(proposal, (governor, id) => governor.ProposalDeadline(id));
            await member.CarriesOutAsync("waiting time");
            await commons.AdvanceToAsync(proposal, (governor, id) => governor.ProposalEta(id));
            await member.CarriesOutAsync("Carried out");
        });
        await guide.StepAsync("Be paid", async step =>
        {
            step.Says("Claim all");
            await member.At.Menu(step.Says("Earnings")).ClickAsync();
            await Assertions.Expect(member.At.Button("Claim all")).ToBeVisibleAsync();
            await member.ClaimsAllAsync();
            Assert.True(await commons.World.ReadAsync(new TestCurrency(commons.World.Currency).BalanceOf(member.Address), CancellationToken.None) > 0);
            var csv = await member.At.Context.APIRequest.GetAsync(await member.At.Link(step.Says("CSV")).GetAttributeAsync("href") ?? "");
            Assert.True(csv.Ok);
            Assert.Contains("TEST", await csv.TextAsync(), StringComparison.Ordinal);
        });
        await guide.StepAsync("Read your own file", async step =>
        {
            step.Says("My data");
            step.Says("Download and decrypt");
            step.Says("Save the file");
            AssertSameFiles(await CleanedAsync(export), await File.ReadAllBytesAsync(await member.ReadsOwnFileAsync()));
        });
        await guide.StepAsync("Withdraw", async step =>
        {
            step.Says("My data");
            step.Says("Withdraw");
            step.Says("Withdraw for good");
            await member.WithdrawsAsync();
            Assert.Equal(ContributionState.Withdrawn, Assert.Single(await commons.World.Api.ListContributionsAsync(member.Address, CancellationToken.None)).State);
            // A later opening leaves it out.
            var report = await request.OpenAsync(commons.Scratch("opened-after"), CancellationToken.None);
            Assert.Equal(1, report.Contributions.Count(c => c.Refusal?.Code == "contribution.withdrawn"));
        });
        await guide.StepAsync("Leave this device", async step =>
        {
            var address = member.Address;
            await Assertions.Expect(page.GetByRole(AriaRole.Banner).Locator("a[href^='/account']")).ToContainTextAsync(address.ToString()[..6]);
            step.Says("Forget this account on this device");
            await member.ForgetsAccountAsync();
            step.Says("Restore account");
            await member.RestoresAccountAsync(backup);
            Assert.Equal(address, member.Address);
        });
        guide.AssertFinished();
    });

    private static async Task<byte[]> CleanedAsync(string export)
    {
        await using var file = File.OpenRead(export);
        using var cleaned = new MemoryStream();
        await Task.Run(() => new RedditFormat().TryClean(ExportSource.Open(file), cleaned, CancellationToken.None).OrThrow());
        return cleaned.ToArray();
    }

    /// <summary>Two archives with the same files; how they are deflated is each program's own affair.</summary>
    private static void AssertSameFiles(byte[] expected, byte[] actual)
    {
        var (left, right) = (Files(expected), Files(actual));
        Assert.Equal(left.Keys.Order(StringComparer.Ordinal), right.Keys.Order(StringComparer.Ordinal));
        Assert.All(left, file => Assert.Equal(file.Value, right[file.Key]));
    }

    private static Dictionary<string, string> Files(byte[] archive)
    {
        using var zip = new ZipArchive(new MemoryStream(archive));
        return zip.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            using var reader = new StreamReader(entry.Open());
            return reader.ReadToEnd();
        });
    }
}
