using Commonhold.Exports;
using Commonhold.Exports.Spotify;
using Commonhold.Tests.Exports.Tables;

namespace Commonhold.Tests.Exports.Spotify;

public class SpotifyHistoryTests
{
    private static readonly ExportFormat Format = ExportFormats.ForSchema("spotify-history-v1")!;

    [Fact]
    public void A_play_has_one_key_in_the_account_data_and_in_the_extended_history()
    {
        var account = Packages.Zip(("MyData/StreamingHistory0.json",
            """[{"endTime": "2022-12-05 16:52", "artistName": "Ana Quill", "trackName": "Freefall", "msPlayed": 152293}]"""));
        var extended = Packages.Zip(("MyData/endsong_0.json", Extended("2022-12-05T16:52:41Z", "ANA Quill", "Freefall", 152293)));
        Assert.Equal(Keys(account), Keys(extended));
        Assert.Single(Keys(account));
    }

    [Theory]
    [InlineData("another minute", "2022-12-05T16:53:01Z", "Ana Quill", "Freefall", 152293)]
    [InlineData("an album by several", "2022-12-05T16:52:41Z", "Various Artists", "Freefall", 152293)]
    [InlineData("played a little longer", "2022-12-05T16:52:41Z", "Ana Quill", "Freefall", 152294)]
    public void Where_the_two_forms_say_different_things_a_play_has_two_keys(string name, string ts, string artist, string track, int milliseconds)
    {
        var account = Packages.Zip(("StreamingHistory_music_0.json",
            """[{"endTime": "2022-12-05 16:52", "artistName": "Ana Quill", "trackName": "Freefall", "msPlayed": 152293}]"""));
        var extended = Packages.Zip(("Streaming_History_Audio_2022_0.json", Extended(ts, artist, track, milliseconds)));
        Assert.False(Keys(account).SetEquals(Keys(extended)), name);
    }

    [Fact]
    public void One_listeners_plays_are_the_same_in_all_forms_but_for_what_a_form_does_not_tell()
    {
        var account = Keys(SpotifyForm.Account);
        var byKind = Keys(SpotifyForm.AccountByKind);
        var endsong = Keys(SpotifyForm.Endsong);
        var extended = Keys(SpotifyForm.Extended);

        // Private sessions stay behind where the form marks them; the account data does not.
        Assert.Superset(endsong, account);
        Assert.Superset(endsong, extended);
        Assert.Superset(account, byKind);
        Assert.InRange(account.Except(endsong).Count(), 1, 10);
    }

    [Fact]
    public void Private_sessions_and_what_is_no_play_stay_behind()
    {
        var export = Packages.Zip(("Streaming_History_Audio_2022_0.json", $"[{string.Join(',',
            Extended("2022-12-05T16:52:41Z", "Ana Quill", "Freefall", 40_000)[1..^1],
            Extended("2022-12-05T16:55:41Z", "Ana Quill", "Secretly", 40_000)[1..^1].Replace("\"incognito_mode\": false", "\"incognito_mode\": true", StringComparison.Ordinal),
            Extended("2022-12-05T16:56:41Z", "Ana Quill", "Skipped", 900)[1..^1],
            """{"ts": "2022-12-05T17:00:00Z", "ms_played": 5000, "master_metadata_track_name": null, "master_metadata_album_artist_name": null, "spotify_track_uri": null}""")}]"));
        var cleaned = Packages.Clean(Format, export, out var bytes).OrThrow();
        Assert.Contains(cleaned.Dropped, d => d is { Rows: 1, Reason: "private sessions" });
        Assert.Contains(cleaned.Dropped, d => d is { Rows: 1, Reason: "records without a usable 'by'" });
        Assert.Contains(cleaned.Dropped, d => d is { Column: "ip_addr", Reason: "IP addresses" });
        var plays = Packages.RecordsOf(Format, bytes);
        Assert.Null(plays.Account!.Id);
        Assert.Equal(["ana quill", "ana quill"], plays.All.Select(p => p.Place));
        Assert.Equal([128, 0], plays.All.Select(p => (int)p.Quality));
    }

    [Theory]
    [InlineData("half an object", """[{"endTime": "2022-12-05 16:52", "artistName": "A", "trackName": "B", "msPlayed": 1""", "export.json_invalid")]
    [InlineData("a time that is none", """[{"endTime": "noon", "artistName": "A", "trackName": "B", "msPlayed": 1}]""", "export.field_invalid")]
    [InlineData("less than nothing", """[{"endTime": "2022-12-05 16:52", "artistName": "A", "trackName": "B", "msPlayed": -1}]""", "export.field_invalid")]
    [InlineData("a fraction", """[{"endTime": "2022-12-05 16:52", "artistName": "A", "trackName": "B", "msPlayed": 1.5}]""", "export.field_invalid")]
    [InlineData("another's fields", """[{"time": "2022-12-05 16:52"}]""", "export.not_recognised")]
    public void A_broken_history_is_refused(string name, string json, string code)
    {
        Assert.Equal((name, code), (name, Packages.Clean(Format, Packages.Zip(("StreamingHistory0.json", json)), out _).Refusal?.Code));
    }

    private static string Extended(string ts, string artist, string track, int milliseconds) => $$"""
        [{"ts": "{{ts}}", "platform": "ios", "ms_played": {{milliseconds}}, "conn_country": "ZZ", "ip_addr": "203.0.113.9", "master_metadata_track_name": "{{track}}",
          "master_metadata_album_artist_name": "{{artist}}", "master_metadata_album_album_name": "Album", "spotify_track_uri": "spotify:track:2QMihQt7YoEPkPNcDsAJf5",
          "reason_start": "trackdone", "reason_end": "trackdone", "shuffle": false, "skipped": null, "offline": false, "offline_timestamp": null, "incognito_mode": false}]
        """.Trim();

    private static HashSet<string> Keys(byte[] export) =>
        [.. Packages.RecordsOf(Format, Packages.Clean(Format, export)).All.Select(r => r.Key)];

    private static HashSet<string> Keys(SpotifyForm form)
    {
        using var bytes = new MemoryStream();
        SpotifySample.Make(9, 0, 200, form).WriteZip(bytes);
        return Keys(bytes.ToArray());
    }
}
