using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Commonhold.Cli.Voice;

namespace Commonhold.Benchmarks.Browser;

/// <summary>What a page costs a person: script to load, time until it is painted.</summary>
internal sealed partial class BrowserFigure : IFigure
{
    private const double FirstPageKilobytes = 60, ContributeKilobytes = 250, PaintMilliseconds = 1000;
    private const int Visits = 5;

    private static readonly string[] Pages =
        ["/", "/contribute", "/my", "/vote", "/earnings", "/catalogue", "/requests/new", "/requests/0", "/transparency", "/create", "/operate", "/account"];

    public string Name => "browser";

    public string Description => "compressed script of the first and of the contribute page; largest contentful paint of every page with a four times slower processor";

    public async Task<FigureResult> RunAsync(TextWriter log, CancellationToken cancellationToken)
    {
        await using var node = await LivedInNode.StartAsync(cancellationToken);
        await using var chromium = await Chromium.StartAsync(cancellationToken);
        using var http = new HttpClient { BaseAddress = node.Url };
        var details = new Dictionary<string, double>();
        foreach (var page in Pages)
        {
            using var answer = await http.GetAsync(new Uri(page, UriKind.Relative), cancellationToken);
            if (!answer.IsSuccessStatusCode)
                throw new CommandFailedException($"{page} answered {(int)answer.StatusCode}");
            details[$"scriptKB {page}"] = await ScriptsAsync(http, await answer.Content.ReadAsStringAsync(cancellationToken), cancellationToken) / 1000.0;
            details[$"paintMs {page}"] = await PaintTimes.MeasureAsync(chromium, new Uri(node.Url, page), Visits, cancellationToken);
            await log.WriteLineAsync($"browser {page}: {details[$"scriptKB {page}"]:0.0} KB of script, painted after {details[$"paintMs {page}"]:0} ms");
        }

        var slowest = Pages.Max(page => details[$"paintMs {page}"]);
        var met = slowest <= PaintMilliseconds && details["scriptKB /"] <= FirstPageKilobytes && details["scriptKB /contribute"] <= ContributeKilobytes;
        return new FigureResult(
            Name, "ms until the slowest page is painted, limit beside it", slowest, PaintMilliseconds, slowest / PaintMilliseconds,
            $"paint ≤ {PaintMilliseconds:0} ms; script ≤ {FirstPageKilobytes:0} KB on the first page, ≤ {ContributeKilobytes:0} KB to contribute", met, details);
    }

    /// <summary>Bytes on the wire of the scripts that a page names, and of those that they in turn start as workers.</summary>
    private static async Task<long> ScriptsAsync(HttpClient http, string html, CancellationToken cancellationToken)
    {
        var sum = 0L;
        var queue = new Queue<string>(Script().Matches(html).Select(m => m.Value));
        var seen = new HashSet<string>();
        while (queue.TryDequeue(out var script))
        {
            if (!seen.Add(script))
                continue;
            using var request = new HttpRequestMessage(HttpMethod.Get, script);
            request.Headers.AcceptEncoding.ParseAdd("br");
            using var answer = await http.SendAsync(request, cancellationToken);
            if (!answer.IsSuccessStatusCode)
                throw new CommandFailedException($"{script} answered {(int)answer.StatusCode}");
            sum += (await answer.Content.ReadAsByteArrayAsync(cancellationToken)).Length;
            foreach (Match worker in Script().Matches(await http.GetStringAsync(new Uri(script, UriKind.Relative), cancellationToken)))
                queue.Enqueue(worker.Value);
        }

        return sum;
    }

    [GeneratedRegex(@"/assets/[\w.-]+\.js")]
    private static partial Regex Script();
}
