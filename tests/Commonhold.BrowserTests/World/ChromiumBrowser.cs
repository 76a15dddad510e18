namespace Commonhold.BrowserTests.World;

/// <summary>Debian's Chromium without a window, driven by the driver that comes inside the NuGet package.</summary>
internal sealed class ChromiumBrowser : IAsyncDisposable
{
    // It asks nobody but us: no updates, no experiments, no sync; and one protocol, so that a slowed network is slow.
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
        // A page that a test has altered has no address of its own, and would be kept from asking a chain on this machine.
        "--disable-features=LocalNetworkAccessChecks",
    ];

    private readonly IPlaywright _playwright;

    private ChromiumBrowser(IPlaywright playwright, IBrowser browser) => (_playwright, Browser) = (playwright, browser);

    public IBrowser Browser { get; }

    public static async Task<ChromiumBrowser> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        // What a person waits for comes within this also on a machine that does other things; what never comes fails all the same.
        Assertions.SetDefaultExpectTimeout(120_000);
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = "/usr/bin/chromium", Args = Arguments, Timeout = 240_000 });
        return new ChromiumBrowser(playwright, browser);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Patience.ForAsync("Chromium ends", Browser.CloseAsync());
        }
        finally
        {
            // Ends the driver, and with it a browser that did not end.
            _playwright.Dispose();
        }
    }
}
