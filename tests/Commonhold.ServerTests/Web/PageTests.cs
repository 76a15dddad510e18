using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Commonhold.Tests.Cli;
using Commonhold.Tests.Server.Web;

namespace Commonhold.ServerTests.Web;

/// <summary>What holds for every page that the node has.</summary>
[Trait("Speed", "slow")]
public sealed class PageTests(WebWorld world) : IClassFixture<WebWorld>
{
    [AnvilFact]
    public async Task Every_page_is_whole_and_has_one_heading_one_main_part_a_title_and_a_language()
    {
        foreach (var page in world.Pages)
        {
            var document = await OpenAsync(page);
            Assert.Equal((page, 1), (page, document.QuerySelectorAll("h1").Length));
            Assert.Equal((page, 1), (page, document.QuerySelectorAll("main").Length));
            Assert.Equal((page, "en"), (page, document.DocumentElement.GetAttribute("lang")));
            Assert.False(string.IsNullOrWhiteSpace(document.Title), page);
            Assert.Equal((page, "#content"), (page, document.QuerySelector("a")!.GetAttribute("href")));
            var ids = document.QuerySelectorAll("[id]").Select(element => element.Id).ToList();
            Assert.Equal(ids.Distinct(), ids);
            Assert.All(document.QuerySelectorAll("[data-live]"), live => Assert.False(string.IsNullOrEmpty(live.Id), $"{page}: {live.OuterHtml[..Math.Min(80, live.OuterHtml.Length)]}"));
        }
    }

    [AnvilFact]
    public async Task Whatever_strangers_wrote_stays_a_text_on_every_page()
    {
        foreach (var page in world.Pages)
            Assert.Empty(Xss.Dangers(await HtmlAsync(page)).Select(danger => $"{page}: {danger}"));
        Assert.Contains(Normal(WebWorld.HostileText), Normal((await OpenAsync($"/vote/{world.Proposal.Id}")).QuerySelector("main")!.TextContent), StringComparison.Ordinal);
        Assert.Contains(Normal(WebWorld.HostileText), Normal((await OpenAsync($"/requests/{world.Request}")).QuerySelector("main")!.TextContent), StringComparison.Ordinal);
    }

    [AnvilFact]
    public async Task No_link_leads_nowhere()
    {
        var dead = new List<string>();
        var seen = new Dictionary<string, HttpStatusCode>();
        foreach (var page in world.Pages)
        {
            var document = await OpenAsync(page);
            foreach (var link in document.QuerySelectorAll("a[href]").Select(a => a.GetAttribute("href")!).Distinct())
            {
                if (link.StartsWith('#'))
                {
                    if (document.GetElementById(link[1..]) is null)
                        dead.Add($"{page} → {link}");
                    continue;
                }

                if (!link.StartsWith('/'))
                    continue;
                if (!seen.TryGetValue(link, out var status))
                    seen[link] = status = (await world.Node.Http.GetAsync(link)).StatusCode;
                if (status != HttpStatusCode.OK)
                    dead.Add($"{page} → {link}: {(int)status}");
            }
        }

        Assert.Empty(dead);
    }

    [AnvilFact]
    public async Task Every_script_style_and_worker_that_a_page_names_is_served_for_good()
    {
        foreach (var page in world.Pages)
        {
            var document = await OpenAsync(page);
            var assets = document.QuerySelectorAll("script[src]").Select(script => script.GetAttribute("src")!)
                .Concat(document.QuerySelectorAll("link[rel=stylesheet]").Select(style => style.GetAttribute("href")!))
                .Concat(document.QuerySelectorAll("meta[name^='worker:']").Select(worker => worker.GetAttribute("content")!)).ToList();
            Assert.Contains(assets, asset => asset.EndsWith(".css", StringComparison.Ordinal));
            foreach (var asset in assets)
            {
                var answer = await world.Node.Http.GetAsync(asset);
                Assert.Equal((asset, HttpStatusCode.OK), (asset, answer.StatusCode));
                Assert.Equal("public, max-age=31536000, immutable", Assert.Single(answer.Headers.GetValues("Cache-Control")));
            }
        }
    }

    [AnvilFact]
    public async Task A_form_that_posts_carries_the_token_and_goes_to_this_node()
    {
        foreach (var page in world.Pages)
        {
            foreach (var form in (await OpenAsync(page)).QuerySelectorAll("form"))
            {
                Assert.StartsWith("/", form.GetAttribute("action") ?? "/", StringComparison.Ordinal);
                if (string.Equals(form.GetAttribute("method"), "post", StringComparison.OrdinalIgnoreCase))
                    Assert.False(string.IsNullOrEmpty(form.QuerySelector("input[name=_token]")?.GetAttribute("value")), page);
            }
        }
    }

    private async Task<IDocument> OpenAsync(string page) => new HtmlParser(new HtmlParserOptions { IsScripting = true }).ParseDocument(await HtmlAsync(page));

    private async Task<string> HtmlAsync(string page)
    {
        var answer = await world.Node.Http.GetAsync(page);
        Assert.Equal((page, HttpStatusCode.OK), (page, answer.StatusCode));
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        return await answer.Content.ReadAsStringAsync();
    }

    private static string Normal(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
