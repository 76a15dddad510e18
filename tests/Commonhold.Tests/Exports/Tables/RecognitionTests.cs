using System.Text;
using Commonhold.Exports;

namespace Commonhold.Tests.Exports.Tables;

/// <summary>What a file is, told by what is in it; and what the rows alone tell of its truth.</summary>
public class RecognitionTests
{
    private const string Activity = "Profile Name,Start Time,Duration,Attributes,Title,Supplemental Video Type,Device Type,Bookmark,Latest Bookmark,Country\n"
        + "Me,2024-11-20 21:10:05,00:21:00,,Paper Planets,,Some TV,,,XX\n";

    [Fact]
    public void A_file_under_another_name_is_recognised_a_little_less_surely()
    {
        Assert.Equal(FormatConfidence.Confirmed, Recognise("ViewingActivity.csv").OrThrow().Confidence);
        var other = Recognise("my downloads (2).csv").OrThrow();
        Assert.Equal(("netflix", FormatConfidence.Compatible), (other.Format.Name, other.Confidence));
        Assert.Contains("Profile Name, Start Time", other.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_no_format_knows_is_refused_with_what_was_looked_for()
    {
        var refusal = ExportFormats.RecogniseOne(ExportSource.Open(new MemoryStream("a,b\n1,2\n"u8.ToArray()))).Refusal!;
        Assert.Equal("export.not_recognised", refusal.Code);
        Assert.Contains("Netflix", refusal.Detail, StringComparison.Ordinal);
        Assert.Contains("X (Twitter)", refusal.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing", "")]
    [InlineData("bytes", "\u0001\u0002\u0003")]
    [InlineData("JSON of no format", "{\"a\":[1,2,3]}")]
    [InlineData("XML of no format", "<a><b c='d'/></a>")]
    [InlineData("a list without end", "[[[[[[[[[[[[[[[[[[[[")]
    public void What_is_no_export_is_refused_and_never_thrown(string name, string text) =>
        Assert.Equal((name, "export.not_recognised"), (name, ExportFormats.RecogniseOne(ExportSource.Open(new MemoryStream(Encoding.UTF8.GetBytes(text)))).Refusal?.Code));

    [Fact]
    public void A_file_that_may_be_two_things_is_refused()
    {
        var both = Packages.Zip(
            ("ViewingActivity.csv", Activity),
            ("endsong_0.json", """[{"ts":"2021-01-01T00:00:00Z","ms_played":40000,"master_metadata_track_name":"a","master_metadata_album_artist_name":"b"}]"""));
        var refusal = ExportFormats.RecogniseOne(ExportSource.Open(new MemoryStream(both))).Refusal!;
        Assert.Equal("export.not_recognised", refusal.Code);
        Assert.Contains("Netflix viewing history", refusal.Detail, StringComparison.Ordinal);
        Assert.Contains("Spotify listening history", refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_broken_file_with_the_right_name_the_fault_is_told()
    {
        var netflix = ExportFormats.ForSchema("netflix-history-v1")!;
        Assert.Equal("export.utf16", Packages.Clean(netflix, [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Activity)], out _, "ViewingActivity.csv").Refusal?.Code);
        var changed = Packages.Clean(netflix, Packages.Zip(("ViewingActivity.csv", Activity.Replace("Start Time", "Began", StringComparison.Ordinal))), out _);
        Assert.Equal("export.not_recognised", changed.Refusal?.Code);
    }

    [Fact]
    public void An_export_that_hides_whose_it_is_is_refused()
    {
        var x = ExportFormats.ForSchema("x-archive-v1")!;
        using var sample = new MemoryStream();
        x.WriteSample(sample, new SampleOptions(1, 0, 20));
        var nobodys = Packages.With(Packages.With(sample.ToArray(), "data/account.js", _ => null), "data/manifest.js", _ => null);
        Assert.Equal("export.account_missing", Packages.Clean(x, nobodys, out _).Refusal?.Code);
        var cleaned = Packages.With(Packages.Clean(x, sample.ToArray()), "datapackage.json", text => System.Text.RegularExpressions.Regex.Replace(text, "\"id\": \"[0-9]+\",\\s*", ""));
        Assert.Equal("export.account_missing", Packages.ReadStrictly(x, cleaned).Refusal?.Code);
    }

    [Fact]
    public void An_id_that_was_given_at_another_time_is_refused()
    {
        var x = ExportFormats.ForSchema("x-archive-v1")!;
        using var sample = new MemoryStream();
        x.WriteSample(sample, new SampleOptions(1, 0, 20));
        var cleaned = Packages.Clean(x, sample.ToArray());
        var honest = Packages.ReadStrictly(x, cleaned).OrThrow();
        Assert.Equal(CheckOutcome.Passed, honest.Checks.Single(c => c.Name == "id_time").Outcome);
        var forged = Packages.With(cleaned, "posts.csv", text => text.Insert(
            text.IndexOf('\n', StringComparison.Ordinal) + 1, "1050118621198921728,2018-10-11T20:19:24Z,made up,en,,,\r\n"));
        Assert.Equal("export.id_time", Packages.ReadStrictly(x, forged).OrThrow().Refusal?.Code);
    }

    private static ExportResult<Recognition> Recognise(string name) =>
        ExportFormats.RecogniseOne(ExportSource.Open(new MemoryStream(Encoding.UTF8.GetBytes(Activity)), fileName: name));
}
