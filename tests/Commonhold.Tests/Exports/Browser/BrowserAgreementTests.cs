using System.IO.Compression;
using System.Text.Json.Nodes;
using Commonhold.Exports;
using Commonhold.Exports.Tables;
using Commonhold.Exports.Tables.Samples;
using Xunit;

namespace Commonhold.Tests.Exports.Browser;

/// <summary>The browser and the command line read the same definitions: here they are held to the same answers.</summary>
/// <remarks>Contents are compared inflated: every DEFLATE writes other bytes, and nothing depends on them.</remarks>
[Trait("Speed", "slow")]
public class BrowserAgreementTests
{
    [BrowserCodeFact]
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
            Assert.True(Differences(() => format, fileName, bytes, answers[i], browser.Cleaned(i)) is [], $"{name}: {string.Join("; ", Differences(() => format, fileName, bytes, answers[i], browser.Cleaned(i)))}");
            Assert.True(answers[i]["refusal"] is null, name);
            var recognised = ExportFormats.Recognise(ExportSource.Open(new MemoryStream(bytes), fileName: fileName))
                .Select(r => (r.Format.Schema, r.Confidence.ToString().ToLowerInvariant()));
            Assert.Equal(recognised, answers[i]["recognised"]!.AsArray().Select(r => (r!["schema"]!.GetValue<string>(), r["confidence"]!.GetValue<string>())));
        }
    }

    [BrowserCodeFact]
    public Task The_browser_takes_and_refuses_what_the_command_line_does() =>
        AgreeAsync(Providers.ProviderOddities.All().Select(c => new BrowserCase(c.Name, c.Schema, c.FileName, c.Bytes)), 20);

    [BrowserCodeFact]
    public Task Databases_and_health_records_are_read_alike_whatever_is_in_them() => AgreeAsync(BrowserCases.Files(), 20);

    [BrowserCodeFact]
    public Task A_datasets_own_descriptor_means_the_same_in_both() => AgreeAsync(BrowserCases.Generic(), 20);

    [BrowserCodeFact]
    public Task Cleaned_packages_are_read_again_alike() => AgreeAsync(BrowserCases.Packages(), 8);

    [BrowserCodeFact]
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

    [BrowserCodeFact]
    public async Task A_reading_stops_when_it_is_told_to_and_what_it_wrote_is_given_up()
    {
        using var browser = new BrowserReader();
        foreach (var format in ExportFormats.All)
        {
            var sample = new MemoryStream();
            format.WriteSample(sample, new SampleOptions(5, 1, 200));
            browser.Ask(sample.ToArray(), format.SampleFileName(new SampleOptions(5, 1, 200)), format.Schema, stops: true);
        }

        Assert.All(await browser.AnswerAsync(), answer =>
        {
            Assert.True(answer["stopped"]?.GetValue<bool>(), answer.ToJsonString());
            Assert.Equal("aborted", answer["stream"]!.GetValue<string>());
        });
    }

    // Both take and refuse the same cases, and some of each are among them.
    private static async Task AgreeAsync(IEnumerable<BrowserCase> given, int leastOfEach)
    {
        var cases = given.ToList();
        using var browser = new BrowserReader();
        foreach (var one in cases)
            browser.Ask(one.Bytes, one.FileName, one.Schema, one.Descriptor);
        var answers = await browser.AnswerAsync();
        var wrong = cases.SelectMany((one, i) => Differences(one.Format, one.FileName, one.Bytes, answers[i], browser.Cleaned(i)).Select(d => $"{one.Name}: {d}")).ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.InRange(answers.Count(a => a["refusal"] is not null), leastOfEach, answers.Count - leastOfEach);
    }

    // What the browser says otherwise than the command line: the refusal's code; else account, drop list, summary, checks, contents.
    private static List<string> Differences(Func<ExportFormat> format, string fileName, byte[] export, JsonNode answer, byte[] browsers)
    {
        using var output = new MemoryStream();
        var cleaned = ExportResult.Of(() =>
            format().TryClean(ExportSource.Open(new MemoryStream(export), fileName: fileName), output).OrThrow());
        var code = answer["refusal"]?["code"]?.GetValue<string>();
        if (answer["stream"]?.GetValue<string>() != (code is null ? "closed" : "aborted"))
            return [$"the cleaned stream is {answer["stream"]}"];
        if (cleaned.Refusal is { } refusal)
            return refusal.Code == code ? [] : [$"{refusal.Code} ({refusal.Detail}), and in the browser {answer["refusal"]?.ToJsonString() ?? "taken"}"];
        if (code is not null)
            return [$"taken, and in the browser {answer["refusal"]!.ToJsonString()}"];
        var expected = AnswerOf(format(), cleaned.Value!);
        List<string> differences = [.. ((string[])["title", "confidence", "account", "files", "dropped", "summary", "checks", "notes"]).Where(part => !JsonNode.DeepEquals(expected[part], answer[part]))
            .Select(part => $"{part}: {expected[part]!.ToJsonString()}, and in the browser {answer[part]?.ToJsonString()}")];
        if (answer["isWhole"]?.GetValue<bool>() != true)
            differences.Add("the progress does not end at the whole");
        foreach (var (ours, theirs) in Contents(output.ToArray()).Zip(Contents(browsers)).Where(pair => pair.First != pair.Second))
            differences.Add($"{ours.Name}: {ours.Content}, and in the browser {theirs.Name}: {theirs.Content}");
        if (Contents(output.ToArray()).Count != Contents(browsers).Count)
            differences.Add("another number of files");
        return differences;
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

        foreach (var format in ExportFormats.All.OfType<TableFormat>())
        {
            foreach (var ((fileName, make), form) in ((ArchiveSamples)format.Samples).Forms.Select((form, i) => (form, i)))
            {
                foreach (var (account, rows) in ((int, int)[])[(0, 1), (3, 240)])
                {
                    var sample = new MemoryStream();
                    ArchiveSamples.Write(sample, fileName, make(new SampleOptions(5, account, rows)));
                    yield return ($"{format.Schema}, form {form}, {rows} rows", format, fileName, sample.ToArray());
                }
            }
        }

        yield return ("the honest base of the bad ones", reddit, "export.zip", HostileExports.HonestZip());
        foreach (var path in RealExports.Paths)
            yield return (Path.GetFileName(path), reddit, Path.GetFileName(path), File.ReadAllBytes(path));
    }

    private static JsonObject AnswerOf(ExportFormat format, CleanedExport cleaned)
    {
        var summary = cleaned.Summary;
        return new JsonObject
        {
            ["title"] = format.Title,
            ["confidence"] = Word(cleaned.Original.Confidence),
            ["files"] = new JsonArray([.. cleaned.Original.Files.Select(f => new JsonObject
            {
                ["name"] = f.Name, ["kind"] = f.Kind, ["bytes"] = f.Bytes, ["rows"] = f.Rows, ["confidence"] = Word(f.Confidence),
            })]),
            ["notes"] = new JsonArray([.. cleaned.Original.Notes.Select(n => JsonValue.Create(n))]),
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
                ["byKindAndMonth"] = new JsonArray([.. summary.ByKindAndMonth.Select(m => new JsonObject { ["kind"] = m.Kind, ["month"] = m.Month, ["rows"] = m.Rows })]),
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

    private static string Word(FormatConfidence confidence) => confidence.ToString().ToLowerInvariant();

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
