using System.Text.Json.Nodes;

namespace Commonhold.Benchmarks.Browser;

/// <summary>When the largest thing of a page stands on the screen, on a processor four times slower than this one.</summary>
internal static class PaintTimes
{
    private const int Slower = 4;

    // The observer hears of paints that were before it, too; a page is done when it has been quiet for a while after its load.
    private const string Observe = """
        new Promise((done) => {
          let last = 0;
          new PerformanceObserver((list) => { for (const e of list.getEntries()) last = e.startTime; }).observe({ type: "largest-contentful-paint", buffered: true });
          setTimeout(() => done(last), 700);
        })
        """;

    /// <summary>Milliseconds, the median of some visits with an empty cache.</summary>
    public static async Task<double> MeasureAsync(Chromium chromium, Uri page, int visits, CancellationToken cancellationToken)
    {
        var times = new List<double>();
        for (var i = 0; i < visits; i++)
        {
            await using var tab = await chromium.OpenTabAsync(cancellationToken);
            await tab.CallAsync("Network.enable", null, cancellationToken);
            await tab.CallAsync("Network.setCacheDisabled", new JsonObject { ["cacheDisabled"] = true }, cancellationToken);
            await tab.CallAsync("Emulation.setDeviceMetricsOverride", new JsonObject { ["width"] = 390, ["height"] = 844, ["deviceScaleFactor"] = 1, ["mobile"] = false }, cancellationToken);
            await tab.CallAsync("Emulation.setCPUThrottlingRate", new JsonObject { ["rate"] = Slower }, cancellationToken);
            await tab.CallAsync("Page.bringToFront", null, cancellationToken);
            await tab.GoAsync(page, cancellationToken);
            times.Add((double)(await tab.EvaluateAsync(Observe, cancellationToken))!);
            await tab.CallAsync("Page.close", null, cancellationToken);
        }

        times.Sort();
        return times[times.Count / 2];
    }
}
