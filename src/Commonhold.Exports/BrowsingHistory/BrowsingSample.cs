using System.Text.Json.Nodes;
using Commonhold.Exports.Samples;

namespace Commonhold.Exports.BrowsingHistory;

/// <summary>The forms in which browsing histories come.</summary>
internal enum BrowsingForm
{
    /// <summary>Google Takeout with <c>Takeout/Chrome/History.json</c>.</summary>
    Takeout,

    /// <summary>As Takeout was until about 2023: <c>BrowserHistory.json</c>, <c>page_transition</c>.</summary>
    OlderTakeout,

    /// <summary><c>History.json</c> by itself.</summary>
    TakeoutFile,

    /// <summary>Chrome's own database, <c>History</c>.</summary>
    Chrome,

    /// <summary>That of a Chrome before 2020: fewer columns.</summary>
    OlderChrome,

    /// <summary>Firefox's <c>places.sqlite</c>.</summary>
    Firefox,
}

/// <summary>One made-up person's browsing. The same person's visits are the same in every form.</summary>
internal sealed class BrowsingSample
{
    /// <summary>From 1601, where Chrome counts from, to 1970, in microseconds.</summary>
    private const long WebKitEpoch = 11_644_473_600_000_000;

    private const string Urls =
        "CREATE TABLE urls(id INTEGER PRIMARY KEY AUTOINCREMENT,url LONGVARCHAR,title LONGVARCHAR,visit_count INTEGER DEFAULT 0 NOT NULL,"
        + "typed_count INTEGER DEFAULT 0 NOT NULL,last_visit_time INTEGER NOT NULL,hidden INTEGER DEFAULT 0 NOT NULL)";

    private const string OlderVisits =
        "CREATE TABLE visits(id INTEGER PRIMARY KEY,url INTEGER NOT NULL,visit_time INTEGER NOT NULL,from_visit INTEGER,"
        + "transition INTEGER DEFAULT 0 NOT NULL,segment_id INTEGER,visit_duration INTEGER DEFAULT 0 NOT NULL)";

    private const string Visits =
        "CREATE TABLE visits(id INTEGER PRIMARY KEY AUTOINCREMENT,url INTEGER NOT NULL,visit_time INTEGER NOT NULL,from_visit INTEGER,"
        + "external_referrer_url TEXT,transition INTEGER DEFAULT 0 NOT NULL,segment_id INTEGER,visit_duration INTEGER DEFAULT 0 NOT NULL,"
        + "incremented_omnibox_typed_score BOOLEAN DEFAULT FALSE NOT NULL,opener_visit INTEGER,originator_cache_guid TEXT,originator_visit_id INTEGER,"
        + "originator_from_visit INTEGER,originator_opener_visit INTEGER,is_known_to_sync BOOLEAN DEFAULT FALSE NOT NULL,"
        + "consider_for_ntp_most_visited BOOLEAN DEFAULT FALSE NOT NULL,visited_link_id INTEGER DEFAULT 0 NOT NULL,app_id TEXT)";

    private const string SearchTerms =
        "CREATE TABLE keyword_search_terms (keyword_id INTEGER NOT NULL,url_id INTEGER NOT NULL,term LONGVARCHAR NOT NULL,normalized_term LONGVARCHAR NOT NULL)";

    private const string Places =
        "CREATE TABLE moz_places (   id INTEGER PRIMARY KEY, url LONGVARCHAR, title LONGVARCHAR, rev_host LONGVARCHAR, visit_count INTEGER DEFAULT 0, "
        + "hidden INTEGER DEFAULT 0 NOT NULL, typed INTEGER DEFAULT 0 NOT NULL, frecency INTEGER DEFAULT -1 NOT NULL, last_visit_date INTEGER , guid TEXT, "
        + "foreign_count INTEGER DEFAULT 0 NOT NULL, url_hash INTEGER DEFAULT 0 NOT NULL , description TEXT, preview_image_url TEXT, site_name TEXT, "
        + "origin_id INTEGER REFERENCES moz_origins(id), recalc_frecency INTEGER NOT NULL DEFAULT 0)";

    private const string HistoryVisits =
        "CREATE TABLE moz_historyvisits (  id INTEGER PRIMARY KEY, from_visit INTEGER, place_id INTEGER, visit_date INTEGER, visit_type INTEGER, "
        + "session INTEGER, source INTEGER DEFAULT 0 NOT NULL, triggeringPlaceId INTEGER)";

    private static readonly string[] Sites =
    [
        "https://www.example.org", "https://example.com", "https://news.example.net", "https://shop.example.co.uk", "https://wiki.example.org",
        "https://video.example.com", "https://forum.example.net",
    ];

    private static readonly string[] Paths =
        ["/", "/articles/the-night-train", "/wiki/Naïve_set_theory", "/watch", "/search", "/recipes/42", "/a/b/c/index.html", "/Caf%C3%A9"];

    private readonly SampleArchive _archive = new();
    private readonly List<Visit> _visits = [];
    private readonly List<(string Url, string Title)> _pages = [];
    private SampleRandom _random;

    private BrowsingSample(ulong seed, int index, int rows, BrowsingForm form)
    {
        _random = new SampleRandom((seed * 0x9E3779B97F4A7C15) ^ ((ulong)index * 0xC2B2AE3D27D4EB4F));
        Plan(index, rows);
        switch (form)
        {
            case BrowsingForm.Takeout:
                AddTakeout("Takeout/Chrome/History.json", isOld: false);
                AddOtherFiles();
                break;
            case BrowsingForm.OlderTakeout:
                AddTakeout("Takeout/Chrome/BrowserHistory.json", isOld: true);
                AddOtherFiles();
                break;
            case BrowsingForm.TakeoutFile:
                AddTakeout("History.json", isOld: false);
                break;
            case BrowsingForm.Firefox:
                AddFirefox();
                break;
            default:
                AddChrome(isOld: form == BrowsingForm.OlderChrome);
                break;
        }
    }

