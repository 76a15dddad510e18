using System.Text;
using Commonhold.Exports;
using Commonhold.Exports.BrowsingHistory;
using Commonhold.Exports.Samples;
using Commonhold.Exports.Tables;
using Commonhold.Exports.Tables.Samples;
using Commonhold.Tests.Exports.Sources;
using Commonhold.Tests.Exports.Tables;

namespace Commonhold.Tests.Exports.BrowsingHistory;

public class BrowsingHistoryTests
{
    private static readonly ExportFormat Format = ExportFormats.ForSchema("browsing-history-v1")!;

    [Theory]
    [InlineData(BrowsingForm.Takeout, FormatConfidence.Confirmed)]
    [InlineData(BrowsingForm.OlderTakeout, FormatConfidence.Confirmed)]
    [InlineData(BrowsingForm.TakeoutFile, FormatConfidence.Confirmed)]
    [InlineData(BrowsingForm.Chrome, FormatConfidence.Confirmed)]
    [InlineData(BrowsingForm.OlderChrome, FormatConfidence.Confirmed)]
    [InlineData(BrowsingForm.Firefox, FormatConfidence.Confirmed)]
    internal void Every_form_is_recognised_and_cleaned_of_what_is_private(BrowsingForm form, FormatConfidence confidence)
    {
        var (sample, bytes, name) = Sample(form);
        var found = ExportFormats.RecogniseOne(ExportSource.Open(new MemoryStream(bytes), fileName: name)).OrThrow();
        Assert.Equal(("browsing-history", confidence), (found.Format.Name, found.Confidence));
        Assert.Equal("browsing-history", ExportFormats.RecogniseOne(ExportSource.Open(new MemoryStream(bytes), fileName: "of another name")).OrThrow().Format.Name);

        var files = Packages.Unzip(Packages.Clean(Format, bytes, name));
        var all = string.Concat(files.Values);
        Assert.DoesNotContain("secret", all, StringComparison.OrdinalIgnoreCase);
        Assert.All(sample.Secrets, secret => Assert.DoesNotContain(secret, all, StringComparison.Ordinal));
        Assert.True(files["visits.csv"].Count(c => c == '\n') > 50);
    }

    [Fact]
    public void One_persons_history_has_the_same_keys_and_bytes_from_every_source()
    {
        var expected = KeysOf(BrowsingForm.Takeout);
        Assert.NotEmpty(expected);
        foreach (var form in Enum.GetValues<BrowsingForm>())
            Assert.Equal(expected, KeysOf(form));

        static List<string> KeysOf(BrowsingForm form)
        {
            var (_, bytes, name) = Sample(form);
            return [.. Packages.RecordsOf(Format, Packages.Clean(Format, bytes, name)).All.Select(r => $"{r.Key} {r.Place} {r.Time:O} {r.Quality}").Order(StringComparer.Ordinal)];
        }
    }

