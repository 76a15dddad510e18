using System.Globalization;
using System.Text.Json.Nodes;
using Commonhold.Exports.Samples;

namespace Commonhold.Exports.X;

/// <summary>The forms in which X (Twitter) has sent archives.</summary>
internal enum XForm
{
    /// <summary>2018–2019: files at the top, <c>tweet.js</c> whose elements are the tweets themselves, no manifest.</summary>
    Flat,

    /// <summary>2020–2022: <c>data/tweet.js</c>, each tweet in a <c>tweet</c> member.</summary>
    Data,

    /// <summary>Since late 2022: <c>data/tweets.js</c> in parts, note tweets, community tweets, Grok chats.</summary>
    Parts,
}

/// <summary>One made-up account on X and its archive, with something private in every file that holds such a thing.</summary>
internal sealed class XSample
{
    private const long SnowflakeEpoch = 1288834974657;
    private static readonly string[] Languages = ["en", "en", "en", "de", "ja", "und"];
    private static readonly DateTimeOffset Start = new(2015, 3, 1, 9, 30, 0, TimeSpan.Zero);
    private readonly SampleArchive _archive = new();
    private readonly XForm _form;
    private readonly int _index;
    private readonly string _folder;
    private SampleRandom _random;

    private XSample(ulong seed, int index, int rows, XForm form)
    {
        _random = new SampleRandom((seed * 0x9E3779B97F4A7C15) ^ ((ulong)index * 0xA24BAED4963EE407));
        (_index, _form, _folder) = (index, form, form == XForm.Flat ? "" : "data/");
        AddAccount();
        AddPosts(rows);
        AddLikes(rows);
        AddPrivateFiles();
    }

    public static SampleArchive Make(ulong seed, int index, int rows, XForm form) => new XSample(seed, index, rows, form)._archive;

    /// <summary>The account id of the sample with that number.</summary>
    public static string AccountId(int index) => (140_000_000L + index).ToString(CultureInfo.InvariantCulture);

    private void AddAccount()
    {
        Script("account", "account", 0, [Wrapped("account", new JsonObject
        {
            ["email"] = _archive.Secret($"member{_index}@mail.example"),
            ["createdVia"] = _archive.Secret("oauth:258901"),
            ["username"] = $"sample_{_index}",
            ["accountId"] = AccountId(_index),
            ["createdAt"] = "2009-05-14T08:20:11.000Z",
            ["accountDisplayName"] = _archive.Secret("Sam Sampleworth"),
        })]);
        if (_form == XForm.Flat)
            return;

        var config = new JsonObject
        {
            ["userInfo"] = new JsonObject
            {
                ["accountId"] = AccountId(_index),
                ["userName"] = $"sample_{_index}",
                ["displayName"] = "Sam Sampleworth",
            },
            ["archiveInfo"] = new JsonObject
            {
                ["sizeBytes"] = "481234",
                ["generationDate"] = "2025-02-03T10:11:12.000Z",
                ["isPartialArchive"] = false,
                ["maxPartSizeBytes"] = "53687091200",
            },
            ["readmeInfo"] = new JsonObject { ["fileName"] = "data/README.txt", ["directory"] = "data/", ["name"] = "README.txt" },
            ["dataTypes"] = new JsonObject
            {
                ["account"] = new JsonObject
                {
                    ["files"] = new JsonArray(new JsonObject { ["fileName"] = "data/account.js", ["globalName"] = "YTD.account.part0", ["count"] = "1" }),
                },
            },
        };
        _archive.AddJson("data/manifest.js", config, "window.__THAR_CONFIG = ");
        _archive.Add("data/README.txt", $"This archive was generated at the request of @sample_{_index}, {_archive.Secret("readme-secret")}");
        _archive.Add("Your archive.html", $"<html>{_archive.Secret("html-secret")}</html>");
        _archive.Add("assets/js/main.0a1b2c.js", "var assets = 1;");
        _archive.Add("data/tweets_media/1-a.jpg", _archive.Secret("jpeg-secret"));
    }

