using Commonhold.BrowserTests.World;

namespace Commonhold.BrowserTests.People;

/// <summary>Somebody who contributes, votes, and is paid.</summary>
internal sealed class Member(Visitor visitor) : Person(visitor)
{
    /// <summary>Chooses an export and sees what is in it; nothing has left the computer.</summary>
    public async Task LooksAtAsync(string export)
    {
        await At.GoAsync("/contribute");
        await ChoosesAsync(export);
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "What is in your file" })).ToBeVisibleAsync(new() { Timeout = 60_000 });
    }

    public Task ChoosesAsync(string export) => At.Field("or choose the file").SetInputFilesAsync(export);

    /// <summary>The whole way, to the verdict and the receipt.</summary>
    public async Task ContributesAsync(string export)
    {
        await LooksAtAsync(export);
        await At.Button("Encrypt and contribute").ClickAsync();
        await ConfirmsAsync();
        await SeesVerdictAsync();
    }

    public async Task SeesVerdictAsync(string heading = "Accepted")
    {
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Name = heading })).ToBeVisibleAsync(new() { Timeout = 90_000 });
        await Assertions.Expect(At.Main).ToContainTextAsync("Your receipt, checked here");
        // The last line comes true when the batch is on the chain.
        await Assertions.Expect(Page.Locator("[data-verify=open]")).ToHaveCountAsync(0, new() { Timeout = 60_000 });
        await Assertions.Expect(Page.Locator("[data-verify=differs]")).ToHaveCountAsync(0);
    }
}
