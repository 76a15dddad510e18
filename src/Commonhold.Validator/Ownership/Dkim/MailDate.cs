using System.Globalization;

namespace Commonhold.Validator.Ownership.Dkim;

/// <summary>The Date header: RFC 5322 §3.3, and the named zones of old that mean UTC.</summary>
internal static class MailDate
{
    private static readonly string[] Formats = ["d MMM yyyy HH:mm:ss zzz", "d MMM yyyy HH:mm zzz"];

    public static DateTimeOffset? TryParse(string text)
    {
        // (PDT) and the like are comments for people.
        if (text.IndexOf('(', StringComparison.Ordinal) is >= 0 and var comment)
            text = text[..comment];
        if (text.IndexOf(',', StringComparison.Ordinal) is >= 0 and var day)
            text = text[(day + 1)..];
        var words = text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != 5)
            return null;
        words[4] = words[4] switch
        {
            "GMT" or "UT" or "UTC" or "Z" => "+00:00",
            [('+' or '-'), _, _, _, _] => words[4].Insert(3, ":"),
            var other => other,
        };
        return DateTimeOffset.TryParseExact(string.Join(' ', words), Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;
    }
}