    [Fact]
    public void The_epochs_of_1601_and_1970_meet_to_the_microsecond()
    {
        const string url = "https://Example.org:443/a?q=1#x";
        var takeout = Packages.Zip(("Takeout/Chrome/History.json", $$"""{"Browser History":[{"url":"{{url}}","time_usec":1700000000123456}]}"""));
        using var chrome = new Databases();
        chrome.Run(
            "CREATE TABLE urls(id INTEGER PRIMARY KEY,url LONGVARCHAR)", "CREATE TABLE visits(id INTEGER PRIMARY KEY,url INTEGER NOT NULL,visit_time INTEGER NOT NULL)",
            $"INSERT INTO urls VALUES (9, '{url}')", "INSERT INTO visits VALUES (1, 9, 13344473600123456)");
        using var firefox = new Databases("journal_mode = WAL");
        firefox.Run(
            "CREATE TABLE moz_places(id INTEGER PRIMARY KEY,url LONGVARCHAR)", "CREATE TABLE moz_historyvisits(id INTEGER PRIMARY KEY,place_id INTEGER,visit_date INTEGER,visit_type INTEGER)",
            $"INSERT INTO moz_places VALUES (9, '{url}')", "INSERT INTO moz_historyvisits VALUES (1, 9, 1700000000123456, 1)", "PRAGMA wal_checkpoint(TRUNCATE)");
        const string expected = "url,visited_at\r\nhttps://example.org/a,2023-11-14T22:13:20.123456Z\r\n";
        foreach (var (bytes, name) in ((byte[], string)[])[(takeout, "t.zip"), (chrome.Bytes(), "History"), (firefox.Bytes(), "places.sqlite")])
            Assert.Equal((name, expected), (name, Packages.Unzip(Packages.Clean(Format, bytes, name))["visits.csv"]));

        // Inside an archive a database is read from memory.
        using var zip = new MemoryStream();
        var writer = new Commonhold.Exports.Zip.ZipWriter(zip);
        writer.Add("profile/places.sqlite", stream => stream.Write(firefox.Bytes()));
        writer.Finish();
        Assert.Equal(expected, Packages.Unzip(Packages.Clean(Format, zip.ToArray()))["visits.csv"]);
        Assert.Contains(Packages.Clean(Format, firefox.Bytes(), out _, "places.sqlite").OrThrow().Dropped, d => d.Reason.Contains("-wal", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("http://127.0.0.1/a")]
    [InlineData("http://[::1]:8080/")]
    [InlineData("https://router/")]
    [InlineData("http://10.1.2.3/")]
    [InlineData("https://printer.local/")]
    [InlineData("file:///home/me/taxes.pdf")]
    [InlineData("chrome://settings/passwords")]
    [InlineData("chrome-extension://abc/page.html")]
    [InlineData("about:config")]
    [InlineData("data:text/html,hello")]
    [InlineData("blob:https://example.org/1")]
    [InlineData("javascript:alert(1)")]
    [InlineData("ftp://example.org/")]
    [InlineData("")]
    public void What_is_no_page_of_the_public_web_stays_behind(string url)
    {
        var bytes = Encoding.UTF8.GetBytes($$"""{"Browser History":[{"url":"{{url}}","time_usec":1700000000000000},{"url":"https://example.org/","time_usec":1700000000000001}]}""");
        Assert.Equal("url,visited_at\r\nhttps://example.org/,2023-11-14T22:13:20.000001Z\r\n", Packages.Unzip(Packages.Clean(Format, bytes, "History.json"))["visits.csv"]);
    }

    [Theory]
    [InlineData("a name twice", """{"Browser History":[{"url":"https://example.org/","time_usec":1},{"url":"https://example.org/","time_usec":2,"url":"x"}]}""", "export.duplicate_name")]
    [InlineData("cut", """{"Browser History":[{"url":"https://example.org/","time_usec":1},""", "export.json_invalid")]
    [InlineData("another file", """{"Bookmarks":[]}""", "export.not_recognised")]
    public void A_broken_history_is_refused(string name, string json, string code) =>
        Assert.Equal((name, code), (name, Packages.Clean(Format, Encoding.UTF8.GetBytes(json), out _, "History.json").Refusal?.Code));

    [Theory]
    [InlineData("a query", "https://example.org/a?token=1,2024-01-01T00:00:00Z", "export.field_invalid")]
    [InlineData("a fragment", "https://example.org/a#b,2024-01-01T00:00:00Z", "export.field_invalid")]
    [InlineData("credentials", "https://me:pass@example.org/,2024-01-01T00:00:00Z", "export.field_invalid")]
    [InlineData("another spelling of the host", "https://Example.org/,2024-01-01T00:00:00Z", "export.field_invalid")]
    [InlineData("no path", "https://example.org,2024-01-01T00:00:00Z", "export.field_invalid")]
    [InlineData("another scheme", "file:///etc/passwd,2024-01-01T00:00:00Z", "export.field_invalid")]
    [InlineData("a time before the web", "https://example.org/,1990-01-01T00:00:00Z", "export.field_invalid")]
    [InlineData("a time to come", "https://example.org/,2031-01-01T00:00:00Z", "export.date_out_of_life")]
    public void A_package_made_by_hand_is_held_to_the_form_that_cleaning_gives(string name, string row, string code)
    {
        var cleaned = Packages.Clean(Format, Encoding.UTF8.GetBytes("""{"Browser History":[{"url":"https://example.org/","time_usec":1700000000000000}]}"""), "History.json");
        var forged = Packages.With(cleaned, "visits.csv", csv => csv + row + "\r\n");
        var limits = ExportLimits.Default with { Now = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero) };
        var reading = ExportResult.Of(() => Format.TryRead(ExportSource.OpenArchive(new MemoryStream(forged), limits)).OrThrow());
        Assert.Equal((name, code), (name, (reading.Refusal ?? reading.Value?.Refusal)?.Code));
    }

    [Fact]
    public void A_package_made_by_hand_invents_no_account()
    {
        var cleaned = Packages.Clean(Format, Encoding.UTF8.GetBytes("""{"Browser History":[{"url":"https://example.org/","time_usec":1700000000000000}]}"""), "History.json");
        var forged = Packages.With(cleaned, "datapackage.json", json => json.Replace("\"platform\": \"browsing-history\"", "\"platform\": \"browsing-history\", \"id\": \"another-1\"", StringComparison.Ordinal));
        Assert.NotEqual(cleaned, forged);
        Assert.Equal("export.package_invalid", Packages.ReadStrictly(Format, forged).Refusal?.Code);
    }

    [Fact]
    public void Pages_of_ones_own_network_are_worth_nothing_in_a_package_made_by_hand()
    {
        var cleaned = Packages.Clean(Format, Encoding.UTF8.GetBytes("""{"Browser History":[{"url":"https://example.org/","time_usec":1700000000000000}]}"""), "History.json");
        var forged = Packages.With(cleaned, "visits.csv", csv => csv + "http://10.0.0.1/,2024-01-01T00:00:00Z\r\n");
        Assert.Equal([64, 0], Packages.RecordsOf(Format, forged).All.Select(r => (int)r.Quality));
    }

    [Fact]
    public void A_visit_without_a_usable_time_stays_behind()
    {
        var bytes = Encoding.UTF8.GetBytes("""{"Browser History":[{"url":"https://example.org/","time_usec":"soon"},{"url":"https://example.org/","time_usec":0},{"url":"https://example.org/","time_usec":1700000000000000}]}""");
        Assert.Single(Packages.RecordsOf(Format, Packages.Clean(Format, bytes, "History.json")).All);
        Assert.Contains(Packages.Clean(Format, bytes, out _, "History.json").OrThrow().Dropped, d => d is { Rows: 2, Reason: "records without a usable 'visited_at'" });
    }

    [Fact]
    public void A_damaged_database_is_refused_and_not_read_in_part()
    {
        var (_, bytes, _) = Sample(BrowsingForm.Chrome);
        foreach (var (length, code) in ((int, string)[])[(bytes.Length - 1, "export.truncated"), (60, "export.sqlite")])
            Assert.Equal((length, code), (length, Packages.Clean(Format, bytes[..length], out _, "History").Refusal?.Code));
        Array.Clear(bytes, 4096, 4096);
        Assert.NotNull(Packages.Clean(Format, bytes, out _, "History").Refusal);
    }

    private static (SampleArchive Sample, byte[] Bytes, string Name) Sample(BrowsingForm form)
    {
        var (name, make) = ((ArchiveSamples)((TableFormat)Format).Samples).Forms[(int)form];
        var sample = make(new SampleOptions(7, 0, 200));
        using var output = new MemoryStream();
        ArchiveSamples.Write(output, name, sample);
        return (sample, output.ToArray(), name);
    }
}
