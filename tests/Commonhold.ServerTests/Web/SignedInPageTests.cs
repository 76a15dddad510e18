using System.Net;
using AngleSharp.Html.Parser;
using Commonhold.Ethereum;
using Commonhold.Server.Operate;
using Commonhold.ServerTests.Node;
using Commonhold.Tests.Cli;
using Commonhold.Tests.Server.Web;

namespace Commonhold.ServerTests.Web;

/// <summary>What a page shows to whom it belongs, and what strangers wrote about it.</summary>
[Trait("Speed", "slow")]
public sealed class SignedInPageTests(WebWorld world) : IClassFixture<WebWorld>
{
    [AnvilFact]
    public async Task My_data_shows_my_contributions_with_their_verdicts_and_nobody_elses()
    {
        using var mine = await EnterAsync(world.Member);
        var page = new HtmlParser().ParseDocument(await mine.GetStringAsync("my"));
        Assert.Equal(["in the dataset", "refused"], page.QuerySelectorAll("#my-contributions article .tag").Select(tag => tag.TextContent.Trim()).Where(word => word is "in the dataset" or "refused").Order());
        Assert.Contains("2", page.QuerySelector("#my-figures")!.TextContent, StringComparison.Ordinal);
        Assert.Single(page.QuerySelectorAll("#my-contributions [data-act=withdraw]"));
        Assert.Contains("Nobody. No guardian's log shows a release of it.", page.QuerySelector("#my-contributions")!.TextContent, StringComparison.Ordinal);
        using var answer = await mine.GetAsync("my");
        Assert.True(answer.Headers.CacheControl!.NoStore);

        using var stranger = Secp256k1Key.Generate();
        using var theirs = await EnterAsync(stranger);
        Assert.Contains("Nothing yet", await theirs.GetStringAsync("my"), StringComparison.Ordinal);
        using var nobody = new HttpClient { BaseAddress = mine.BaseAddress };
        var signedOut = await nobody.GetStringAsync("my");
        Assert.Contains("You are not signed in", signedOut, StringComparison.Ordinal);
        Assert.DoesNotContain($"{world.Member.Address}"[..8], signedOut, StringComparison.OrdinalIgnoreCase);
    }

    [AnvilTheory]
    [InlineData("first", "my", HttpStatusCode.OK, "Contributions")]
    [InlineData("beyond the last", "my?page=7", HttpStatusCode.OK, "There are no more")]
    [InlineData("no number", "my?page=two", HttpStatusCode.UnprocessableEntity, "")]
    public async Task Pages_of_my_data_end_well(string _, string address, HttpStatusCode status, string says)
    {
        using var mine = await EnterAsync(world.Member);
        using var answer = await mine.GetAsync(address);
        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(says, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()), StringComparison.Ordinal);
    }

    [AnvilFact]
    public async Task Whatever_strangers_wrote_stays_a_text_for_who_is_signed_in()
    {
        using var mine = await EnterAsync(world.Member);
        await File.WriteAllTextAsync(Path.Combine(world.DataDirectory, Operators.FileName), world.Member.Address + "\n");
        foreach (var page in world.Pages)
            Assert.Empty(Xss.Dangers(await mine.GetStringAsync(page)).Select(danger => $"{page}: {danger}"));
        var said = Normal(new HtmlParser().ParseDocument(await mine.GetStringAsync("my")).QuerySelector("main")!.TextContent);
        // The reasons of both verdicts, the refusal with its hint, and the name of a kind of record.
        Assert.True(Occurrences(said, Normal(WebWorld.HostileText)) >= 10, "the validator's words are not all there");
        Assert.Contains("Make a batch now", await mine.GetStringAsync("operate"), StringComparison.Ordinal);
    }

    private static int Occurrences(string text, string part) => (text.Length - text.Replace(part, "", StringComparison.Ordinal).Length) / part.Length;

    private static string Normal(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private async Task<HttpClient> EnterAsync(Secp256k1Key key)
    {
        var http = new HttpClient { BaseAddress = new Uri($"http://localhost:{world.Node.Http.BaseAddress!.Port}") };
        await SignedIn.AsAsync(http, key);
        return http;
    }
}
