using System.IO.Compression;
using System.Text;
using Commonhold.Tests.Exports.Tables;

namespace Commonhold.Tests.Exports.Providers;

/// <summary>Exports with something odd in them, taken or refused: both readers must say the same of each.</summary>
internal static class ProviderOddities
{
    private const string ChatGpt = "chatgpt-conversations-v1";
    private const string Netflix = "netflix-history-v1";
    private const string Spotify = "spotify-history-v1";
    private const string X = "x-archive-v1";
    private const string Account = """window.YTD.account.part0 = [{"account": {"accountId": "42", "createdAt": "2009-05-14T08:20:11.000Z"}}]""";

    public static IEnumerable<(string Name, string Schema, string FileName, byte[] Bytes)> All() =>
        [.. Scripts(), .. Documents(), .. Plays(), .. Tables(), .. Conversations(), .. Archives()];

    private static IEnumerable<(string, string, string, byte[])> Scripts()
    {
        (string Name, string Tweets)[] cases =
        [
            ("nothing", ""),
            ("an empty list", "window.YTD.tweets.part0 = []"),
            ("a semicolon behind it", Tweet("1", "a") + ";\n"),
            ("two semicolons behind it", Tweet("1", "a") + ";;"),
            ("code behind it", Tweet("1", "a") + "; alert(1)"),
            ("code before it", "alert(1); " + Tweet("1", "a")),
            ("another name", Tweet("1", "a").Replace("window.YTD", "globalThis.\u00e9", StringComparison.Ordinal)),
            ("no assignment", "[]"),
            ("a byte-order mark", "\uFEFF" + Tweet("1", "a")),
            ("escapes", Tweet("1", "a\\n\\t\\\"\\\\\\/\\u00e9\\ud83d\\ude00")),
            ("half a surrogate pair", Tweet("1", "a\\ud83d b\\ude00")),
            ("an escaped NUL", Tweet("1", "a\\u0000b")),
            ("an escape that is none", Tweet("1", "a\\xb")),
            ("a line end in a text", Tweet("1", "a\nb")),
            ("a text twice", Tweet("1", "a").Replace("\"lang\"", "\"full_text\": \"b\", \"lang\"", StringComparison.Ordinal)),
            ("an unknown name twice", Tweet("1", "a").Replace("\"lang\"", "\"z\": 1, \"z\": 2, \"lang\"", StringComparison.Ordinal)),
            ("a name twice where nobody looks", Tweet("1", "a").Replace("\"lang\"", "\"z\": {\"y\": 1, \"y\": 2}, \"lang\"", StringComparison.Ordinal)),
            ("a comma too many", Tweet("1", "a").Replace("\"en\"}", "\"en\",}", StringComparison.Ordinal)),
            ("a number that is none", Tweet("1", "a").Replace("\"5\"", "05", StringComparison.Ordinal)),
            ("a number with an exponent", Tweet("1", "a").Replace("\"5\"", "1e2", StringComparison.Ordinal)),
            ("a fraction of a like", Tweet("1", "a").Replace("\"5\"", "\"5.9\"", StringComparison.Ordinal)),
            ("likes as a list", Tweet("1", "a").Replace("\"5\"", "[1, 2]", StringComparison.Ordinal)),
            ("a text as an object", Tweet("1", "a").Replace("\"a\"", "{\"x\": 1}", StringComparison.Ordinal)),
            ("a text as null", Tweet("1", "a").Replace("\"a\"", "null", StringComparison.Ordinal)),
            ("a text as a number", Tweet("1", "a").Replace("\"a\"", "12.50", StringComparison.Ordinal)),
            ("too deep", Tweet("1", "a").Replace("\"5\"", new string('[', 90) + new string(']', 90), StringComparison.Ordinal)),
            ("as deep as may be", Tweet("1", "a").Replace("\"5\"", new string('[', 61) + new string(']', 61), StringComparison.Ordinal)),
            ("a level deeper", Tweet("1", "a").Replace("\"5\"", new string('[', 62) + new string(']', 62), StringComparison.Ordinal)),
            ("an id of letters", Tweet("one", "a")),
            ("an id of another time", Tweet("1690395372546301952", "a")),
            ("a repost", Tweet("1", "RT @someone: a")),
            ("a record too long", Tweet("1", Noise(1_100_000))),
            ("a field too long", Tweet("1", Noise(300_000))),
            ("quotes, commas and lines", Tweet("1", "\\\"a\\\", b\\r\\nc")),
            ("space around it", "\r\n\t window.YTD.tweets.part0 \n=\n " + Tweet("1", "a")["window.YTD.tweets.part0 = ".Length..] + " \n"),
        ];
        foreach (var (name, tweets) in cases)
            yield return ($"script, {name}", X, "x.zip", Packages.Zip(("data/account.js", Account), ("data/tweets.js", tweets)));
        yield return ("script, Latin-1", X, "x.zip", ZipBytes(("account.js", Encoding.UTF8.GetBytes(Account)), ("tweets.js", Encoding.Latin1.GetBytes(Tweet("1", "é")))));
        yield return ("script, UTF-16", X, "x.zip", ZipBytes(("account.js", Encoding.UTF8.GetBytes(Account)), ("tweets.js", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Tweet("1", "a"))])));
        yield return ("script, no account", X, "x.zip", Packages.Zip(("tweets.js", Tweet("1", "a"))));
        yield return ("script, an account of spaces", X, "x.zip", Packages.Zip(("account.js", Account.Replace("42", " \\u0009", StringComparison.Ordinal)), ("tweets.js", Tweet("1", "a"))));
        yield return ("script, an account without a date", X, "x.zip", Packages.Zip(("account.js", Account.Replace("2009-05-14T08:20:11.000Z", "long ago", StringComparison.Ordinal)), ("tweets.js", Tweet("1", "a"))));
    }

    private static IEnumerable<(string, string, string, byte[])> Documents()
    {
        const string Play = """{"endTime": "2022-12-05 16:52", "artistName": "A", "trackName": "B", "msPlayed": 1}""";
        foreach (var (name, json) in ((string, string)[])
            [("", ""), ("null", "null"), ("a text", "\"a\""), ("an object", Play), ("two documents", $"[{Play}] [{Play}]"), ("in capitals", $"[{Play}, NULL]"), ("null among plays", $"[{Play}, null]"),
            ("a list among plays", $"[{Play}, [1]]"), ("cut in a text", $"[{Play}, {{\"endTi"), ("cut in an escape", $"[{Play}, \"\\u00"), ("comments", $"[{Play} /* a */]")])
            yield return ($"document, {name}", Spotify, "s.zip", Packages.Zip(("StreamingHistory0.json", json)));
    }

    private static IEnumerable<(string, string, string, byte[])> Plays()
    {
        foreach (var time in (string[])["2022-12-05 16:52", "2022-12-05T16:52:31Z", "2022-12-05T16:52:60Z", "2022-12-05 16:52:31.1234567890", "2022-12-05 16:52:31,5 +01:30", "2022-12-05 16:52 -0200",
            "2022-12-05 16:52+15", "2022-02-30 10:00", "2024-02-29 10:00", "0001-01-01 00:00", "9999-12-31 23:59:59.9999999", "2022-12-05", "2022-12-05 24:00", "16:52", "2022-12-05t16:52z", "2022-12-05 16:52 GMT"])
            yield return ($"time {time}", Spotify, "s.zip", Packages.Zip(("StreamingHistory0.json", $$"""[{"endTime": "{{time}}", "artistName": "A", "trackName": "B", "msPlayed": 1}]""")));
        foreach (var number in (string[])["0", "-0", "-1", "1.0", "1e3", "12345678901234567890", "\"7\"", "\"+7\"", "\"007\"", "true", "null", "[]", "{}", "604800001"])
            yield return ($"number {number}", Spotify, "s.zip", Packages.Zip(("StreamingHistory0.json", $$"""[{"endTime": "2022-12-05 16:52", "artistName": "A", "trackName": "B", "msPlayed": {{number}} }]""")));
        yield return ("places in other letters", Spotify, "s.zip", Packages.Zip(("StreamingHistory0.json",
            "[" + string.Join(',', ((string[])["Møller", "MØLLER", "møller", "海斗", new string('é', 200), new string('x', 2000), "\\ud83d"]).Select((by, i) =>
                $$"""{"endTime": "2022-12-05 16:{{i + 10}}", "artistName": "{{by}}", "trackName": "B", "msPlayed": 1}""")) + "]")));
    }

    private static IEnumerable<(string, string, string, byte[])> Tables()
    {
        const string Header = "Profile Name,Start Time,Duration,Attributes,Title,Supplemental Video Type,Device Type,Bookmark,Latest Bookmark,Country\n";
        foreach (var (name, csv) in ((string, string)[])
            [("nothing", ""), ("a header", Header), ("columns moved and added", "Title,New,Start Time,Duration,Profile Name,Supplemental Video Type\nA: B,x,2024-05-02 19:00:00,00:10:00,P,\n"),
            ("a column twice", Header.Replace("Country", "Title", StringComparison.Ordinal)), ("CRLF and empty lines", Header + "\r\nP,2024-05-02 19:00:00,00:10:00,,\"A, \"\"B\"\"\",,iPad,,,\r\n\r\n"),
            ("a lone quote", Header + "P,2024-05-02 19:00:00,00:10:00,,A\"B,,iPad,,,\n"), ("spaces around", Header + "P, 2024-05-02 19:00:00,00:10:00,,\u00a0 A : B\u3000,,iPad,,,\n"),
            ("a duration of minutes", Header + "P,2024-05-02 19:00:00,10:00,,A,,iPad,,,\n"), ("a duration that is none", Header + "P,2024-05-02 19:00:00,10:75:00,,A,,iPad,,,\n"),
            ("devices", Header + string.Concat(((string[])["Apple TV 4K", "Galaxy Tab", "PC", "Garmin", "", "Karaoke"]).Select((d, i) => $"P,2024-05-02 19:00:0{i},00:10:00,,A,,{d},,,\n"))),
            ("a byte-order mark", "\uFEFF" + Header + "P,2024-05-02 19:00:00,00:10:00,,A,,iPad,,,\n"), ("a NUL", Header + "P\0,2024-05-02 19:00:00,00:10:00,,A,,iPad,,,\n"),
            ("a row too narrow", Header + "P,2024-05-02 19:00:00\n"), ("a title of nothing", Header + "P,2024-05-02 19:00:00,00:10:00,, ,,iPad,,,\n")])
        {
            yield return ($"table, {name}", Netflix, "ViewingActivity.csv", Encoding.UTF8.GetBytes(csv));
            yield return ($"table zipped, {name}", Netflix, "n.zip", Packages.Zip(("a/b/viewingactivity.csv", csv)));
        }

        foreach (var date in (string[])["1/2/23", "12/31/2024", "31/12/24", "2/29/24", "2/29/23", "1.2.23", "1/2/68", "1/2/69", "01/02/2023", "1/2/023", "2023-01-02"])
            yield return ($"date {date}", Netflix, "days.csv", Encoding.UTF8.GetBytes($"Title,Date\nA,{date}\n"));
    }

    private static IEnumerable<(string, string, string, byte[])> Conversations()
    {
        foreach (var (name, time, content, recipient) in ((string, string, string, string)[])
            [("seconds", "1757492876", """{"content_type": "text", "parts": ["a"]}""", "\"all\""), ("a text of seconds", "\"1757492876.5\"", """{"content_type": "text", "parts": ["a"]}""", "\"all\""),
            ("many digits", "1757492876.12345675", """{"content_type": "text", "parts": ["a"]}""", "\"all\""), ("half a tick", "1757492876.12345665", """{"content_type": "text", "parts": ["a"]}""", "\"all\""),
            ("an exponent", "1.757492876e9", """{"content_type": "text", "parts": ["a"]}""", "\"all\""), ("long ago", "-62135596801", """{"content_type": "text", "parts": ["a"]}""", "\"all\""),
            ("no time", "null", """{"content_type": "text", "parts": ["a"]}""", "\"all\""), ("no parts", "1", """{"content_type": "text"}""", "\"all\""), ("parts of nothing", "1", """{"content_type": "text", "parts": ["", "", {"a": "b"}]}""", "\"all\""),
            ("parts within parts", "1", """{"content_type": "text", "parts": ["a", ["b"], 3, null, "", "c\u00e9"]}""", "\"all\""), ("parts that are a text", "1", """{"content_type": "text", "parts": "a"}""", "\"all\""),
            ("code", "1", """{"content_type": "code", "text": "a"}""", "\"all\""), ("to a tool", "1", """{"content_type": "text", "parts": ["a"]}""", "\"browser\""), ("to nobody", "1", """{"content_type": "text", "parts": ["a"]}""", "null")])
        {
            yield return ($"message, {name}", ChatGpt, "c.zip", Packages.Zip(
                ("user.json", """{"id": "user-1", "email": "a@mail.example"}"""),
                ("conversations.json", $$"""
                    [{"title": "t", "mapping": {"n": {"id": "n", "message": {"id": "m", "author": {"role": "user"}, "create_time": {{time}}, "content": {{content}}, "recipient": {{recipient}} }, "parent": null} },
                      "create_time": 1757492876, "current_node": "n", "conversation_id": "68c13686-4a3c-8329-940b-479ccb6a079f"}]
                    """)));
        }
    }

    private static IEnumerable<(string, string, string, byte[])> Archives()
    {
        var account = Encoding.UTF8.GetBytes(Account);
        var tweets = Encoding.UTF8.GetBytes(Tweet("1", "a"));
        var honest = ((string, byte[])[])[("data/account.js", account), ("data/tweets.js", tweets)];
        yield return ("archive, folders, pictures and names in other letters", X, "x.zip", ZipBytes([.. honest, ("data/", []), ("data/tweets_media/1-a.jpg", [1, 2]), ("data/tweets_media/1-b.jpg", [1, 2]), ("data/фото.jpg", [3])]));
        yield return ("archive, many unknown files", X, "x.zip", ZipBytes([.. honest, .. Enumerable.Range(0, 30).Select(i => ($"data/new-{i}.js", new byte[] { 1 }))]));
        yield return ("archive, a name of 100 letters", X, "x.zip", ZipBytes([.. honest, ("data/" + new string('n', 100) + ".js", [1])]));
        yield return ("archive, out of it", X, "x.zip", ZipBytes([.. honest, ("../data/a.js", [])]));
        yield return ("archive, an archive inside", X, "x.zip", ZipBytes([.. honest, ("data/old.zip", ZipBytes(honest))]));
        yield return ("archive, an archive for a script", X, "x.zip", ZipBytes(("account.js", account), ("tweets.js", ZipBytes(honest))));
        yield return ("archive, cut", X, "x.zip", ZipBytes(honest)[..^30]);
        yield return ("archive, bytes behind", X, "x.zip", [.. ZipBytes(honest), 1]);
        yield return ("archive, a name twice", X, "x.zip", RawZip.Write([.. honest.Append(honest[1]).Select(f => new RawEntry(f.Item1, f.Item2))]));
        yield return ("archive, a bomb that is not opened", X, "x.zip", RawZip.Write([.. honest.Append(("data/ad-x.js", new byte[4 << 20])).Select(f => new RawEntry(f.Item1, f.Item2))]));
        yield return ("archive, a bomb that is opened", X, "x.zip", RawZip.Write([new RawEntry("account.js", account), new RawEntry("tweets.js", [.. tweets, .. Encoding.UTF8.GetBytes(new string(' ', 4 << 20))])]));
        yield return ("archive, a wrong checksum", X, "x.zip", RawZip.Write([new RawEntry("account.js", account), new RawEntry("tweets.js", tweets) { DeclaredCrc = 5 }]));
        yield return ("archive, another's", X, "x.zip", ZipBytes(("manifest.json", [1])));
        yield return ("archive, not one", X, "tweets.js", tweets);
    }

    private static string Tweet(string id, string text) =>
        $$"""window.YTD.tweets.part0 = [{"tweet": {"id_str": "{{id}}", "created_at": "Mon Jun 01 12:00:00 +0000 2009", "full_text": "{{text}}", "favorite_count": "5", "lang": "en"} }]""";

    private static byte[] ZipBytes(params (string Name, byte[] Bytes)[] files)
    {
        using var output = new MemoryStream();
        using (var zip = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in files)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(bytes);
            }
        }

        return output.ToArray();
    }

    // Text that does not compress well.
    private static string Noise(int length)
    {
        var state = 88172645463325252UL;
        return string.Create(length, state, static (span, seed) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                seed ^= seed << 13;
                seed ^= seed >> 7;
                seed ^= seed << 17;
                span[i] = (char)('a' + (seed % 26));
            }
        });
    }
}
