using System.Globalization;
using System.Security.Cryptography;
using Commonhold.Exports.Samples;
using Commonhold.Exports.Zip;

namespace Commonhold.Exports.Reddit;

/// <summary>One made-up account and its export: posts, comments, votes and saves, and private files to be left behind.</summary>
/// <remarks>IPs are from 203.0.113.0/24, mail from example.org, phone numbers from 555-01xx: reserved, nobody's.</remarks>
public sealed class SampleExport
{
    private static readonly string[] Adjectives = ["amber", "brisk", "calm", "dapper", "early", "fern", "grand", "hazel", "ivory", "jolly", "keen", "lunar"];
    private static readonly string[] Animals = ["otter", "plover", "heron", "badger", "ibis", "kestrel", "raven", "marten", "finch", "gecko", "newt", "quail"];
    private static readonly string[] Communities =
    [
        "AskHistorians", "bicycletouring", "books", "chess", "Cooking", "dataisbeautiful", "electronics", "gardening", "hiking",
        "homelab", "ireland", "knitting", "learnprogramming", "Music", "nyjets", "photography", "science", "trains", "woodworking", "Zettelkasten",
    ];

    private static readonly DateTimeOffset Epoch = new(2019, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly Dictionary<string, SampleTable> _tables = new(StringComparer.Ordinal);
    private readonly int _index;
    private readonly int _rows;
    private SampleRandom _random;

    internal SampleExport(ulong seed, int index, int rows)
    {
        _random = new SampleRandom((seed * 0x9E3779B97F4A7C15) ^ ((ulong)index * 0xD1B54A32D192ED03));
        (_index, _rows) = (index, rows);
        AccountName = $"{_random.Pick(Adjectives)}_{_random.Pick(Animals)}_{index + 1}";
    }

    /// <summary>The account; the number at its end keeps it apart from the others of its plan.</summary>
    public string AccountName { get; }

    /// <summary>As Reddit names it: <c>export_&lt;account&gt;_&lt;date&gt;.zip</c>.</summary>
    public string FileName => $"export_{AccountName}_20250301.zip";

    /// <summary>Writes the archive; calling it twice writes the same bytes.</summary>
    public async Task WriteAsync(Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        using var archive = new MemoryStream();
        Write(archive);
        archive.Position = 0;
        await archive.CopyToAsync(output, cancellationToken).ConfigureAwait(false);
    }

    internal void Write(Stream output)
    {
        var random = _random;
        _tables.Clear();
        WriteAuthored(ref random);
        WriteVotes(ref random);
        WriteAccount(ref random);

        var files = _tables.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => (Name: t.Key + ".csv", Bytes: t.Value.ToBytes())).ToList();
        var check = new SampleTable("checkfile");
        foreach (var (name, bytes) in files)
            check.Add(name, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        var zip = new ZipWriter(output);
        foreach (var (name, bytes) in files)
            zip.Add(name, stream => stream.Write(bytes));
        zip.Add("checkfile.csv", stream => stream.Write(check.ToBytes()));
        zip.Finish();
    }

    private void WriteAuthored(ref SampleRandom random)
    {
        var minutes = random.Below(5000);
        for (var i = 0; i < _rows; i++)
        {
            minutes += 1 + random.Below(Math.Max(1, 2_000_000 / _rows));
            var date = Date(Epoch.AddMinutes(minutes));
            var community = random.Pick(Communities);
            var ip = Ip(ref random);
            var id = AuthoredId(minutes, i);
            var thread = Base36(700_000_000 + ((ulong)minutes * 131) + (ulong)random.Below(100));
            var link = $"https://www.reddit.com/r/{community}/comments/{thread}/";
            var parent = random.Below(2) == 0 ? "" : "t1_" + Base36(30_000_000_000 + ((ulong)random.Below(minutes + 1) * 7_919));
            var gildings = random.Below(40) == 0 ? "1" : "0";
            Table("comments").Add(id, $"{link}_/{id}/", date, ip, community, gildings, link, parent, SampleText.Comment(ref random), "");
            Table("comment_headers").Add(id, $"{link}_/{id}/", date, ip, community, gildings, link, parent);
            if (i % 12 != 0)
                continue;

            var post = AuthoredId(minutes, i + _rows);
            var permalink = $"https://www.reddit.com/r/{community}/comments/{post}/";
            var title = SampleText.Sentence(ref random);
            Table("posts").Add(post, permalink, date, ip, community, "0", title, permalink, SampleText.Comment(ref random));
            Table("post_headers").Add(post, permalink, date, ip, community, "0", permalink);
        }
    }

    private void WriteVotes(ref SampleRandom random)
    {
        string[] directions = ["up", "up", "up", "up", "down", "none", "removed"];
        for (var i = 0; i < _rows * 2; i++)
        {
            var community = random.Pick(Communities);
            var thread = Base36(700_000_000 + ((ulong)i * 977) + (ulong)random.Below(900));
            var link = $"https://www.reddit.com/r/{community}/comments/{thread}/";
            Table("post_votes").Add(thread, link, random.Pick(directions));
            var id = Base36(30_000_000_000 + ((ulong)i * 104_729) + (ulong)random.Below(90_000));
            Table("comment_votes").Add(id, $"{link}_/{id}/", random.Pick(directions));
            if (i % 20 == 0)
                Table("saved_posts").Add(thread, link);
            if (i % 25 == 0)
                Table("saved_comments").Add(id, $"{link}_/{id}/");
            if (i % 60 == 0)
                Table("hidden_posts").Add(thread, link);
        }

        foreach (var community in Communities)
        {
            if (random.Below(2) == 0)
                Table("subscribed_subreddits").Add(community);
        }
    }

    private void WriteAccount(ref SampleRandom random)
    {
        var statistics = Table("statistics");
        statistics.Add("account name", AccountName);
        statistics.Add("export time", "2025-03-01 07:06:40 UTC");
        statistics.Add("is_deleted", "False");
        statistics.Add("registration date", Date(Epoch.AddDays(-random.Below(2000) - 1)));
        statistics.Add("email verified", "True");
        statistics.Add("email address", $"{AccountName}@example.org");
        var phone = $"+1202555{100 + (_index % 100):0000}";
        Table("linked_phone_number").Add(phone);
        Table("account_gender").Add("");
        Table("birthdate").Add("1990-01-01", "");
        Table("twitter").Add($"{AccountName}_x");
        Table("linked_identities").Add("https://accounts.google.com", (1_000_000_000 + random.Below(1_000_000_000)).ToString(CultureInfo.InvariantCulture));
        Table("stripe").Add($"acct_{AccountName}");
        Table("user_preferences").Add("over_18", "True");
        Table("friends").Add("someone_else", "met at the station");
        Table("ip_logs").Add("registration ip", Ip(ref random));
        for (var i = 0; i < 5; i++)
        {
            var date = Date(Epoch.AddDays(i * 30));
            Table("ip_logs").Add(date, Ip(ref random));
            var id = Base36(90_000_000 + ((ulong)_index * 100) + (ulong)i);
            var link = $"https://www.reddit.com/message/messages/{id}";
            Table("messages").Add(id, link, id, date, Ip(ref random), AccountName, "someone_else", "secret-subject", "secret-message, call me");
            Table("message_headers").Add(id, link, id, date, _lastIp, AccountName, "someone_else");
            Table("chat_history").Add(id, date, date, AccountName, "secret-chat", "", "", "", "", "direct");
        }
    }

    private string _lastIp = "";

    private string Ip(ref SampleRandom random) => _lastIp = $"203.0.113.{random.Below(254) + 1}";

    // Ids grow with time, as Reddit's do, later and higher than any that validators know; no two of 100,000 accounts share one.
    private string AuthoredId(int minutes, int row) =>
        Base36(40_000_000_000 + ((ulong)minutes * 1_000_000_000) + ((ulong)_index * 10_000) + (ulong)(row % 10_000));

    private SampleTable Table(string kind)
    {
        if (!_tables.TryGetValue(kind, out var table))
            _tables.Add(kind, table = new SampleTable(kind));
        return table;
    }

    private static string Date(DateTimeOffset date) => date.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static string Base36(ulong value)
    {
        Span<char> digits = stackalloc char[13];
        var at = digits.Length;
        do
        {
            digits[--at] = "0123456789abcdefghijklmnopqrstuvwxyz"[(int)(value % 36)];
            value /= 36;
        }
        while (value > 0);

        return digits[at..].ToString();
    }
}
