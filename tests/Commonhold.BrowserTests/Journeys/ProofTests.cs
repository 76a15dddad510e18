using System.Text.RegularExpressions;
using Commonhold.BrowserTests.Pages;
using Commonhold.BrowserTests.People;
using Commonhold.BrowserTests.World;
using Commonhold.Client;
using Commonhold.Exports.Reddit;
using Commonhold.Tests;

namespace Commonhold.BrowserTests.Journeys;

/// <summary>A member shows in the browser that the account is theirs, and a validator goes and looks.</summary>
[Collection(ProofsCollection.Name)]
[Trait("Speed", "slow")]
public sealed class ProofTests(ProofCommons commons)
{
    private const string Email = "The e-mail that says your data is ready";
    private const string Link = "The platform's download link";
    private const string Profile = "A code in the About text of your profile";
    private const string Post = "A code in a post of yours";
    private const string None = "Without a proof";
    private const string EmailField = "The e-mail, as a file";
    private const string LinkField = "The download link";
    private const string CodeIsThere = "The code is there: go on";

    // What a browser keeps of a contribution that is under way, bytes as text: everything that a finder of this disk could read in clear.
    internal const string Kept = """
        async () => {
          const database = await new Promise((resolve, reject) => {
            const request = indexedDB.open("commonhold-contribute");
            request.onsuccess = () => resolve(request.result);
            request.onerror = () => reject(request.error);
          });
          const entries = await new Promise((resolve) => {
            const request = database.transaction("unfinished").objectStore("unfinished").getAll();
            request.onsuccess = () => resolve(request.result);
          });
          database.close();
          return JSON.stringify([entries, { ...localStorage }, { ...sessionStorage }, location.href, history.state],
            (_, value) => (value instanceof Uint8Array ? new TextDecoder("latin1").decode(value) : value));
        }
        """;

