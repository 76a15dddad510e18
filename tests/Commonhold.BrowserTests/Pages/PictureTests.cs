using Commonhold.BrowserTests.World;
using Commonhold.Tests;

namespace Commonhold.BrowserTests.Pages;

/// <summary>The picture in the README: of this home page, taken by this test when COMMONHOLD_PICTURES=1.</summary>
[Collection(PagesCollection.Name)]
public sealed class PictureTests(Commons commons)
{
    private static readonly string Picture = Path.Combine(Repository.Root, "docs", "images", "home.png");

    [ChromiumFact]
    public Task Picture_of_the_README_is_there_and_light() => commons.PlayAsync(async stage =>
    {
        if (Environment.GetEnvironmentVariable("COMMONHOLD_PICTURES") == "1")
        {
            var visitor = await stage.VisitorAsync("visitor", new Habits { Width = 1120, Height = 900 });
            await visitor.GoAsync("/");
            await visitor.SettledAsync();
            Directory.CreateDirectory(Path.GetDirectoryName(Picture)!);
            await visitor.Page.ScreenshotAsync(new() { Path = Picture });
        }

        var bytes = await File.ReadAllBytesAsync(Picture);
        Assert.True(bytes.AsSpan(1).StartsWith("PNG"u8), "docs/images/home.png is not a PNG");
        Assert.InRange(bytes.Length, 10_000, 200_000);
        Assert.Contains("docs/images/home.png", await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md")), StringComparison.Ordinal);
    });
}
