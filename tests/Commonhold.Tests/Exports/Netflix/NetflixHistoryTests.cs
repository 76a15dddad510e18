using Commonhold.Exports;
using Commonhold.Tests.Exports.Tables;

namespace Commonhold.Tests.Exports.Netflix;

public class NetflixHistoryTests
{
    private const string Header = "Profile Name,Start Time,Duration,Attributes,Title,Supplemental Video Type,Device Type,Bookmark,Latest Bookmark,Country\n";
    private static readonly ExportFormat Format = ExportFormats.ForSchema("netflix-history-v1")!;

    [Fact]
    public void A_view_keeps_its_title_and_time_and_loses_who_where_and_on_what()
    {
        var files = Clean("ViewingActivity.csv", Header
            + "Samantha,2024-05-02 19:00:00,01:40:00,,\"Harbour: Season 2: One, two\",,Samplemaker 2019 UHD TV (Tizen),02:25:00,02:25:00,AU (Australia)\n"
            + "Kid,2024-05-02 18:00:00,00:00:30,,Trailer,TEASER_TRAILER,iPad,00:01:30,00:01:30,AU (Australia)\n"
            + "Kid,2024-05-02 17:00:00,00:20:00,Autoplayed: user action: None; ,Harbour,,iPad,00:01:30,00:01:30,AU (Australia)\n"
            + "Kid,2024-05-01 17:00:00,00:20:00,Autoplayed: user action: User_Interaction; ,Alone,,iPad 6th gen,00:01:30,00:01:30,AU (Australia)\n");
        Assert.Equal(
            "profile,started_at,seconds,title,work,device\r\n"
            + "7a49,2024-05-02T19:00:00Z,6000,\"Harbour: Season 2: One, two\",Harbour,tv\r\n"
            + "5ac4,2024-05-01T17:00:00Z,1200,Alone,Alone,tablet\r\n",
            files["views.csv"]);
    }

    [Fact]
    public void The_short_form_is_days_and_titles()
    {
        var files = Clean("NetflixViewingHistory.csv", "Title,Date\n\"Harbour: Season 2: One, two\",\"12/31/24\"\nAlone,1/2/23\n");
        Assert.Equal("title,work,date\r\n\"Harbour: Season 2: One, two\",Harbour,2024-12-31\r\nAlone,Alone,2023-01-02\r\n", files["days.csv"]);
        Assert.Equal(RowScope.Own, Format.Kinds.Single(k => k.Name == "days").Scope);
    }

    [Theory]
    [InlineData("days before months", "Title,Date\nAlone,31/12/24\n", "export.field_invalid")]
    [InlineData("no date", "Title,Date\nAlone,\n", "export.field_invalid")]
    [InlineData("a quote never closed", "Title,Date\n\"Alone,1/2/23\n", "export.quote")]
    [InlineData("too narrow", "Title,Date\nAlone\n", "export.row_too_narrow")]
    [InlineData("another's columns", "Name,When\nAlone,1/2/23\n", "export.not_recognised")]
    public void A_broken_history_is_refused(string name, string csv, string code)
    {
        var result = Packages.Clean(Format, System.Text.Encoding.UTF8.GetBytes(csv), out _, "NetflixViewingHistory.csv");
        Assert.Equal((name, code), (name, result.Refusal?.Code));
    }

    [Fact]
    public void A_view_has_the_same_key_whatever_its_profile_is_called()
    {
        static string Key(string profile) => Packages.RecordsOf(Format, Packages.Clean(Format, System.Text.Encoding.UTF8.GetBytes(
            Header + $"{profile},2024-05-02 19:00:00,01:40:00,,Alone,,iPad,,,AU\n"), "ViewingActivity.csv")).All.Single().Key;
        Assert.Equal(Key("Samantha"), Key("Sam"));
    }

    private static Dictionary<string, string> Clean(string name, string csv) =>
        Packages.Unzip(Packages.Clean(Format, System.Text.Encoding.UTF8.GetBytes(csv), name));
}
