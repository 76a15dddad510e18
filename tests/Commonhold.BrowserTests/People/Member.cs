using System.Text.RegularExpressions;
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
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "What is in your file" })).ToBeVisibleAsync();
    }

    public Task ChoosesAsync(string export) => At.Field("or choose the file").SetInputFilesAsync(export);

    /// <summary>How this member shows that the account is theirs.</summary>
    public Task ChoosesProofAsync(string title) => Page.GetByRole(AriaRole.Radio, new() { Name = title }).CheckAsync();

    /// <summary>The code that goes on the account's page.</summary>
    public async Task<string> ReadsCodeAsync()
    {
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Put this code on your account" })).ToBeVisibleAsync();
        return await Page.Locator("#account-code").InnerTextAsync();
    }

    /// <summary>Goes to the platform in another tab, which sends this member straight back.</summary>
    /// <returns>The tab in which the member came back.</returns>
    public Task<IPage> SignsInAtAsync(string platform) => At.Context.RunAndWaitForPageAsync(() => At.Link($"Sign in at {platform}").ClickAsync());

    public async Task SeesRefusalAsync(string code)
    {
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Your file was refused" })).ToBeVisibleAsync();
        await At.SeesAsync($"The code of this refusal is {code}");
    }

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
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Name = heading })).ToBeVisibleAsync();
        await Assertions.Expect(At.Main).ToContainTextAsync("Your receipt, checked here");
        // The last line comes true when the batch is on the chain.
        await Assertions.Expect(Page.Locator("[data-verify=open]")).ToHaveCountAsync(0);
        await Assertions.Expect(Page.Locator("[data-verify=differs]")).ToHaveCountAsync(0);
    }

    /// <summary>What a trial has for somebody without a file at hand.</summary>
    public async Task<string> DownloadsMadeUpFileAsync()
    {
        await At.GoAsync("/contribute");
        var downloading = Page.WaitForDownloadAsync();
        await At.Link("download a made-up one").ClickAsync();
        return await KeepAsync(await downloading);
    }

    /// <summary>Puts a buyer's request before everybody.</summary>
    /// <returns>The proposal's address.</returns>
    public async Task<string> PutsToVoteAsync(int request, string why = "It looks fair to me.")
    {
        await At.GoAsync($"/vote/new?kind=request&request={request}");
        return await ProposesAsync(why);
    }

    /// <summary>Sends the form of a proposal that is open and filled in.</summary>
    /// <returns>The proposal's address.</returns>
    public async Task<string> ProposesAsync(string why)
    {
        await At.Field("Why?").FillAsync(why);
        await At.Button("Put this to the vote").ClickAsync();
        await ConfirmsAsync();
        await At.Link("See the proposal").ClickAsync();
        await Assertions.Expect(Page).ToHaveURLAsync(new Regex("/vote/[0-9]+$"));
        return new Uri(Page.Url).AbsolutePath;
    }

    /// <summary>One click and one signature, on the page of the proposal.</summary>
    /// <returns>What the dialog said would be signed.</returns>
    public async Task<string> VotesAsync(string proposal, string choice = "Vote for")
    {
        if (new Uri(Page.Url).AbsolutePath != proposal)
            await At.GoAsync(proposal);
        await Assertions.Expect(Page.Locator("#check")).ToHaveAttributeAsync("data-verify", "checked");
        await Assertions.Expect(At.Button(choice)).ToBeEnabledAsync();
        await At.Button(choice).ClickAsync();
        var sentence = await ConfirmsAsync();
        await Assertions.Expect(Page.Locator("#ballot-status")).ToContainTextAsync("Your vote is counted");
        return sentence;
    }

    /// <summary>Asks the node to do what was decided: first the waiting time, later the thing itself.</summary>
    public async Task CarriesOutAsync(string says)
    {
        await Assertions.Expect(At.Button("Carry it out")).ToBeVisibleAsync();
        // After the step before, the page looks at the node for some seconds, and hears no second press meanwhile.
        await Assertions.Expect(At.Button("Carry it out")).Not.ToHaveAttributeAsync("aria-busy", "true");
        await At.Button("Carry it out").ClickAsync();
        await Assertions.Expect(Page.Locator("#carry-out-status")).ToContainTextAsync(says);
    }

    /// <summary>Tokens and revenue, everything at once, without a signature.</summary>
    public async Task ClaimsAllAsync()
    {
        await At.GoAsync("/earnings");
        await At.Button("Claim all").ClickAsync();
        await Assertions.Expect(Page.Locator("#claim")).ToContainTextAsync("Nothing to claim now");
    }

    /// <summary>The file as the dataset has it, decrypted on this computer.</summary>
    public async Task<string> ReadsOwnFileAsync()
    {
        await At.GoAsync("/my");
        await At.Button("Download and decrypt").First.ClickAsync();
        await ConfirmsAsync();
        await Assertions.Expect(Dialog).ToContainTextAsync("where it stands as yours");
        var downloading = Page.WaitForDownloadAsync();
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Save the file" }).ClickAsync();
        var path = await KeepAsync(await downloading);
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        return path;
    }

    public async Task WithdrawsAsync()
    {
        await At.GoAsync("/my");
        await At.Page.GetByRole(AriaRole.Button, new() { Name = "Withdraw", Exact = true }).First.ClickAsync();
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Withdraw for good" }).ClickAsync();
        await ConfirmsAsync();
        await Assertions.Expect(Dialog).ToContainTextAsync("No guardian helps to open it from now on");
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
    }
}