    private void AddPosts(int rows)
    {
        var name = _form == XForm.Parts ? "tweets" : "tweet";
        var parts = new List<JsonArray> { new() };
        var notes = new JsonArray();
        var at = Start;
        for (var i = 0; i < rows; i++)
        {
            // Posts from before November 2010 have small numbers that say nothing of the time.
            at = at.AddSeconds(60 + _random.Below(90 * 24 * 3600 / Math.Max(1, rows / 40)));
            var isOld = i < rows / 40;
            var id = isOld ? (1_800_000_000L + (i * 7_919L) + _index).ToString(CultureInfo.InvariantCulture) : Snowflake(at, i);
            var created = isOld ? new DateTimeOffset(2009, 6, 1, 12, 0, 0, TimeSpan.Zero).AddHours(i * 31) : at;
            if (_form == XForm.Parts && i == rows / 2)
                parts.Add([]);
            parts[^1].Add(Tweet(id, created, i));
            if (_form == XForm.Parts && i % 25 == 3)
                notes.Add(Note(id, created));
        }

        for (var part = 0; part < parts.Count; part++)
            Script(part == 0 ? name : $"{name}-part{part}", name, part, parts[part]);
        if (_form != XForm.Parts)
            return;
        Script("note-tweet", "note_tweet", 0, notes);
        Script("community-tweet", "community_tweet", 0, [Tweet(Snowflake(at.AddHours(1), rows), at.AddHours(1), 4)]);
        Script("deleted-tweets", "deleted_tweets", 0, [Wrapped("tweet", new JsonObject
        {
            ["id_str"] = _archive.Secret(Snowflake(at.AddHours(2), rows + 1)),
            ["created_at"] = CreatedAt(at.AddHours(2)),
            ["full_text"] = _archive.Secret("deleted-secret words"),
            ["deleted_at"] = "2025-01-02T03:04:05.000Z",
        })]);
    }

    private JsonObject Tweet(string id, DateTimeOffset created, int row)
    {
        var tweet = new JsonObject
        {
            ["retweeted"] = false,
            ["source"] = $"<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">{_archive.Secret("Twitter for Samplephone")}</a>",
            ["entities"] = new JsonObject
            {
                ["hashtags"] = new JsonArray(),
                ["user_mentions"] = new JsonArray(new JsonObject { ["name"] = _archive.Secret("Mentioned Person"), ["screen_name"] = "someone", ["id_str"] = "12" }),
                ["urls"] = new JsonArray(),
            },
            ["display_text_range"] = new JsonArray("0", "80"),
            ["favorite_count"] = _random.Below(40).ToString(CultureInfo.InvariantCulture),
            ["id_str"] = id,
            ["truncated"] = false,
            ["retweet_count"] = _random.Below(9).ToString(CultureInfo.InvariantCulture),
            ["id"] = id,
            ["created_at"] = CreatedAt(created),
            ["favorited"] = false,
            ["full_text"] = row % 9 == 8 ? "RT @someone: " + _archive.Secret("words of somebody else") : SampleText.Sentence(ref _random),
            ["lang"] = _random.Pick(Languages),
        };
        if (_form == XForm.Parts)
            tweet["edit_info"] = new JsonObject { ["initial"] = new JsonObject { ["editTweetIds"] = new JsonArray(id), ["editsRemaining"] = "5" } };
        if (row % 4 == 1)
        {
            tweet["in_reply_to_status_id_str"] = id.Length < 12 ? "1799999999" : Snowflake(created.AddMinutes(-9), row);
            tweet["in_reply_to_user_id_str"] = "12";
            tweet["in_reply_to_screen_name"] = _archive.Secret("replied_to_person");
        }

        if (row % 30 == 7)
            tweet["geo"] = new JsonObject { ["type"] = "Point", ["coordinates"] = new JsonArray(_archive.Secret("52.5200066"), "13.404954") };
        return _form == XForm.Flat ? tweet : Wrapped("tweet", tweet);
    }

    private JsonObject Note(string id, DateTimeOffset created)
    {
        // A copy: the other forms draw no notes, and their posts are the same.
        var random = _random;
        return Wrapped("noteTweet", new JsonObject
        {
            ["noteTweetId"] = (long.Parse(id, CultureInfo.InvariantCulture) - 4096).ToString(CultureInfo.InvariantCulture),
            ["updatedAt"] = created.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            ["lifecycle"] = new JsonObject { ["value"] = "1", ["name"] = "Published" },
            ["createdAt"] = created.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            ["core"] = new JsonObject
            {
                ["mentions"] = new JsonArray(),
                ["urls"] = new JsonArray(),
                ["text"] = SampleText.Comment(ref random) + "\n\n" + SampleText.Comment(ref random),
            },
        });
    }