    /// <summary>The files of one person in one form, and what must not come through.</summary>
    public static SampleArchive Make(ulong seed, int index, int rows, BrowsingForm form) => new BrowsingSample(seed, index, rows, form)._archive;

    private void Plan(int index, int rows)
    {
        for (var i = 0; i < 3 + (rows / 4); i++)
        {
            var path = _random.Pick(Paths);
            var url = $"{_random.Pick(Sites)}{(path == "/" ? path : $"{path}-{_random.Below(rows)}")}";
            _pages.Add(((i % 7) switch
            {
                0 => url + "?q=" + _archive.Secret("what-i-searched-secret"),
                1 => url + "#" + _archive.Secret("fragment-secret"),
                2 => url.Replace("https://", "https://me:" + _archive.Secret("password-secret") + "@", StringComparison.Ordinal),
                _ => url,
            }, _archive.Secret("Inbox of somebody-secret@mail.example")));
        }

        foreach (var hidden in (string[])["http://192.168.1.1/router-secret", "file:///home/secret-name/taxes.pdf", "chrome://settings/secret-page", "http://localhost:8080/secret-app", "about:secret", "http://nas.local/secret-share"])
            _pages.Add((_archive.Secret(hidden), _archive.Secret("secret title of a local page")));
        var at = new DateTimeOffset(2023, 5, 11, 8, 30, 0, TimeSpan.Zero).AddDays(index % 97).ToUnixTimeMilliseconds() * 1000;
        for (var i = 0; i < rows; i++)
        {
            at += (1 + _random.Below(i % 20 == 0 ? 40_000 : 300)) * 1_000_000L + _random.Below(1_000_000);
            _visits.Add(new Visit(_random.Below(_pages.Count), at));
        }
    }

    // Newest first, and the other lists of the file beside it.
    private void AddTakeout(string name, bool isOld)
    {
        var visits = new JsonArray();
        for (var i = _visits.Count - 1; i >= 0; i--)
        {
            var (url, title) = _pages[_visits[i].Page];
            var visit = new JsonObject { ["favicon_url"] = _archive.Secret("https://secret-icon.example/favicon.ico") };
            visit[isOld ? "page_transition" : "page_transition_qualifier"] = isOld ? "LINK" : "CLIENT_REDIRECT";
            visit["title"] = title;
            visit["url"] = url;
            visit["client_id"] = _archive.Secret("secretclient/id==");
            visit["time_usec"] = _visits[i].At;
            visits.Add(visit);
        }

        var file = new JsonObject { ["Browser History"] = visits };
        if (!isOld)
        {
            file["Typed Url"] = new JsonArray(new JsonObject { ["url"] = "https://typed.example/" + _archive.Secret("typed-secret") });
            file["Session"] = new JsonArray(new JsonObject { ["tab"] = new JsonObject { ["url"] = _archive.Secret("https://session-secret.example/") } });
        }

        _archive.AddJson(name, file);
    }

    private void AddChrome(bool isOld)
    {
        var database = new SampleDatabase();
        database.Add("urls", Urls, _pages.Select((p, i) => (i + 1L, (object?[])[null, p.Url, p.Title, 1L, 0L, 0L, 0L])));
        database.Add("visits", isOld ? OlderVisits : Visits, _visits.Select((v, i) => (i + 1L, isOld
            ? (object?[])[null, v.Page + 1L, v.At + WebKitEpoch, 0L, 805306368L, null, 0L]
            : [null, v.Page + 1L, v.At + WebKitEpoch, 0L, _archive.Secret("https://referrer-secret.example/"), 805306368L, null, 0L, 0L, 0L, _archive.Secret("cache-guid-secret"), 0L, 0L, 0L, 1L, 1L, 0L, null])));
        database.Add("keyword_search_terms", SearchTerms, [(1, [2L, 1L, _archive.Secret("term-secret"), "term-secret"])]);
        _archive.Add("History", database.ToBytes());
    }

    private void AddFirefox()
    {
        var database = new SampleDatabase();
        database.Add("moz_places", Places, _pages.Select((p, i) => (i + 1L, (object?[])[null, p.Url, p.Title, "gro.elpmaxe.", 1L, 0L, 0L, 100L, 0L, $"guid{i:D8}", 0L, 0L, _archive.Secret("description-secret"), null, null, 1L, 0L])));
        var visits = _visits.Select((v, i) => (i + 1L, (object?[])[null, 0L, v.Page + 1L, v.At, 1L, 0L, 0L, null])).ToList();
        visits.Add((_visits.Count + 1L, [null, 0L, 1L, _visits[^1].At + 5, 8L, 0L, 0L, null]));
        database.Add("moz_historyvisits", HistoryVisits, visits);
        _archive.Add("places.sqlite", database.ToBytes());
    }

    private void AddOtherFiles()
    {
        _archive.AddJson("Takeout/Chrome/Autofill.json", new JsonObject { ["Autofill"] = _archive.Secret("autofill-secret") });
        _archive.AddJson("Takeout/Chrome/Settings.json", new JsonObject { ["Preferences"] = _archive.Secret("settings-secret") });
        _archive.Add("Takeout/Chrome/Bookmarks.html", _archive.Secret("<A HREF=\"https://bookmark-secret.example/\">"));
        _archive.Add("Takeout/Chrome/Dictionary.csv", _archive.Secret("dictionary-secret") + "\n");
        _archive.Add("Takeout/archive_browser.html", _archive.Secret("account-secret@mail.example"));
    }

    private readonly record struct Visit(int Page, long At);
}
