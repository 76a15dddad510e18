using System.Globalization;
using System.Numerics;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Cli.Verbs;

/// <summary>Values as people read them.</summary>
internal static class Plain
{
    /// <summary>The first digits of a long number or digest: enough to tell, enough to give back to a verb.</summary>
    public static string Short(string text) => text.Length <= 14 ? text : text[..12] + "…";

    public static string Short(Bytes32 digest) => Short(digest.ToString());

    public static string Short(Address address) => Short(address.ToString());

    public static string Time(long? unix) => unix is { } seconds
        ? DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC"
        : "";

    public static string Tokens(Points points) => Tokens(points.ToTokenUnits());

    public static string Tokens(Wei units) => Rounded(units.ToUnits(18));

    public static string Tokens(BigInteger units) => Tokens(new Wei(units));

    public static string Duration(ulong seconds) => seconds switch
    {
        >= 86_400 when seconds % 86_400 == 0 => $"{seconds / 86_400} days",
        >= 3_600 when seconds % 3_600 == 0 => $"{seconds / 3_600} hours",
        >= 60 when seconds % 60 == 0 => $"{seconds / 60} minutes",
        _ => $"{seconds} seconds",
    };

    /// <summary>What others wrote, without what a terminal would obey.</summary>
    public static string Text(string others) => string.Concat(others.Select(c => char.IsControl(c) ? ' ' : c));

    private static string Rounded(string units) => units.IndexOf('.', StringComparison.Ordinal) is var dot and >= 0 && units.Length > dot + 7 ? units[..(dot + 7)] : units;
}
