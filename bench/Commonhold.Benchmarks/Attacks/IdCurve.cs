using System.Globalization;
using System.Numerics;

namespace Commonhold.Benchmarks.Attacks;

/// <summary>Which ids the platform gave when, as anybody can learn from its public pages: what a forger mints new ids by.</summary>
internal sealed class IdCurve
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";
    private readonly Dictionary<string, List<(long Seconds, long Id)>> _known = [];

    public IdCurve(IEnumerable<ForgedExport> exports)
    {
        foreach (var name in new[] { "comments", "posts" })
        {
            _known[name] = [.. exports.SelectMany(e => e.Rows(name)).Select(r => (ForgedExport.Date(r[2]).ToUnixTimeSeconds(), Decode(r[0]))).Order()];
        }
    }

    /// <summary>An id that lies on the curve at that time and that nobody has.</summary>
    public string Mint(string table, string date, AttackRandom random)
    {
        var known = _known[table is "comments" or "comment_headers" ? "comments" : "posts"];
        var seconds = ForgedExport.Date(date).ToUnixTimeSeconds();
        var at = known.FindIndex(k => k.Seconds >= seconds);
        var (a, b) = at <= 0 ? (known[0], known[1]) : (known[at - 1], known[at]);
        var between = b.Seconds == a.Seconds ? 0 : (seconds - a.Seconds) / (double)(b.Seconds - a.Seconds);
        var id = a.Id + (long)(between * (b.Id - a.Id));
        return Encode(Math.Max(1, id + random.Below(50_000) - 25_000));
    }

    private static long Decode(string id) => id.Aggregate(0L, (n, c) => (n * 36) + Digits.IndexOf(c, StringComparison.Ordinal));

    private static string Encode(long id)
    {
        var text = "";
        for (; id > 0; id /= 36)
            text = Digits[(int)(id % 36)] + text;
        return text;
    }
}
