using Commonhold.BrowserTests.People;
using Commonhold.BrowserTests.World;
using Commonhold.Cli.Keys;
using Commonhold.Client;
using Commonhold.Tests.Exports;

namespace Commonhold.BrowserTests.Journeys;

/// <summary>The ways to hold an account.</summary>
[Collection(JourneysCollection.Name)]
public sealed class AccountTests(Commons commons)
{
    [ChromiumFact]
    public Task Passkey_account_is_backed_up_forgotten_and_restored() => commons.PlayAsync(async stage =>
    {
        var member = await stage.MemberAsync();
        await member.CreatesAccountWithPasskeyAsync();
        var address = member.Address;
        await member.At.SeesAsync("You are signed in");
        var backup = await member.BacksUpAsync();
        await member.ForgetsAccountAsync();
        await member.RestoresAccountAsync(backup, withPasskey: true);
        Assert.Equal(address, member.Address);
        File.SetUnixFileMode(backup, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var key = MemberKey.Load(backup, Person.Passphrase);
        Assert.Equal(address, key.Address);
    });

    [ChromiumFact]
    public Task Passphrase_account_signs_out_and_in_again_and_a_wrong_passphrase_does_not() => commons.PlayAsync(async stage =>
    {
        var member = await stage.MemberAsync();
        await member.CreatesAccountWithPassphraseAsync();
        await member.SignsOutAsync();
        await member.At.Main.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        var dialog = member.At.Page.Locator("dialog[open]");
        await dialog.GetByLabel("Passphrase").FillAsync("not the passphrase");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Confirm", Exact = true }).ClickAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Alert)).Not.ToBeEmptyAsync();
        await member.ConfirmsAsync();
        await member.At.SeesAsync("You are signed in");
    });

    [ChromiumFact]
    public Task Key_file_of_the_command_line_is_imported() => commons.PlayAsync(async stage =>
    {
        var ring = new KeyRing(commons.Scratch("command-line"));
        using var key = ring.Create("me", generate: true);
        var member = await stage.MemberAsync();
        await member.RestoresAccountAsync(ring.FileOf("me"), Passphrases.Generated(ring.FileOf("me")));
        Assert.Equal(key.Address, member.Address);
    });

    [ChromiumFact]
    public Task Browser_without_PRF_is_told_so_and_offered_a_passphrase() => commons.PlayAsync(async stage =>
    {
        var member = await stage.MemberAsync();
        await Authenticator.PlugInAsync(member.At, prf: false);
        await member.At.GoAsync("/account");
        await member.At.Button("Create with a passkey").ClickAsync();
        await Assertions.Expect(member.At.Page.Locator("[data-slot=passkey]").GetByRole(AriaRole.Alert)).ToContainTextAsync("passphrase", new() { IgnoreCase = true });
        await member.CreatesAccountWithPassphraseAsync();
    });
}
