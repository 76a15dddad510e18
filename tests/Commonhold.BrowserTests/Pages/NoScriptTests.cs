using System.Text.RegularExpressions;
using Commonhold.BrowserTests.World;

namespace Commonhold.BrowserTests.Pages;

/// <summary>Without scripts a page has its content, and says what needs one.</summary>
[Collection(PagesCollection.Name)]
public sealed partial class NoScriptTests(Commons commons)
{
    public static TheoryData<string> Pages() => Addresses.Data();

    [ChromiumTheory]
    [MemberData(nameof(Pages))]
    public Task Page_reads_well_without_a_script(string page) => commons.PlayAsync(async stage =>
    {
        var visitor = await stage.VisitorAsync("visitor", Habits.Phone with { Scripts = false });
        await visitor.GoAsync(Addresses.Of(page, commons));
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        var text = await visitor.Main.InnerTextAsync();
        Assert.True(text.Length > 150, $"there is little to read: {text}");
        // Whoever presses a button that does nothing is lied to.
        var scripted = await visitor.Page.Locator("script[src]").CountAsync() > 0;
        var idle = await visitor.Page.Locator("main button:not(form[method=post] button):not(form[action] button):visible:not(:disabled)").CountAsync();
        if (scripted && idle > 0)
            Assert.Matches(Says(), text);
        await visitor.Page.ScreenshotAsync(new() { Path = Path.Combine(Artefacts.Folder("no-script"), $"{Addresses.Name(page)}.png"), FullPage = true });
    }, $"noscript {page}");

    [GeneratedRegex("script", RegexOptions.IgnoreCase)]
    private static partial Regex Says();
}
