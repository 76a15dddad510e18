using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Commonhold.Server.Web.Components;

/// <summary>Numbers, amounts and times as pages write them; scripts then put times into the reader's own zone.</summary>
internal static partial class Text
{
    /// <summary>12,345.</summary>
    public static string Grouped(BigInteger value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Counted(BigInteger value, string noun, string? plural = null) => $"{Grouped(value)} {(value.IsOne ? noun : plural ?? noun + "s")}";

    /// <summary>Base units as whole units, exactly: 1,000.5.</summary>
    public static string Units(BigInteger value, int decimals)
    {
        var whole = BigInteger.DivRem(BigInteger.Abs(value), BigInteger.Pow(10, decimals), out var rest);
        var fraction = rest.IsZero ? "" : "." + rest.ToString(CultureInfo.InvariantCulture).PadLeft(decimals, '0').TrimEnd('0');
        return (value.Sign < 0 ? "−" : "") + Grouped(whole) + fraction;
    }

    /// <summary>Two digits after the point, never rounded up, for where an amount is looked at and not counted on: 25.8, "under 0.01".</summary>
    public static string Rounded(BigInteger value, int decimals)
    {
        var keep = Math.Min(2, decimals);
        var cut = BigInteger.Divide(value, BigInteger.Pow(10, decimals - keep));
        return cut.IsZero && value.Sign > 0 ? "under 0.01" : Units(cut, keep);
    }

    /// <summary>"the first batch", "the first 3 batches".</summary>
    public static string FirstOf(BigInteger count, string noun, string plural) => count.IsOne ? $"the first {noun}" : $"the first {Grouped(count)} {plural}";

    /// <summary>0x1234…cdef; what is short stays whole.</summary>
    public static string Short(string value) => value.Length <= 16 ? value : $"{value[..(value.StartsWith("0x", StringComparison.Ordinal) ? 8 : 10)]}…{value[^6..]}";

    /// <summary>A sentence in pieces: accounts and age keys each alone, what is around them as it is.</summary>
    public static string[] AroundAccounts(string sentence) => Accounts().Split(sentence);

    public static bool IsAccount(string piece) => piece.Length >= 42 && Accounts().IsMatch(piece);

    /// <summary>The sentence with its accounts and keys shortened, for a tab's title.</summary>
    public static string Folded(string sentence) => Accounts().Replace(sentence, account => Short(account.Value));

    /// <summary>22 Nov 2026, 07:30 UTC.</summary>
    public static string Time(long unix) => At(unix).ToString("d MMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>The time; one that no calendar holds is the last that it does.</summary>
    public static DateTimeOffset At(long unix) => DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(unix, DateTimeOffset.MinValue.ToUnixTimeSeconds(), DateTimeOffset.MaxValue.ToUnixTimeSeconds()));

    /// <summary>3 days, 1 hour, 20 minutes: the two largest units that matter.</summary>
    public static string Duration(BigInteger seconds)
    {
        (string Noun, long Size)[] units = [("year", 31_536_000), ("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1)];
        var parts = new List<string>(2);
        foreach (var (noun, size) in units)
        {
            if (parts.Count == 2)
                break;
            var count = BigInteger.DivRem(seconds, size, out seconds);
            if (count > 0)
                parts.Add(Counted(count, noun));
            else if (parts.Count == 1)
                break;
        }

        return parts.Count == 0 ? "0 seconds" : string.Join(" ", parts);
    }

    /// <summary>3.2 MB (powers of a thousand).</summary>
    public static string Bytes(double value)
    {
        string[] sizes = ["bytes", "kB", "MB", "GB", "TB"];
        var scale = 0;
        for (; value >= 999.5 && scale < sizes.Length - 1; scale++)
            value /= 1000;
        return value.ToString(scale > 0 && value < 10 ? "0.#" : "0", CultureInfo.InvariantCulture) + " " + sizes[scale];
    }

    // An account, or an age recipient: 62 characters of Bech32 (BIP 173's alphabet).
    [GeneratedRegex("(0x[0-9a-fA-F]{40}(?![0-9a-fA-F])|age1[02-9ac-hj-np-z]{58})", RegexOptions.CultureInvariant)]
    private static partial Regex Accounts();
}
