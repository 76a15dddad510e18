using System.Text.RegularExpressions;
using Commonhold.BrowserTests.Pages;
using Commonhold.BrowserTests.People;
using Commonhold.BrowserTests.World;
using Commonhold.Client;
using Commonhold.Exports.Reddit;

namespace Commonhold.BrowserTests.Journeys;

/// <summary>A member signs in at the platform in another tab, which comes back to the node, and a validator redeems what came back.</summary>
[Collection(ProofsCollection.Name)]
[Trait("Speed", "slow")]
public sealed class ProofBySignInTests(ProofCommons commons)
{
    private string Platform => commons.Platform.Authority;

    [ChromiumFact]
    public Task A_sign_in_at_the_platform_comes_back_by_itself_and_proves_the_account() => commons.PlayAsync(async stage =>
    {
        var member = await stage.MemberAsync();
        await member.CreatesAccountWithPassphraseAsync();
        var waiting = await UploadsAsync(member, 50);
        await Look.AtAsync(member.At, "contribute-sign-in");
        var link = new Uri(await SignInLink(member).GetAttributeAsync("href") ?? "");
        Assert.Contains("code_challenge_method=S256", link.Query, StringComparison.Ordinal);

        var back = await member.SignsInAtAsync(Platform);
        await SeesAsync(back, "Done: you can close this page");
        // What came back stands neither in the address bar, nor in the tab's history, nor in anything that our pages keep.
        Assert.Equal(new Uri(commons.Home, "/sign-in").AbsoluteUri, back.Url);
        member.At.TurnTo(back);
        await Look.AtAsync(member.At, "sign-in-done");
        await back.CloseAsync();
        member.At.TurnTo(waiting);
        var kept = await waiting.EvaluateAsync<string>(ProofTests.Kept);
        Assert.DoesNotContain("\"salt\"", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("\"code\":\"", kept, StringComparison.Ordinal);
        await member.ConfirmsAsync();
        await member.SeesVerdictAsync();

        var report = await commons.ReportOnAsync(member);
        Assert.Equal((true, EvidenceLevel.SignIn, CheckOutcome.Passed), (report.Accepted, report.Level, report.Findings.Ownership.Outcome));
    });

    [ChromiumFact]
    public Task Who_says_no_at_the_platform_is_told_so_and_may_try_again() => commons.PlayAsync(async stage =>
    {
        var member = await stage.MemberAsync();
        await member.CreatesAccountWithPassphraseAsync();
        var waiting = await UploadsAsync(member, 51);
        var first = await SignInLink(member).GetAttributeAsync("href");
        commons.Platform.IsDenied = true;
        var back = await member.SignsInAtAsync(Platform);
        await SeesAsync(back, "The sign-in did not succeed");
        await back.CloseAsync();
        await Assertions.Expect(waiting.GetByRole(AriaRole.Alert)).ToContainTextAsync("you or the platform said no");
        await Look.AtAsync(member.At, "contribute-sign-in-denied");

        // Another time, another question: what was refused is of no use any more.
        Assert.NotEqual(first, await SignInLink(member).GetAttributeAsync("href"));
        commons.Platform.IsDenied = false;
        await ProvesAsync(member);
    });

    [ChromiumFact]
    public Task An_answer_to_somebody_elses_question_is_taken_by_nobody() => commons.PlayAsync(async stage =>
    {
        var member = await stage.MemberAsync();
        await member.CreatesAccountWithPassphraseAsync();
        var waiting = await UploadsAsync(member, 52);
        commons.Platform.OtherState = "of-somebody-else";
        var back = await member.SignsInAtAsync(Platform);
        await SeesAsync(back, "No page here waits for this answer");
        member.At.TurnTo(back);
        await Look.AtAsync(member.At, "sign-in-not-ours");
        await back.CloseAsync();
        member.At.TurnTo(waiting);
        await Assertions.Expect(SignInLink(member)).ToBeVisibleAsync();
        await Assertions.Expect(waiting.GetByRole(AriaRole.Status).Filter(new() { HasText = "Waiting for you to sign in" })).ToBeVisibleAsync();
        Assert.Equal("", await waiting.Locator("#contribute [role=alert]").InnerTextAsync());

        commons.Platform.OtherState = null;
        await ProvesAsync(member);
    });

    [ChromiumFact]
    public Task Who_closed_the_page_meanwhile_or_did_not_sign_signs_in_again() => commons.PlayAsync(async stage =>
    {
        var member = await stage.MemberAsync();
        await member.CreatesAccountWithPassphraseAsync();
        var closed = await UploadsAsync(member, 53);
        var address = await SignInLink(member).GetAttributeAsync("href");
        await closed.CloseAsync();
        var back = await member.At.OpenTabAsync();
        await back.GotoAsync(address!);
        await SeesAsync(back, "No page here waits for this answer");
        await member.At.Link("open Contribute").ClickAsync();
        await member.At.SeesAsync("It waits for you to sign in at the platform");
        await member.At.Button("Go on with it").ClickAsync();
        await SeesAsync(await member.SignsInAtAsync(Platform), "Done: you can close this page");
        await back.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await member.At.SeesAsync("You did not sign, so nothing was handed in");

        // A sign-in lives for minutes, so none is kept for later.
        await member.At.Button("Go on").ClickAsync();
        await member.At.Button("Go on with it").ClickAsync();
        await ProvesAsync(member);
    });

    private static ILocator SignInLink(Member member) => member.At.Main.GetByRole(AriaRole.Link, new() { Name = "Sign in at" });

    private static Task SeesAsync(IPage page, string text) => Assertions.Expect(page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Status)).ToContainTextAsync(text);

    /// <summary>From the page's question for a sign-in to a verdict that counts it.</summary>
    private async Task ProvesAsync(Member member)
    {
        await SeesAsync(await member.SignsInAtAsync(Platform), "Done: you can close this page");
        await member.ConfirmsAsync();
        await member.SeesVerdictAsync();
        Assert.Equal(EvidenceLevel.SignIn, (await commons.ReportOnAsync(member)).Level);
    }

    /// <summary>As far as the page's question for a sign-in.</summary>
    /// <returns>The tab that waits.</returns>
    private async Task<IPage> UploadsAsync(Member member, int account)
    {
        // The member is led there by a click; the page itself asks the platform for nothing.
        member.At.Watch.Expect($@"\[stranger\] GET {Regex.Escape(commons.Platform.Issuer)}/authorize\?");
        (commons.Platform.SignedIn, commons.Platform.IsDenied, commons.Platform.OtherState) = (SampleExports.Account(account, seed: 77).AccountName, false, null);
        await member.LooksAtAsync(await commons.SampleAsync(account));
        await member.ChoosesProofAsync($"A sign-in at {Platform}");
        await member.At.Button("Encrypt and contribute").ClickAsync();
        await Assertions.Expect(member.At.Page.GetByRole(AriaRole.Heading, new() { Name = $"Sign in at {Platform}" })).ToBeVisibleAsync();
        return member.At.Page;
    }
}
