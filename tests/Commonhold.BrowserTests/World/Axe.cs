using System.Text.Json;
using Commonhold.Tests;

namespace Commonhold.BrowserTests.World;

/// <summary>axe-core in a page: WCAG 2.2 A and AA and its best practices.</summary>
internal static class Axe
{
    private static readonly Lazy<string> Source = new(() =>
    {
        var file = Path.Combine(Repository.Root, "tests/axe/node_modules/axe-core/axe.min.js");
        return File.Exists(file) ? File.ReadAllText(file) : throw new FileNotFoundException("axe-core is missing. Run: npm ci --prefix tests/axe", file);
    });

    // Through the debugger's own evaluation, which the page's content security policy does not bind.
    private const string Run = """
        ;(async () => {
          const result = await globalThis.axe.run(document, { resultTypes: ["violations"], preload: false,
            runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
          return result.violations.map((v) => `${v.id} (${v.impact}): ${v.help}\n` +
            v.nodes.slice(0, 4).map((n) => `    ${n.target.join(" ")}  ${n.failureSummary.split("\n").slice(1, 3).join(" ").trim()}`).join("\n"));
        })()
        """;

    public static async Task<IReadOnlyList<string>> FindAsync(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        try
        {
            var answer = await session.SendAsync("Runtime.evaluate", new Dictionary<string, object>
            {
                ["expression"] = $"if (!globalThis.axe) {{ {Source.Value} }}\n{Run}", ["awaitPromise"] = true, ["returnByValue"] = true,
            });
            var result = answer!.Value.GetProperty("result");
            if (answer.Value.TryGetProperty("exceptionDetails", out var thrown))
                throw new InvalidOperationException($"axe-core failed on {page.Url}: {thrown.GetRawText()}");
            return [.. result.GetProperty("value").EnumerateArray().Select(v => v.GetString()!)];
        }
        finally
        {
            await session.DetachAsync();
        }
    }
}
