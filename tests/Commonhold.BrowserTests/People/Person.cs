using System.Text.RegularExpressions;
using Commonhold.BrowserTests.World;
using Commonhold.Ethereum;

namespace Commonhold.BrowserTests.People;

internal enum Lock
{
    Passkey,
    Passphrase,
    Wallet,
}

/// <summary>Somebody with an account in this browser: how they get it, show that it is them, keep it and lose it.</summary>
internal class Person(Visitor visitor)
{
    public const string Passphrase = "correct horse battery staple nine";

    public Visitor At => visitor;

    protected IPage Page => visitor.Page;

    public Lock Lock { get; private set; }

    public Address Address { get; private set; }

    /// <summary>What this person types to open the account.</summary>
    private string _passphrase = Passphrase;

    public async Task CreatesAccountWithPasskeyAsync(string button = "Create with a passkey")
    {
        await Authenticator.PlugInAsync(visitor);
        await visitor.GoAsync("/account");
        await visitor.Button(button).ClickAsync();
        await HasAccountAsync(Lock.Passkey);
    }

    public async Task CreatesAccountWithPassphraseAsync(string passphrase = Passphrase)
    {
        await visitor.GoAsync("/account");
        await visitor.Button("Create with a passphrase").ClickAsync();
        await Dialog.GetByLabel("Passphrase", new() { Exact = true }).FillAsync(passphrase);
        await Dialog.GetByLabel("The same again").FillAsync(passphrase);
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Create account" }).ClickAsync();
        _passphrase = passphrase;
        await HasAccountAsync(Lock.Passphrase);
    }

    public async Task ConnectsWalletAsync()
    {
        await visitor.GoAsync("/account");
        await visitor.Button("Connect Test wallet").ClickAsync();
        await HasAccountAsync(Lock.Wallet);
    }

    /// <summary>A backup of this site or a key file of the command line.</summary>
    public async Task RestoresAccountAsync(string file, string passphrase = Passphrase, bool withPasskey = false)
    {
        await visitor.GoAsync("/account");
        await visitor.Field("Backup or key file").SetInputFilesAsync(file);
        await visitor.Field("Passphrase of the file").FillAsync(passphrase);
        if (withPasskey)
            await Page.GetByRole(AriaRole.Radio, new() { Name = "a passkey" }).CheckAsync();
        await visitor.Button("Restore account").ClickAsync();
        _passphrase = passphrase;
        await HasAccountAsync(withPasskey ? Lock.Passkey : Lock.Passphrase);
    }

    /// <summary>Downloads the backup and proves on the page that it opens.</summary>
    public async Task<string> BacksUpAsync(string passphrase = Passphrase)
    {
        await visitor.GoAsync("/account");
        var downloading = Page.WaitForDownloadAsync();
        await visitor.Button("Download backup").ClickAsync();
        if (Lock != Lock.Passphrase)
        {
            await Dialog.GetByLabel("Passphrase of the backup").FillAsync(passphrase);
            await Dialog.GetByLabel("The same again").FillAsync(passphrase);
            await Dialog.GetByRole(AriaRole.Button, new() { Name = "Go on" }).ClickAsync();
            await ConfirmsAsync();
        }

        var path = await KeepAsync(await downloading);
        await visitor.Field("Backup file").SetInputFilesAsync(path);
        await Page.GetByLabel(new Regex("^Passphrase of (this account|the backup)$")).FillAsync(passphrase);
        await visitor.Button("Check the backup").ClickAsync();
        await visitor.SeesAsync("You have shown that your backup file opens");
        return path;
    }

    public async Task ForgetsAccountAsync()
    {
        await visitor.GoAsync("/account");
        await visitor.Button("Forget this account on this device").ClickAsync();
        await Dialog.GetByRole(AriaRole.Checkbox).CheckAsync();
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Forget it" }).ClickAsync();
        await Assertions.Expect(visitor.Button("Create with a passphrase")).ToBeVisibleAsync();
    }

    public async Task SignsInAsync()
    {
        await visitor.GoAsync("/account");
        await Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await ConfirmsAsync();
        await visitor.SeesAsync("You are signed in");
    }

    public async Task SignsOutAsync()
    {
        await visitor.GoAsync("/account");
        await visitor.Button("Sign out").ClickAsync();
        await visitor.SeesAsync("You are not signed in");
    }

    /// <summary>Opens the key in the dialog that says what for, and waits until the dialog has done its work.</summary>
    /// <returns>What the dialog said would be done.</returns>
    public async Task<string> ConfirmsAsync()
    {
        var sentence = await StartsToConfirmAsync();
        await Assertions.Expect(Page.Locator("dialog:open").Filter(new() { HasText = sentence })).ToHaveCountAsync(0);
        return sentence;
    }

    /// <summary>The same, but does not wait for what follows.</summary>
    public async Task<string> StartsToConfirmAsync()
    {
        await Assertions.Expect(Dialog).ToBeVisibleAsync();
        var sentence = await Dialog.Locator(".sentence").InnerTextAsync();
        switch (Lock)
        {
            case Lock.Passphrase:
                await Dialog.GetByLabel("Passphrase").FillAsync(_passphrase);
                await Dialog.GetByRole(AriaRole.Button, new() { Name = "Confirm", Exact = true }).ClickAsync();
                break;
            default:
                await Dialog.GetByRole(AriaRole.Button, new() { Name = Lock == Lock.Passkey ? "Confirm with your passkey" : "Confirm" }).ClickAsync();
                break;
        }

        return sentence;
    }

    protected ILocator Dialog => Page.Locator("dialog[open]");

    protected async Task<string> KeepAsync(IDownload download)
    {
        var path = Path.Combine(visitor.Downloads, download.SuggestedFilename);
        await download.SaveAsAsync(path);
        return path;
    }

    private async Task HasAccountAsync(Lock kind)
    {
        Lock = kind;
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Your account in this browser" })).ToBeVisibleAsync();
        var address = await Page.Locator("#mine").GetByText(new Regex("0x[0-9a-fA-F]{40}")).First.InnerTextAsync();
        Address = Address.Parse(Regex.Match(address, "0x[0-9a-fA-F]{40}").Value);
    }
}
