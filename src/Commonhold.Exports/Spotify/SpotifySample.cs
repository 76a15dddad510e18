using System.Globalization;
using System.Text.Json.Nodes;
using Commonhold.Exports.Samples;

namespace Commonhold.Exports.Spotify;

/// <summary>The forms in which Spotify has sent listening histories.</summary>
internal enum SpotifyForm
{
    /// <summary>The account data of 2018–2023: <c>MyData/StreamingHistory0.json</c>.</summary>
    Account,

    /// <summary>The account data since 2024: music, podcasts and audiobooks in files of their own.</summary>
    AccountByKind,

    /// <summary>The extended history until 2022: <c>MyData/endsong_0.json</c>, with user name and decrypted address.</summary>
    Endsong,

    /// <summary>The extended history since then: <c>Streaming_History_Audio_2021-2022_0.json</c>.</summary>
    Extended,
}

/// <summary>One made-up listener and the same plays in any of the forms.</summary>
internal sealed class SpotifySample
{
    private static readonly string[] Artists =
        ["The Lantern Choir", "Ana Quill", "Møller & Sons", "DJ Halfstep", "Orchester am Kanal", "Kaito 海斗", "Paper Tigers", "Nan, the Elder"];

    private static readonly string[] Shows = ["The Allotment Hour", "Nightline, \"as it was\"", "Small Histories"];
    private readonly SampleArchive _archive = new();
    private readonly SpotifyForm _form;
    private readonly int _index;
    private SampleRandom _random;

    private SpotifySample(ulong seed, int index, int rows, SpotifyForm form)
    {
        _random = new SampleRandom((seed * 0x9E3779B97F4A7C15) ^ ((ulong)index * 0x8CB92BA72F3D8DD7));
        (_form, _index) = (form, index);
        var plays = Plays(rows);
        switch (form)
        {
            case SpotifyForm.Account:
                Split(plays.Where(p => p.Kind != "chapter"), n => $"MyData/StreamingHistory{n}.json", Short);
                break;
            case SpotifyForm.AccountByKind:
                Split(plays.Where(p => p.Kind == "track"), n => $"Spotify Account Data/StreamingHistory_music_{n}.json", Short);
                Split(plays.Where(p => p.Kind == "episode"), n => $"Spotify Account Data/StreamingHistory_podcast_{n}.json", Short);
                Split(plays.Where(p => p.Kind == "chapter"), n => $"Spotify Account Data/StreamingHistory_audiobook_{n}.json", Short);
                break;
            case SpotifyForm.Endsong:
                Split(plays.Where(p => p.Kind != "chapter"), n => $"MyData/endsong_{n}.json", Long);
                break;
            default:
                Split(plays, n => $"Spotify Extended Streaming History/Streaming_History_Audio_2021-2022_{n}.json", Long);
                Split([plays[0] with { Name = "A music video", At = plays[0].At.AddDays(2), IsPrivate = false }],
                    _ => "Spotify Extended Streaming History/Streaming_History_Video_2021-2022.json", Long);
                break;
        }

        AddOtherFiles();
    }

    public static SampleArchive Make(ulong seed, int index, int rows, SpotifyForm form) => new SpotifySample(seed, index, rows, form)._archive;

    private List<Play> Plays(int rows)
    {
        var plays = new List<Play>();
        var at = new DateTimeOffset(2021, 6, 1, 7, 12, 30, TimeSpan.Zero).AddMinutes(_index * 7);
        for (var i = 0; i < rows; i++)
        {
            at = at.AddSeconds(200 + _random.Below(i % 30 == 0 ? 900_000 : 4000));
            var kind = i % 11 == 5 ? "episode" : i % 23 == 7 ? "chapter" : "track";
            var artist = _random.Pick(kind == "track" ? Artists : Shows);
            var track = _random.Below(40);
            var full = 150_000 + (track * 3_137);
            var isSkipped = _random.Below(4) == 0;
            plays.Add(new Play(
                kind, at, isSkipped ? _random.Below(full) : full, artist, $"{(kind == "track" ? "Song" : "Part")} {track}",
                $"Album {track / 8}", isSkipped, i % 37 == 9));
        }

        return plays;
    }

    private void Split(IEnumerable<Play> plays, Func<int, string> name, Func<Play, JsonNode> render)
    {
        var list = plays.ToList();
        var number = 0;
        foreach (var part in list.Chunk(Math.Max(1, (list.Count + 1) / 2)))
            _archive.AddJson(name(number++), new JsonArray([.. part.Select(render)]));
    }

    private JsonObject Short(Play play)
    {
        var (by, what) = play.Kind switch
        {
            "track" => ("artistName", "trackName"),
            "episode" when _form == SpotifyForm.AccountByKind => ("podcastName", "episodeName"),
            "chapter" => ("authorName", "audiobookName"),
            _ => ("artistName", "trackName"),
        };
        return new JsonObject
        {
            ["endTime"] = play.At.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
            [by] = play.By,
            [what] = play.Name,
            ["msPlayed"] = play.Milliseconds,
        };
    }

