using Commonhold.BrowserTests.World;

namespace Commonhold.BrowserTests.Pages;

/// <summary>Looks at the page that a visitor has open as four people do: phone and desk, light and dark. Keeps the pictures.</summary>
internal static class Look
{
    public static async Task AtAsync(Visitor visitor, string name)
    {
        var folder = Artefacts.Folder("pages");
        var found = new List<string>();
        // Scripts fill in what was checked against the chain; a picture in between would be of nobody's page.
        await visitor.SettledAsync();
        foreach (var width in (int[])[390, 1280])
        {
            await visitor.Page.SetViewportSizeAsync(width, width == 390 ? 844 : 900);
            foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
            {
                await visitor.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
                var view = $"{name}-{scheme.ToString().ToLowerInvariant()}-{width}";
                await visitor.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{view}.png"), FullPage = true });
                found.AddRange((await Axe.FindAsync(visitor.Page)).Select(violation => $"{view}: {violation}"));
                var wider = await WidestAsync(visitor.Page);
                if (wider.Length > 0)
                    found.Add($"{view}: scrolls sideways because of {wider}");
            }
        }

        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    /// <summary>What makes the page wider than its window; empty when nothing does.</summary>
    public static Task<string> WidestAsync(IPage page) => page.EvaluateAsync<string>(Widest);

    private const string Widest = """
        () => {
          const room = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= room) return "";
          const clipped = (e) => { for (let p = e.parentElement; p; p = p.parentElement) if (getComputedStyle(p).overflowX !== "visible") return true; return false; };
          const wide = [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > room + 1 && !clipped(e));
          return wide.slice(0, 3).map((e) => `<${e.tagName.toLowerCase()} class="${e.className}"> ${(e.textContent ?? "").trim().slice(0, 40)}`).join("; ") || "something";
        }
        """;
}
