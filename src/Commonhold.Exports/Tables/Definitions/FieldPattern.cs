using System.Text.RegularExpressions;

namespace Commonhold.Exports.Tables.Definitions;

/// <summary>A regular expression of a descriptor, which is hostile: matched in time linear in the text, whole values only.</summary>
/// <remarks>Frictionless refers to XML Schema, whose patterns match whole values. Back-references and look-arounds, which no
/// linear matcher knows, are refused, and so are counts that would make the machine large. What XML Schema does not have and
/// the browser's matcher does not either (options inside, word boundaries) is refused too, so that a pattern means one thing.</remarks>
internal sealed partial class FieldPattern
{
    private const int MaxLength = 256;
    private const int MaxCount = 512;
    private const int MaxStates = 4096;
    private static readonly TimeSpan MostTime = TimeSpan.FromMilliseconds(250);
    private readonly Regex _regex;

    private FieldPattern(string text, Regex regex) => (Text, _regex) = (text, regex);

    public string Text { get; }

    public static FieldPattern Create(Node node)
    {
        var text = node.Text();
        if (text.Length > MaxLength)
            throw node.Refuse($"has {text.Length} characters; the limit is {MaxLength}");
        var states = (long)text.Length;
        foreach (Match count in Count().Matches(text))
        {
            // Behind a group it repeats all that is in it, counts too.
            var repeatsGroup = count.Index > 0 && text[count.Index - 1] == ')';
            if (!int.TryParse(count.Groups[1].ValueSpan, out var most) || most > MaxCount
                || (states = repeatsGroup ? states * Math.Max(1, most) : states + most) > MaxStates)
                throw node.Refuse($"repeats more often than is allowed: at most {MaxCount} times, and {MaxStates} steps in all");
        }

        if (Elsewhere().IsMatch(Literal().Replace(text, "")))
            throw node.Unsupported("has options inside, a word boundary or a named block of characters, which are not read");
        try
        {
            return new FieldPattern(text, new Regex($@"\A(?:{text})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, MostTime));
        }
        catch (NotSupportedException)
        {
            throw node.Unsupported("uses a back-reference, a look-around or another thing that takes more than linear time");
        }
        catch (ArgumentException)
        {
            throw node.Refuse("is not a regular expression");
        }
    }

    /// <summary>False also for a text on which the matcher would take too long.</summary>
    public bool Matches(ReadOnlySpan<char> text)
    {
        try
        {
            return _regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\(\?[imnsx-]|\\[bBGZ]|\\[pP]\{Is")]
    private static partial Regex Elsewhere();

    // A backslash that stands for itself, and what stands in brackets, where \b is a backspace.
    [GeneratedRegex(@"\\\\|\[\^?\]?(?:\\[^pP]|[^\]\\])*\]")]
    private static partial Regex Literal();

    // The greatest number of {n}, {n,} and {n,m}.
    [GeneratedRegex(@"\{(?:\d+,)?(\d+),?\}")]
    private static partial Regex Count();
}