    private JsonObject Long(Play play)
    {
        var isOld = _form == SpotifyForm.Endsong;
        var json = new JsonObject { ["ts"] = play.At.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) };
        if (isOld)
            json["username"] = _archive.Secret($"listener{_index}secret");
        json["platform"] = _archive.Secret("Samplephone OS 14 API 34 (Maker, Device-secret)");
        json["ms_played"] = play.Milliseconds;
        json["conn_country"] = _archive.Secret("Z1-secret");
        json[isOld ? "ip_addr_decrypted" : "ip_addr"] = _archive.Secret("203.0.113.91");
        if (isOld)
        {
            json["user_agent_decrypted"] = _archive.Secret("agent-secret");
            json["city"] = _archive.Secret("Secretville");
            json["region"] = _archive.Secret("SX-secret");
        }

        var isTrack = play.Kind == "track";
        json["master_metadata_track_name"] = isTrack ? play.Name : null;
        json["master_metadata_album_artist_name"] = isTrack ? play.By : null;
        json["master_metadata_album_album_name"] = isTrack ? play.Album : null;
        json["spotify_track_uri"] = isTrack ? "spotify:track:" + Id(play) : null;
        json["episode_name"] = play.Kind == "episode" ? play.Name : null;
        json["episode_show_name"] = play.Kind == "episode" ? play.By : null;
        json["spotify_episode_uri"] = play.Kind == "episode" ? "spotify:episode:" + Id(play) : null;
        if (!isOld)
        {
            json["audiobook_title"] = play.Kind == "chapter" ? play.Name : null;
            json["audiobook_uri"] = play.Kind == "chapter" ? "spotify:show:" + Id(play) : null;
            json["audiobook_chapter_uri"] = play.Kind == "chapter" ? "spotify:episode:" + Id(play) : null;
            json["audiobook_chapter_title"] = play.Kind == "chapter" ? play.Album : null;
        }

        json["reason_start"] = "trackdone";
        json["reason_end"] = play.IsSkipped ? "fwdbtn" : "trackdone";
        json["shuffle"] = false;
        json["skipped"] = isOld && !play.IsSkipped ? null : play.IsSkipped;
        json["offline"] = false;
        json["offline_timestamp"] = isOld ? play.At.ToUnixTimeMilliseconds() - 5_000 : play.At.ToUnixTimeSeconds();
        json["incognito_mode"] = play.IsPrivate;
        return json;
    }

    private void AddOtherFiles()
    {
        var folder = _form switch
        {
            SpotifyForm.Extended => "Spotify Extended Streaming History/",
            SpotifyForm.AccountByKind => "Spotify Account Data/",
            _ => "MyData/",
        };
        _archive.Add(folder + (_form == SpotifyForm.Extended ? "ReadMeFirst_ExtendedStreamingHistory.pdf" : "Read_Me_First.pdf"), _archive.Secret("%PDF-secret"));
        if (_form is SpotifyForm.Endsong or SpotifyForm.Extended)
            return;
        Private(folder + "Userdata.json", "email", "listener-secret@mail.example");
        Private(folder + "Identity.json", "displayName", "display-secret");
        Private(folder + "Identifiers.json", "identifierValue", "identifier-secret");
        Private(folder + "Payments.json", "payment_method", "card-secret");
        Private(folder + "Inferences.json", "inferences", "inference-secret");
        Private(folder + "SearchQueries.json", "searchQuery", "query-secret");
        Private(folder + "Follow.json", "userIsFollowing", "friend-secret");
        Private(folder + "Playlist1.json", "playlists", "playlist-secret");
        Private(folder + "YourLibrary.json", "tracks", "library-secret");
        Private(folder + "Marquee.json", "artistName", "marquee-secret");
        Private(folder + "DuoNewFamily.json", "address", "street-secret");
        Private(folder + "FileOfNextYear.json", "value", "unknown-secret");
    }

    private void Private(string name, string member, string value) => _archive.AddJson(name, new JsonObject { [member] = _archive.Secret(value) });

    // 22 characters of base 62, as Spotify's ids; the same for the same work.
    private static string Id(Play play)
    {
        var hash = FastHash.Append(FastHash.Start, System.Text.Encoding.UTF8.GetBytes($"{play.By}/{play.Name}"));
        return string.Create(22, hash, static (text, value) =>
        {
            for (var i = 0; i < text.Length; i++, value = (value * 6364136223846793005) + 1442695040888963407)
                text[i] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"[(int)((value >> 33) % 62)];
        });
    }

    private sealed record Play(
        string Kind, DateTimeOffset At, int Milliseconds, string By, string Name, string Album, bool IsSkipped, bool IsPrivate);
}
