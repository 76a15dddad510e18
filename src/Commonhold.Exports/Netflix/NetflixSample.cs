using System.Globalization;
using System.Text;
using Commonhold.Exports.Samples;

namespace Commonhold.Exports.Netflix;

/// <summary>The forms in which Netflix gives viewing histories.</summary>
internal enum NetflixForm
{
    /// <summary>The data request: an archive of folders, with <c>CONTENT_INTERACTION/ViewingActivity.csv</c>.</summary>
    Archive,

    /// <summary>That one file.</summary>
    Activity,

    /// <summary>The profile page's download: <c>NetflixViewingHistory.csv</c>, title and date only.</summary>
    History,
}

/// <summary>One made-up household and its viewing history.</summary>
internal sealed class NetflixSample
{
    private static readonly string[] Works =
        ["The Long Canal", "Harbour Lights", "Der zweite Brief", "Paper Planets", "Nan, the Elder", "A \"Quiet\" Year", "Køkkenhaven"];

    private readonly SampleArchive _archive = new();
    private readonly StringBuilder _text = new();
    private readonly string[] _profiles;
    private readonly string[] _devices;
    private SampleRandom _random;

    private NetflixSample(ulong seed, int index, int rows, NetflixForm form)
    {
        _random = new SampleRandom((seed * 0x9E3779B97F4A7C15) ^ ((ulong)index * 0x94D049BB133111EB));
        _profiles = [_archive.Secret($"Samantha-{index}"), _archive.Secret("Kleiner Bruder"), _archive.Secret("Grandma, kids & co")];
        _devices = [_archive.Secret("Samplemaker 2019 UHD TV (Tizen-secret)"), _archive.Secret("Samplephone 15 secret")];
        var isShort = form == NetflixForm.History;
        _text.Append(isShort
            ? "Title,Date\n"
            : "Profile Name,Start Time,Duration,Attributes,Title,Supplemental Video Type,Device Type,Bookmark,Latest Bookmark,Country\n");
        var at = new DateTimeOffset(2024, 11, 20, 21, 10, 5, TimeSpan.Zero).AddMinutes(index * 11);
        for (var i = 0; i < rows; i++)
        {
            // Newest first.
            at = at.AddMinutes(-20 - _random.Below(i % 6 == 0 ? 9000 : 90)).AddSeconds(-_random.Below(60));
            var work = _random.Pick(Works);
            var title = _random.Below(3) == 0 ? work : $"{work}: Season {1 + _random.Below(3)}: Chapter {1 + _random.Below(9)}";
            if (isShort)
                Row(title, at.ToString("M/d/yy", CultureInfo.InvariantCulture));
            else
                Activity(i, at, title);
        }

        var name = isShort ? "NetflixViewingHistory.csv" : form == NetflixForm.Archive ? "CONTENT_INTERACTION/ViewingActivity.csv" : "ViewingActivity.csv";
        _archive.Add(name, _text.ToString());
        if (form == NetflixForm.Archive)
            AddOtherFiles();
    }

    public static SampleArchive Make(ulong seed, int index, int rows, NetflixForm form) => new NetflixSample(seed, index, rows, form)._archive;

    private void Activity(int row, DateTimeOffset at, string title)
    {
        var isTrailer = row % 13 == 4;
        var minutes = 3 + _random.Below(55);
        var duration = $"00:{minutes:00}:{_random.Below(60):00}";
        Row(
            _profiles[row % 7 == 2 ? 1 : row % 17 == 3 ? 2 : 0],
            at.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
            isTrailer ? "00:00:31" : duration,
            row % 10 == 6 ? "Autoplayed: user action: None; " : row % 10 == 7 ? "Autoplayed: user action: User_Interaction; " : "",
            isTrailer ? _archive.Secret("Trailer of something") : title,
            isTrailer ? "TEASER_TRAILER" : "",
            _devices[row % 2],
            duration,
            row % 3 == 0 ? "Not latest view" : duration,
            _archive.Secret("ZZ (Secretland)"));
    }

    private void AddOtherFiles()
    {
        _archive.Add("Cover sheet.pdf", _archive.Secret("%PDF-secret"));
        Private("ACCOUNT/AccountDetails.csv", "First Name,Email Address", "Name-secret,netflix-secret@mail.example");
        Private("PROFILES/Profiles.csv", "Profile Name,Maturity Level", "Profile-secret,18+");
        Private("IP_ADDRESSES/IpAddressesStreaming.csv", "Esn,Country,Ip,Ts", "esn-secret,ZZ (Secretland),203.0.113.92,2024-01-01");
        Private("PAYMENT_AND_BILLING/BillingHistory.csv", "Mop Last 4", "4242-secret");
        Private("DEVICES/Devices.csv", "Profile Name,Esn", "Kleiner Bruder,esn-device-secret");
        Private("MESSAGES/MessagesSentByNetflix.csv", "Profile Name,Message Name", "Kleiner Bruder,message-secret");
        Private("CONTENT_INTERACTION/SearchHistory.csv", "Profile Name,Query Typed", "Kleiner Bruder,query-secret");
        Private("CONTENT_INTERACTION/Ratings.csv", "Profile Name,Title Name", "Kleiner Bruder,rated-secret");
        Private("CLICKSTREAM/Clickstream.csv", "Profile Name,Referrer Url", "Kleiner Bruder,url-secret");
        Private("A_FOLDER_OF_NEXT_YEAR/New.csv", "Value", "unknown-secret");
    }

    private void Private(string name, string header, string row)
    {
        foreach (var value in row.Split(',').Where(v => v.Contains("secret", StringComparison.OrdinalIgnoreCase) || v.StartsWith("203.", StringComparison.Ordinal)))
            _archive.Secret(value);
        _archive.Add(name, header + "\n" + row + "\n");
    }

    private void Row(params ReadOnlySpan<string> fields)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            if (i > 0)
                _text.Append(',');
            if (fields[i].AsSpan().ContainsAny(",\"\r\n"))
                _text.Append('"').Append(fields[i].Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
            else
                _text.Append(fields[i]);
        }

        _text.Append('\n');
    }
}