    private void AddLikes(int rows)
    {
        var likes = new JsonArray();
        for (var i = 0; i < rows; i++)
        {
            var id = Snowflake(Start.AddHours(i * 5), _random.Below(4096));
            likes.Add(Wrapped("like", new JsonObject
            {
                ["tweetId"] = id,
                ["fullText"] = _archive.Secret("words that somebody else wrote"),
                ["expandedUrl"] = $"https://twitter.com/i/web/status/{id}",
            }));
        }

        Script("like", "like", 0, likes);
    }

    private void AddPrivateFiles()
    {
        var message = new JsonObject
        {
            ["dmConversation"] = new JsonObject
            {
                ["conversationId"] = "12-34",
                ["messages"] = new JsonArray(new JsonObject
                {
                    ["messageCreate"] = new JsonObject { ["id"] = _archive.Secret("1599900012345"), ["text"] = _archive.Secret("dm-secret") },
                }),
            },
        };
        Script(_form == XForm.Flat ? "direct-message" : "direct-messages", "direct_messages", 0, [message]);
        Private("ip-audit", "ipAudit", ("accountId", AccountId(_index)), ("loginIp", "203.0.113.77"));
        Private("account-creation-ip", "accountCreationIp", ("accountId", AccountId(_index)), ("userCreationIp", "203.0.113.78"));
        Private("contact", "contact", ("id", "77"), ("emails", "friend@mail.example"));
        Private("email-address-change", "emailAddressChange", ("changedTo", "newer@mail.example"));
        Private("phone-number", "device", ("phoneNumber", "+12025550143"));
        Private("ageinfo", "ageMeta", ("birthDate", "1991-02-03-secret"));
        Private("personalization", "p13nData", ("gender", "gender-secret"));
        Private("ad-engagements", "ad", ("advertiser", "ad-secret"));
        Private("ad-impressions", "ad", ("advertiser", "impression-secret"));
        Private("follower", "follower", ("accountId", "990000001"), ("userLink", "https://twitter.com/intent/user?user_id=990000001"));
        Private("following", "following", ("accountId", "990000002"), ("userLink", "https://twitter.com/intent/user?user_id=990000002"));
        Private("block", "blocking", ("accountId", "990000003"));
        Private("profile", "profile", ("bio", "bio-secret"), ("location", "location-secret"));
        Private("connected-application", "connectedApplication", ("name", "app-secret"));
        Private("device-token", "deviceToken", ("token", "token-secret"));
        Private("saved-search", "savedSearch", ("query", "search-secret"));
        if (_form == XForm.Parts)
            Private("grok-chat-item", "grokChatItem", ("message", "grok-secret"));
        Private("a-file-of-next-year", "news", ("value", "unknown-secret"));
    }

    private void Private(string file, string member, params (string Name, string Value)[] values)
    {
        var json = new JsonObject();
        foreach (var (name, value) in values)
            json[name] = value == AccountId(_index) || value == "77" ? value : _archive.Secret(value);
        Script(file, file.Replace('-', '_'), 0, [Wrapped(member, json)]);
    }

    private void Script(string file, string global, int part, JsonArray content) =>
        _archive.AddJson($"{_folder}{file}.js", content, $"window.YTD.{global}.part{part} = ");

    private string Snowflake(DateTimeOffset at, int sequence)
    {
        var milliseconds = at.ToUnixTimeMilliseconds() + _random.Below(1000) - SnowflakeEpoch;
        var id = (milliseconds << 22) | ((long)(_index & 0x3FF) << 12) | (long)(sequence & 0xFFF);
        return id.ToString(CultureInfo.InvariantCulture);
    }

    private static JsonObject Wrapped(string member, JsonObject value) => new() { [member] = value };

    private static string CreatedAt(DateTimeOffset at) => at.ToString("ddd MMM dd HH:mm:ss '+0000' yyyy", CultureInfo.InvariantCulture);
}
