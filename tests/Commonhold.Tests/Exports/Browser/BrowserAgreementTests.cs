using System.IO.Compression;
using System.Text.Json.Nodes;
using Commonhold.Exports;
using Xunit;

namespace Commonhold.Tests.Exports.Browser;

/// <summary>The browser and the command line read the same definitions: here they are held to the same answers.</summary>
/// <remarks>Contents are compared inflated: every DEFLATE writes other bytes, and nothing depends on them.</remarks>
[Trait("Speed", "slow")]
public class BrowserAgreementTests
{
    [BrowserFact]
    public async Task The_browser_drops_sums_up_and_writes_what_the_command_line_does()
    {
        var exports = Samples().ToList();
        using var browser = new BrowserReader();
        foreach (var (_, format, fileName, bytes) in exports)
            browser.Ask(bytes, fileName, format.Schema);
        var answers = await browser.AnswerAsync();
        for (var i = 0; i < exports.Count; i++)
        {
            var (name, format, fileName, bytes) = exports[i];
            var output = new MemoryStream();
            var cleaned = format.TryClean(ExportSource.Open(new MemoryStream(bytes), fileName: fileName), output);
            Assert.True(cleaned.IsAccepted, $"{name}: {cleaned.Refusal?.Detail}");
            Assert.True(answers[i]["refusal"] is null, $"{name}: {answers[i]["refusal"]?.ToJsonString()}");
            var expected = AnswerOf(cleaned.Value);
            foreach (var part in (string[])["account", "dropped", "summary", "checks"])
                Assert.True(JsonNode.DeepEquals(expected[part], answers[i][part]), $"{name}, {part}: {expected[part]!.ToJsonString()} and {answers[i][part]!.ToJsonString()}");
            Assert.Equal(Contents(output.ToArray()), Contents(browser.Cleaned(i)));
        }
    }

    [BrowserFact]
    public async Task The_browser_refuses_bad_exports_with_the_codes_of_the_command_line()
    {
        var cases = HostileExports.All().ToList();
        using var browser = new BrowserReader();
        foreach (var (_, _, make) in cases)
            browser.Ask(make(), "export.zip", "reddit-export-v1");
        var answers = await browser.AnswerAsync();
        var wrong = cases.Zip(answers)
            .Where(c => c.Second["refusal"]?["code"]?.GetValue<string>() != c.First.Code)
            .Select(c => $"{c.First.Name}: {c.First.Code}, and in the browser {c.Second["refusal"]?["code"]}");
        Assert.Empty(wrong);
    }

    private static IEnumerable<(string Name, ExportFormat Format, string FileName, byte[] Bytes)> Samples()
    {
        var reddit = ExportFormats.ForSchema("reddit-export-v1")!;
        foreach (var account in (int[])[0, 1, 2])
        {
            var sample = new MemoryStream();
            var options = new SampleOptions(5, account, 60 * account);
            if (options.Rows == 0)
                options = options with { Rows = 1 };
            reddit.WriteSample(sample, options);
            yield return ($"Reddit's sample {account}", reddit, reddit.SampleFileName(options), sample.ToArray());
        }

        foreach (var form in Providers.ProviderForms.All)
        {
            foreach (var (account, rows) in ((int, int)[])[(0, 1), (3, 240)])
                yield return ($"{form}, {rows} rows", form.Format, form.FileName, form.Bytes(account, rows));
        }

        yield return ("the honest base of the bad ones", reddit, "export.zip", HostileExports.HonestZip());
        foreach (var path in RealExports.Paths)
            yield return (Path.GetFileName(path), reddit, Path.GetFileName(path), File.ReadAllBytes(path));
    }

    private static JsonObject AnswerOf(CleanedExport cleaned)
    {
        var summary = cleaned.Summary;
        return new JsonObject
        {
            ["account"] = new JsonObject
            {
                ["platform"] = summary.Account.Platform,
                ["id"] = summary.Account.Id,
                ["registeredAt"] = summary.Account.RegisteredAt?.ToUnixTimeMilliseconds(),
                ["exportedAt"] = summary.Account.ExportedAt?.ToUnixTimeMilliseconds(),
            },
            ["dropped"] = new JsonArray([.. cleaned.Dropped.Select(d => new JsonObject
            {
                ["file"] = d.File, ["column"] = d.Column, ["rows"] = d.Rows, ["reason"] = d.Reason,
            })]),
            ["summary"] = new JsonObject
            {
                ["rows"] = summary.Rows,
                ["bytes"] = summary.Bytes,
                ["byKind"] = Counts(summary.ByKind),
                ["byMonth"] = Counts(summary.ByMonth),
                ["topPlaces"] = Counts(summary.TopPlaces),
                ["places"] = summary.Places,
                ["placeWord"] = summary.PlaceWord,
            },
            ["checks"] = new JsonArray([.. cleaned.Original.Checks.Select(c => new JsonObject
            {
                ["name"] = c.Name, ["outcome"] = c.Outcome.ToString(), ["evidence"] = c.Evidence,
            })]),
        };
    }

    private static JsonArray Counts(IEnumerable<(string Name, long Rows)> counts) =>
        new([.. counts.Select(c => new JsonObject { ["name"] = c.Name, ["rows"] = c.Rows })]);

    private static List<(string Name, string Content)> Contents(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        return [.. archive.Entries.Select(e =>
        {
            using var content = new StreamReader(e.Open());
            return (e.FullName, content.ReadToEnd());
        })];
    }
}
