using System.Text.RegularExpressions;
using Commonhold.Client;

namespace Commonhold.Validator.Ownership.Dkim;

/// <summary>Finds the account that a message is about, by the provider's own way of writing it.</summary>
internal static class AccountMention
{
    private const string Name = "([A-Za-z0-9_-]{1,64})";

    /// <summary>All different accounts that the texts name; a message about one account names one.</summary>
    public static IReadOnlyList<string> Find(IEnumerable<string> patterns, IEnumerable<string> texts) =>
    [
        .. from pattern in patterns
           from text in texts
           from match in Compile(pattern).Matches(text)
           select match.Groups[1].Value.ToLowerInvariant() into account
           group account by account into g
           select g.Key,
    ];

    /// <summary>True when the subject is one of these; {account} in it stands for any account, which <see cref="Find"/> then finds.</summary>
    public static bool IsSubject(IEnumerable<string> subjects, string subject) =>
        subjects.Any(s => Regex.IsMatch(subject, "^" + Escape(s) + "$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking));

    // Whole names only: not the beginning of a longer one, nor its end.
    private static Regex Compile(string pattern)
    {
        var head = pattern.StartsWith(EmailSource.Placeholder, StringComparison.Ordinal) || char.IsLetterOrDigit(pattern[0]) ? "(?:^|[^A-Za-z0-9_-])" : "";
        var tail = pattern.EndsWith(EmailSource.Placeholder, StringComparison.Ordinal) ? "(?:$|[^A-Za-z0-9_-])" : "";
        return new Regex(head + Escape(pattern) + tail, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
    }

    private static string Escape(string pattern) => string.Join(Name, pattern.Split(EmailSource.Placeholder).Select(Regex.Escape));
}