    [ChromiumFact]
    public Task A_genuine_email_proves_the_account_and_its_file_counts_in_full() => commons.PlayAsync(async stage =>
    {
        var member = await stage.MemberAsync();
        await member.CreatesAccountWithPassphraseAsync();
        var export = await commons.SampleAsync(1);
        await member.LooksAtAsync(export);
        await Assertions.Expect(member.At.Page.GetByRole(AriaRole.Group, new() { Name = "Show that it is yours?" })).ToContainTextAsync("Counts 100 % of its full value");
        await member.ChoosesProofAsync(Email);
        await Look.AtAsync(member.At, "contribute-proofs");

        // Without the file nothing happens, and the page says what is missing.
        await member.At.Button("Encrypt and contribute").ClickAsync();
        await Assertions.Expect(member.At.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Choose the file of the e-mail");
        await member.At.Field(EmailField).SetInputFilesAsync(await commons.EmailAsync(export, "genuine"));
        await member.At.Button("Encrypt and contribute").ClickAsync();
        await member.ConfirmsAsync();
        await member.SeesVerdictAsync();
        await member.At.SeesAsync("signed the message about this account's data");

        var report = await commons.ReportOnAsync(member);
        Assert.Equal((true, EvidenceLevel.Email, CheckOutcome.Passed), (report.Accepted, report.Level, report.Findings.Ownership.Outcome));
        await member.At.GoAsync("/my");
        await member.At.Button("What each part earned").ClickAsync();
        await member.ConfirmsAsync();
        await Assertions.Expect(member.At.Page.Locator("dialog[open]")).ToContainTextAsync("counts 100 % of its full value");
    });

    [ChromiumTheory]
    [InlineData("the e-mail of another export", "The message is about another account", "Give the message that came with this very export", "email.account")]
    [InlineData("a changed message", "The text of the message is not the one that was signed", "Pass the message as the provider sent it", "email.body_changed")]
    [InlineData("a message from before the key", "The message was signed at 1999-", "Ask the platform for a new export", "email.key_window")]
    public Task An_email_that_proves_nothing_is_refused_in_words(string which, string detail, string hint, string code) => commons.PlayAsync(async stage =>
    {
        var at = code switch { "email.account" => 10, "email.body_changed" => 11, _ => 12 };
        var export = await commons.SampleAsync(at);
        var email = code switch
        {
            "email.account" => await commons.EmailAsync(await commons.SampleAsync(13), "another"),
            "email.body_changed" => await commons.EmailAsync(export, "changed", change: message => message.Replace("is ready.\r\n", "is ready!\r\n", StringComparison.Ordinal)),
            _ => await commons.EmailAsync(export, "old", new DateTimeOffset(1999, 5, 1, 0, 0, 0, TimeSpan.Zero)),
        };
        var member = await stage.MemberAsync();
        await member.CreatesAccountWithPasskeyAsync();
        await member.LooksAtAsync(export);
        await member.ChoosesProofAsync(Email);
        await member.At.Field(EmailField).SetInputFilesAsync(email);
        await member.At.Button("Encrypt and contribute").ClickAsync();
        await member.ConfirmsAsync();
        await member.SeesRefusalAsync(code);
        await member.At.SeesAsync(detail);
        await member.At.SeesAsync(hint);
        Assert.False((await commons.ReportOnAsync(member)).Accepted, which);
    });

    [ChromiumFact]
    public Task A_code_outlives_a_closed_tab_and_proves_the_account() => commons.PlayAsync(async stage =>
    {
        var member = await stage.MemberAsync();
        await member.CreatesAccountWithPassphraseAsync();
        await member.LooksAtAsync(await commons.SampleAsync(20));
        await member.ChoosesProofAsync(Profile);
        await member.At.Button("Encrypt and contribute").ClickAsync();
        await member.At.SeesAsync("into the About text of your profile");
        var code = await member.ReadsCodeAsync();
        Assert.Matches("^commonhold-[a-z2-7]{26}$", code);
        await Look.AtAsync(member.At, "contribute-code");
        var kept = await member.At.Page.EvaluateAsync<string>(Kept);
        Assert.Contains(code, kept, StringComparison.Ordinal);
        Assert.DoesNotContain("salt", kept, StringComparison.OrdinalIgnoreCase);

        await member.At.Page.CloseAsync();
        commons.Write(SampleExports.Account(20, seed: 77).AccountName, $"Hi! {code}");
        await member.At.OpenTabAsync();
        await member.At.GoAsync("/contribute");
        Assert.Equal(code, await member.ReadsCodeAsync());
        await member.At.Button(CodeIsThere).ClickAsync();
        await member.ConfirmsAsync();
        await member.SeesVerdictAsync();
        await member.At.SeesAsync("You can take the code off your page now");
        Assert.Equal(EvidenceLevel.AccountCode, (await commons.ReportOnAsync(member)).Level);
    });

    [ChromiumFact]
    public Task A_code_that_is_not_there_is_refused_and_a_discarded_file_makes_room_for_another() => commons.PlayAsync(async stage =>
    {
        var member = await stage.MemberAsync();
        await member.CreatesAccountWithPasskeyAsync();
        var export = await commons.SampleAsync(21);
        await member.LooksAtAsync(export);
        await member.ChoosesProofAsync(Profile);
        await member.At.Button("Encrypt and contribute").ClickAsync();
        var first = await member.ReadsCodeAsync();
        await member.At.Button("Discard the file").ClickAsync();

        await member.ChoosesAsync(export);
        await member.ChoosesProofAsync(Profile);
        await member.At.Button("Encrypt and contribute").ClickAsync();
        Assert.NotEqual(first, await member.ReadsCodeAsync());
        // The code of the file that was discarded is none of this one's.
        commons.Write(SampleExports.Account(21, seed: 77).AccountName, first);
        await member.At.Button(CodeIsThere).ClickAsync();
        await member.ConfirmsAsync();
        await member.SeesRefusalAsync("evidence.code_missing");
        await member.At.SeesAsync("does not stand on the account's page");
        await member.At.SeesAsync("If you contribute again, you get a new one");
    });

    [ChromiumFact]
    public Task A_file_that_the_browser_cleared_away_meanwhile_is_chosen_again() => commons.PlayAsync(async stage =>
    {
        var member = await stage.MemberAsync();
        await member.CreatesAccountWithPasskeyAsync();
        await member.LooksAtAsync(await commons.SampleAsync(23));
        await member.ChoosesProofAsync(Profile);
        await member.At.Button("Encrypt and contribute").ClickAsync();
        await member.ReadsCodeAsync();
        await member.At.Page.EvaluateAsync("async () => (await navigator.storage.getDirectory()).removeEntry('contribute', { recursive: true })");
        await member.At.Button(CodeIsThere).ClickAsync();
        await member.At.SeesAsync("A code that came with it is of no use any more either");
        await member.At.Button("Choose your file").ClickAsync();
        await Assertions.Expect(member.At.Field("or choose the file")).ToBeVisibleAsync();
    });

    [ChromiumFact]
    public Task A_code_may_stand_in_a_post_that_is_named_afterwards() => commons.PlayAsync(async stage =>
    {
        var member = await stage.MemberAsync();
        await member.CreatesAccountWithPassphraseAsync();
        await member.LooksAtAsync(await commons.SampleAsync(22));
        await member.ChoosesProofAsync(Post);
        await member.At.Button("Encrypt and contribute").ClickAsync();
        var code = await member.ReadsCodeAsync();
        commons.WritePost("1abc2d", SampleExports.Account(22, seed: 77).AccountName, $"I take part: {code}");
        var kept = await member.At.Page.EvaluateAsync<string>(Kept);
        Assert.DoesNotContain("salt", kept, StringComparison.OrdinalIgnoreCase);
        await member.At.Page.CloseAsync();
        await member.At.OpenTabAsync();
        await member.At.GoAsync("/contribute");
        Assert.Equal(code, await member.ReadsCodeAsync());

        await member.At.Button(CodeIsThere).ClickAsync();
        await Assertions.Expect(member.At.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("That names no post");
        await member.At.Field("Where it stands").FillAsync("https://www.example.com/r/commons/comments/1abc2d/my_post/?utm=1");
        await member.At.Button(CodeIsThere).ClickAsync();
        Assert.Contains("post", await member.ConfirmsAsync(), StringComparison.Ordinal);
        await member.ConfirmsAsync();
        await member.SeesVerdictAsync();
        Assert.Equal(EvidenceLevel.AccountCode, (await commons.ReportOnAsync(member)).Level);
    });

    [ChromiumFact]
    public Task The_platforms_link_proves_the_export_and_is_kept_nowhere() => commons.PlayAsync(async stage =>
    {
        var export = await commons.SampleAsync(30);
        commons.Platform.Download = await File.ReadAllBytesAsync(export);
        var member = await stage.MemberAsync();
        await member.CreatesAccountWithPasskeyAsync();
        await member.LooksAtAsync(export);
        await member.ChoosesProofAsync(Link);
        await member.At.SeesAsync("as the platform made it, private files included");
        await member.At.Field(LinkField).FillAsync("https://elsewhere.example/link/once");
        await member.At.Button("Encrypt and contribute").ClickAsync();
        await Assertions.Expect(member.At.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This link leads to elsewhere.example");
        await member.At.Field(LinkField).FillAsync($"{commons.Platform.Issuer}/link/once");
        await member.At.Button("Encrypt and contribute").ClickAsync();
        await Assertions.Expect(member.At.Page.Locator("dialog[open]")).ToBeVisibleAsync();
        Assert.DoesNotContain("/link/", await member.At.Page.EvaluateAsync<string>(Kept), StringComparison.Ordinal);
        await member.ConfirmsAsync();
        await member.SeesVerdictAsync();

        Assert.Equal(EvidenceLevel.Fetched, (await commons.ReportOnAsync(member)).Level);
        Assert.DoesNotContain("/link/", member.At.Watch.Log, StringComparison.Ordinal);
        Assert.Contains("GET /link/once", commons.Platform.Requests);
    });

    [ChromiumFact]
    public Task Without_a_proof_is_chosen_as_long_as_nobody_chooses_otherwise() => commons.PlayAsync(async stage =>
    {
        var member = await stage.MemberAsync();
        await member.CreatesAccountWithPasskeyAsync();
        await member.LooksAtAsync(await commons.SampleAsync(40));
        var titles = await member.At.Main.GetByRole(AriaRole.Group).Locator(".choice strong").AllInnerTextsAsync();
        Assert.Equal([Email, Link, $"A sign-in at {commons.Platform.Authority}", Profile, Post, None], titles);
        await member.At.Button("Encrypt and contribute").ClickAsync();
        await member.ConfirmsAsync();
        await member.SeesVerdictAsync();
        Assert.Equal(EvidenceLevel.Structure, (await commons.ReportOnAsync(member)).Level);
    });

    [Fact]
    public void The_members_guide_names_what_these_journeys_press()
    {
        var guide = File.ReadAllText(Path.Combine(Repository.Root, "docs", "member.md"));
        var section = Regex.Match(guide, @"^## Showing that the account is yours\n(.*?)^## ", RegexOptions.Multiline | RegexOptions.Singleline).Groups[1].Value;
        Assert.Equal(
            ["What is in your file", "Show that it is yours?", None, Email, EmailField, Link, LinkField, "A code in …", CodeIsThere, "A sign-in at …", "Sign in at …"],
            Regex.Matches(section, @"\*\*([^*]+)\*\*").Select(name => name.Groups[1].Value));
    }
}
