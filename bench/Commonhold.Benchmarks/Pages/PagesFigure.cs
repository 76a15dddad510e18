using System.Diagnostics;
using Commonhold.Benchmarks.Browser;
using Commonhold.Cli.Voice;
using Commonhold.Server.Home;
using Commonhold.Server.Web.Assets;
using Microsoft.Extensions.DependencyInjection;

namespace Commonhold.Benchmarks.Pages;

/// <summary>What the first page costs the server, beside a static file of the same size from the same web server in the same run.</summary>
/// <remarks>Client, node, five guardians, validator and chain share the two cores, so the rate is a lower bound.</remarks>
internal sealed class PagesFigure : IFigure
{
    private const double RenderMilliseconds = 10, RequestsPerSecond = 2000, FirstPageKilobytes = 60, ContributeKilobytes = 250;
    private const int Renderings = 200, Connections = 16;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1), Span = TimeSpan.FromSeconds(4);

    public string Name => "pages";

    public string Description => "rendering the first page, and how often a second it is given out, beside a static file of its size; compressed script by page";

    public async Task<FigureResult> RunAsync(TextWriter log, CancellationToken cancellationToken)
    {
        await using var node = await LivedInNode.StartAsync(cancellationToken);
        var desk = node.Node.Services.GetRequiredService<HomeDesk>();
        var times = new List<double>(Renderings);
        for (var i = 0; i < Renderings; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await desk.RenderAsync(cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        times.Sort();
        var median = times[Renderings / 2];
        await log.WriteLineAsync($"pages: read and rendered in {median:0.00} ms at the median, {times[Renderings * 99 / 100]:0.0} ms at the 99th percentile");

        var page = await desk.PageAsync(cancellationToken);
        await using var peer = await StaticFile.ServeAsync(page.CompressedLength, cancellationToken);
        var ours = await RateAsync(node.Node.Url, "/", cancellationToken);
        var theirs = await RateAsync(peer.Url, StaticFile.Path, cancellationToken);
        await log.WriteLineAsync($"pages: {ours:0} requests/s for the first page, {theirs:0} for a static file of its {page.CompressedLength} bytes");

        var details = new Dictionary<string, double>
        {
            ["renderMsMedian"] = median, ["renderMs99"] = times[Renderings * 99 / 100], ["pageBytes"] = page.Length, ["pageBytesCompressed"] = page.CompressedLength,
            ["requestsPerSecond"] = ours, ["staticFilePerSecond"] = theirs,
        };
        var shelf = node.Node.Services.GetRequiredService<AssetShelf>();
        if (!shelf.IsBuilt)
            throw new CommandFailedException("the scripts are not built into the program", "./run builds them; or npm run build in web, then dotnet build");
        foreach (var name in shelf.Names.Order(StringComparer.Ordinal))
            details["KB " + name] = shelf.Find(name)!.CompressedBytes / 1000.0;
        var first = Weight(shelf, "site.js");
        var contribute = first + Weight(shelf, "contribute.js") + Weight(shelf, "contribute.worker.js");
        (details["scriptKB /"], details["scriptKB /contribute"]) = (first, contribute);
        await log.WriteLineAsync($"pages: {first:0.0} KB of script on the first page, {contribute:0.0} KB to contribute");
        return new FigureResult(Name, "requests/s for the first page, beside a static file of its size", ours, theirs, ours / theirs,
            $"rendered in ≤ {RenderMilliseconds:0} ms at the median; ≥ {RequestsPerSecond:0} requests/s; script ≤ {FirstPageKilobytes:0} and ≤ {ContributeKilobytes:0} KB",
            median <= RenderMilliseconds && ours >= RequestsPerSecond && first <= FirstPageKilobytes && contribute <= ContributeKilobytes, details);
    }

    private static async Task<double> RateAsync(Uri server, string path, CancellationToken cancellationToken)
    {
        await Load.RunAsync(server, path, Connections, WarmUp, cancellationToken);
        return await Load.RunAsync(server, path, Connections, Span, cancellationToken);
    }

    private static double Weight(AssetShelf shelf, string name) => (shelf.Find(name)?.CompressedBytes ?? 0) / 1000.0;
}
