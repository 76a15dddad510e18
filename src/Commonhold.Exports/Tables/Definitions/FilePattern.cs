using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Commonhold.Exports.Tables.Definitions;

/// <summary>Names of a provider's files: <c>*</c> is any run without a slash, <c>#</c> a number, <c>[…]</c> may be missing.</summary>
internal sealed class FilePattern
{
    private readonly Regex _regex;

    private FilePattern(string text, Regex regex) => (Text, _regex) = (text, regex);

    public string Text { get; }

    public static FilePattern Create(Node node)
    {
        var text = node.Text(256);
        var regex = new StringBuilder(@"\A(?:.*/)?");
        var isOpen = false;
        foreach (var letter in text)
        {
            if ((letter == '[' && isOpen) || (letter == ']' && !isOpen))
                throw node.Refuse("has brackets that do not match");
            isOpen = letter == '[' || (letter != ']' && isOpen);
            regex.Append(letter switch
            {
                '*' => "[^/]*",
                '#' => "([0-9]{1,9})",
                '[' => "(?:",
                ']' => ")?",
                _ => Regex.Escape(letter.ToString()),
            });
        }

        if (text.Length == 0 || isOpen)
            throw node.Refuse("is not a file pattern");
        return new FilePattern(text, new Regex(
            regex.Append(@"\z").ToString(), RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline));
    }

    /// <summary>The numbers in the name, by which parts are ordered; null when the name is another's.</summary>
    public IReadOnlyList<int>? Match(string name)
    {
        var match = _regex.Match(name);
        return match.Success
            ? [.. match.Groups.Values.Skip(1).Where(g => g.Success).Select(g => int.Parse(g.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture))]
            : null;
    }
}
