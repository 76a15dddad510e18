using Commonhold.BrowserTests.World;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;

namespace Commonhold.BrowserTests.Journeys;

/// <summary>docs/operator.md, step by step.</summary>
[Collection(PagesCollection.Name)]
[Trait("Speed", "slow")]
public sealed class OperatorGuideTests(Commons commons)
{
    [ChromiumFact]
    public Task An_operator_does_what_the_guide_says() => commons.PlayAsync(async stage =>
    {
        var guide = Guide.Read("operator.md");
        var person = await stage.MemberAsync("operator");
        var (at, page) = (person.At, person.At.Page);
        ILocator Heading(string name) => page.GetByRole(AriaRole.Heading, new() { Name = name });

        await guide.StepAsync("See how it stands", async step =>
        {
            await at.GoAsync("/");
            await page.GetByRole(AriaRole.Contentinfo).GetByRole(AriaRole.Link, new() { Name = step.Says("Operate") }).ClickAsync();
            await Assertions.Expect(Heading(step.Says("Health"))).ToBeVisibleAsync();
        });
        await guide.StepAsync("Become its operator", async step =>
        {
            await person.CreatesAccountWithPasskeyAsync();
            await commons.CommandAsync("operator", "add", $"{person.Address}");
            await at.GoAsync("/operate");
            await Assertions.Expect(Heading(step.Says("Operate"))).ToBeVisibleAsync();
            await at.SeesAsync("You are signed in as an operator");
        });
        await guide.StepAsync("Make a batch now", async step =>
        {
            await at.Button(step.Says("Make a batch now")).ClickAsync();
            await Assertions.Expect(page.Locator("main .notice").First).ToBeInViewportAsync();
        });
        await guide.StepAsync("Pause and go on", async step =>
        {
            await at.Button(step.Says("Pause new contributions")).ClickAsync();
            await at.SeesAsync("New contributions are paused");
            await at.Button(step.Says("Take new contributions")).ClickAsync();
            await Assertions.Expect(at.Button("Pause new contributions")).ToBeVisibleAsync();
        });
        await guide.StepAsync("Begin", async step =>
        {
            await page.GetByRole(AriaRole.Contentinfo).GetByRole(AriaRole.Link, new() { Name = step.Says("Create a DAO") }).ClickAsync();
            await page.GetByRole(AriaRole.Link, new() { Name = step.Says("Start"), Exact = true }).ClickAsync();
        });
        await guide.StepAsync("Name it", async step =>
        {
            await at.Field(step.Says("Name of the DAO")).FillAsync("Bird watchers’ commons");
            await at.Field(step.Says("Symbol of its token")).FillAsync("BIRD");
            await at.Button(step.Says("Save and go on")).ClickAsync();
        });
        await guide.StepAsync("Choose the data", step => SaveAsync(step));
        await guide.StepAsync("Name the guardians", async step =>
        {
            await at.Field(step.Says("The guardians’ accounts")).FillAsync(string.Join('\n', Accounts(3)));
            await SaveAsync(step);
        });
        await guide.StepAsync("Name the validators", async step =>
        {
            await at.Field(step.Says("The validators’ accounts")).FillAsync(string.Join('\n', Accounts(1)));
            await SaveAsync(step);
        });
        await guide.StepAsync("Set the rules of voting", async step =>
        {
            await Assertions.Expect(Heading(step.Says("What this means"))).ToBeVisibleAsync();
            await SaveAsync(step);
        });
        await guide.StepAsync("Split the money", step => SaveAsync(step));
        await guide.StepAsync("Create it", async step =>
        {
            await Assertions.Expect(Heading(step.Says("Afterwards"))).ToBeVisibleAsync();
            await at.Button(step.Says("Create the DAO")).ClickAsync();
            await at.Button(step.Says("Take trial gas money")).ClickAsync();
            await Assertions.Expect(page.Locator("#created")).ToBeVisibleAsync(new() { Timeout = 240_000 });
            var downloading = page.WaitForDownloadAsync();
            await at.Button(step.Says("Download dao.json")).ClickAsync();
            var file = Path.Combine(at.Downloads, "dao.json");
            await (await downloading).SaveAsAsync(file);
            var dao = await DaoFile.ReadAsync(file, CancellationToken.None);
            Assert.Equal("Bird watchers’ commons", dao.Settings.Name);
            var deed = await commons.World.ReadAsync(new DataDao(dao.Contracts.Dao).Deed(), CancellationToken.None);
            Assert.Equal(dao.Contracts.Governor, deed.Governor);
        });
        guide.AssertFinished();

        async Task SaveAsync(GuideStep step)
        {
            var before = page.Url;
            await at.Button(step.Says("Save and go on")).ClickAsync();
            await Assertions.Expect(page).Not.ToHaveURLAsync(before);
        }
    });

    private static IEnumerable<string> Accounts(int count) => Enumerable.Range(0, count).Select(_ =>
    {
        using var key = Secp256k1Key.Generate();
        return key.Address.ToString();
    });
}
