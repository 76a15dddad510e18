using Commonhold.BrowserTests.World;

namespace Commonhold.BrowserTests.Pages;

[Collection(PagesCollection.Name)]
public sealed class PageTests(Commons commons)
{
    [ChromiumTheory]
    [InlineData("/")]
    public Task Page_answers(string path) => commons.PlayAsync(async stage =>
    {
        var visitor = await stage.VisitorAsync("visitor");
        await visitor.GoAsync(path);
    }, $"answers {path}");
}
