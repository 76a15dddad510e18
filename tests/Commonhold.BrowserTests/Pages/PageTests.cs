using System.Text.Json;
using Commonhold.BrowserTests.World;

namespace Commonhold.BrowserTests.Pages;

/// <summary>What every page has to be, whatever it is for.</summary>
[Collection(PagesCollection.Name)]
public sealed class PageTests(Commons commons)
{
    public static TheoryData<string> Pages() => Addresses.Data();

    [ChromiumTheory]
    [MemberData(nameof(Pages))]
    public Task Page_has_one_heading_a_title_a_language_and_scripts_that_are_pinned(string page) => commons.PlayAsync(async stage =>
    {
        var visitor = await stage.VisitorAsync("visitor");
        var response = await visitor.GoAsync(Addresses.Of(page, commons));
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveCountAsync(1);
        Assert.NotEqual("", await visitor.Page.TitleAsync());
        await Assertions.Expect(visitor.Page.Locator("html")).ToHaveAttributeAsync("lang", "en");
        Assert.Equal(0, await visitor.Page.Locator("script:not([src]), style, [style], [onclick]").CountAsync());
        Assert.Equal(0, await visitor.Page.Locator("script:not([integrity]), link[rel=stylesheet]:not([integrity])").CountAsync());
        var policy = response.Headers["content-security-policy"];
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Contains("require-trusted-types-for 'script'", policy, StringComparison.Ordinal);
    }, $"shape {page}");

    [ChromiumTheory]
    [MemberData(nameof(Pages))]
    public Task Every_link_of_a_page_leads_somewhere(string page) => commons.PlayAsync(async stage =>
    {
        var visitor = await stage.VisitorAsync("visitor");
        await visitor.GoAsync(Addresses.Of(page, commons));
        var links = await visitor.Page.EvaluateAsync<string[]>("() => [...new Set([...document.querySelectorAll('a[href]')].map((a) => a.href))]");
        var wrong = new List<string>();
        foreach (var link in links.Where(l => new Uri(l) is var to && to.Authority == commons.Home.Authority))
        {
            var answer = await visitor.Context.APIRequest.GetAsync(link, new() { MaxRedirects = 3 });
            if (!answer.Ok)
                wrong.Add($"{link}: {answer.Status}");
            if (new Uri(link) is { Fragment.Length: > 1 } to && to.AbsolutePath == new Uri(visitor.Page.Url).AbsolutePath
                && await visitor.Page.Locator($"[id='{to.Fragment[1..]}']").CountAsync() == 0)
                wrong.Add($"{link}: nothing has this id");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }, $"links {page}");

    [ChromiumTheory]
    [MemberData(nameof(Pages))]
    public Task Axe_finds_nothing_and_nothing_scrolls_sideways_in_light_and_dark_on_phone_and_desk(string page) => commons.PlayAsync(async stage =>
    {
        var visitor = await stage.VisitorAsync("visitor", Habits.Desk with { Traced = false });
        await visitor.GoAsync(Addresses.Of(page, commons));
        await Look.AtAsync(visitor, Addresses.Name(page));
    }, $"look {page}");
}
