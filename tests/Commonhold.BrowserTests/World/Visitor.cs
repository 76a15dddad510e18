namespace Commonhold.BrowserTests.World;

/// <summary>How a person comes: what screen, what light, with or without scripts.</summary>
internal sealed record Habits
{
    public int Width { get; init; } = 1280;

    public int Height { get; init; } = 900;

    public bool Dark { get; init; }

    public bool Scripts { get; init; } = true;

    /// <summary>Keeps what every page looked like, for when the journey fails; what only looks once does without.</summary>
    public bool Traced { get; init; } = true;

    public static Habits Desk { get; } = new();

    public static Habits Phone { get; } = new() { Width = 390, Height = 844 };
}

/// <summary>One person's browser: cookies and keys of its own, one tab open, everything it says heard.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    private readonly Habits _habits;

    private Visitor(string name, Uri home, IBrowserContext context, IPage page, Watch watch, Habits habits)
    {
        Name = name;
        Home = home;
        Context = context;
        Page = page;
        Watch = watch;
        _habits = habits;
    }

    public string Name { get; }

    /// <summary>Where this person's downloads lie.</summary>
    public string Downloads { get; } = Directory.CreateTempSubdirectory("commonhold-downloads-").FullName;

    /// <summary>The address that people use: by name, as passkeys need one.</summary>
    public Uri Home { get; }

    public IBrowserContext Context { get; }

    public IPage Page { get; private set; }

    public Watch Watch { get; }

    /// <param name="anyLoopback">The node is another process, and where its guardians listen is not known here.</param>
    public static async Task<Visitor> EnterAsync(IBrowser browser, Uri home, IReadOnlyList<Uri> known, string name, Habits habits, bool anyLoopback = false)
    {
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = home.AbsoluteUri,
            ViewportSize = new ViewportSize { Width = habits.Width, Height = habits.Height },
            ColorScheme = habits.Dark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
            JavaScriptEnabled = habits.Scripts,
            AcceptDownloads = true,
            Locale = "en-GB",
            TimezoneId = "Europe/London",
        });
        // A slow machine is not a broken page; what never comes fails all the same.
        context.SetDefaultTimeout(120_000);
        var watch = new Watch(context, [home, .. known], anyLoopback);
        await context.AddInitScriptAsync(Injected.Script("watch.js"));
        if (habits.Traced)
            await context.Tracing.StartAsync(new TracingStartOptions { Screenshots = false, Snapshots = true, Title = name });
        return new Visitor(name, home, context, await context.NewPageAsync(), watch, habits);
    }

    /// <summary>Opens an address of the node; it must answer well.</summary>
    public async Task<IResponse> GoAsync(string path)
    {
        var response = await Page.GotoAsync(path, new PageGotoOptions { WaitUntil = WaitUntilState.Load });
        Assert.NotNull(response);
        Assert.True(response.Ok, $"{path} answered {response.Status}");
        return response;
    }

    /// <summary>Until the page's script has said what it found on the chain, and nothing is marked as busy.</summary>
    public Task SettledAsync() => Page.WaitForFunctionAsync(
        "() => document.querySelector('[aria-busy=true]') === null && [...document.querySelectorAll('[data-verify]')].every((e) => e.childNodes.length > 0)");

    /// <summary>Another tab of the same browser; the verbs act on it from now on.</summary>
    public async Task<IPage> OpenTabAsync()
    {
        Page = await Context.NewPageAsync();
        return Page;
    }

    public void TurnTo(IPage page) => Page = page;

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name });

    public ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new() { Name = name });

    public ILocator Field(string label) => Page.GetByLabel(label);

    public ILocator Text(string text) => Page.GetByText(text);

    /// <summary>An entry of the page's head: the menu, or one's own account.</summary>
    public ILocator Menu(string name) => Page.GetByRole(AriaRole.Banner).GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    public ILocator Main => Page.GetByRole(AriaRole.Main);

    public async Task SeesAsync(string text) => await Assertions.Expect(Main).ToContainTextAsync(text, new() { IgnoreCase = true });

    public async Task SaveAsync(string folder)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, $"{Name}.console.log"), Watch.Log);
        foreach (var (page, i) in Context.Pages.Select((page, i) => (page, i)))
        {
            try
            {
                await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{Name}-{i + 1}.png"), FullPage = true, Timeout = 10_000 });
            }
            catch (Exception broken) when (broken is PlaywrightException or TimeoutException)
            {
                await File.AppendAllTextAsync(Path.Combine(folder, $"{Name}.console.log"), $"\nno screenshot of {page.Url}: {broken.Message}");
            }
        }

        if (_habits.Traced)
            await Patience.ForAsync($"the trace of {Name} is saved", Context.Tracing.StopAsync(new TracingStopOptions { Path = Path.Combine(folder, $"{Name}.trace.zip") }));
    }

    public async ValueTask DisposeAsync()
    {
        await Patience.ForAsync($"the browser of {Name} closes", Context.CloseAsync());
        Directory.Delete(Downloads, recursive: true);
    }
}

internal static class Injected
{
    public static string Script(string name)
    {
        using var stream = typeof(Injected).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not in this assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
