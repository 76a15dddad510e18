using Commonhold.BrowserTests.People;
using Commonhold.BrowserTests.World;
using Commonhold.Client;
using Commonhold.Tests.Exports;

namespace Commonhold.BrowserTests.Journeys;

/// <summary>A member gives an export, in the browser, to the verdict and the receipt.</summary>
[Collection(JourneysCollection.Name)]
public sealed class ContributionTests(Commons commons)
{
    [ChromiumFact]
    public Task Member_with_a_passkey_contributes_a_real_export() => commons.PlayAsync(async stage =>
    {
        var export = RealExports.Paths.Count > 0 ? RealExports.Paths[0] : await commons.SampleAsync(1);
        var member = await stage.MemberAsync();
        await member.CreatesAccountWithPasskeyAsync();
        await member.ContributesAsync(export);
        var mine = await commons.World.Api.ListContributionsAsync(member.Address, CancellationToken.None);
        Assert.Equal(ContributionState.Committed, Assert.Single(mine).State);
    });

    [ChromiumFact]
    public Task Member_with_a_wallet_contributes_without_gas_on_a_phone() => commons.PlayAsync(async stage =>
    {
        var member = await stage.MemberAsync(habits: Habits.Phone);
        using var wallet = await TestWallet.InstallAsync(member.At, commons);
        await member.ConnectsWalletAsync();
        Assert.Equal(wallet.Address, member.Address);
        await member.ContributesAsync(await member.DownloadsMadeUpFileAsync());
        Assert.Contains("eth_signTypedData_v4:Contribution", wallet.Asked);
        Assert.DoesNotContain("eth_sendTransaction", wallet.Asked);
    });

    [ChromiumFact]
    public Task File_that_is_no_export_is_refused_in_words_and_another_can_be_chosen() => commons.PlayAsync(async stage =>
    {
        var wrong = Path.Combine(commons.Scratch("wrong"), "holiday.zip");
        await File.WriteAllBytesAsync(wrong, [0x50, 0x4b, 0x05, 0x06, .. new byte[18]]);
        var member = await stage.MemberAsync();
        await member.At.GoAsync("/contribute");
        await member.ChoosesAsync(wrong);
        await member.At.SeesAsync("The code of this refusal is export.");
        await member.At.Button("Try again").ClickAsync();
        await member.ChoosesAsync(await commons.SampleAsync(3));
        await member.At.SeesAsync("You need an account first");
    });
}
