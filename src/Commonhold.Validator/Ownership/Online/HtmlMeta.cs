using System.Net;

namespace Commonhold.Validator.Ownership.Online;

/// <summary>Reads the <c>meta</c> elements in the head of a page, and nothing else of it.</summary>
/// <remarks>A page is full of what strangers wrote; its head is written by the site, which puts there what the page's owner says of
/// himself. Comments and the text of scripts, styles and the title are passed over; the head ends where the body begins.</remarks>
internal static class HtmlMeta
{
    private static readonly string[] RawText = ["script", "style", "title", "noscript", "template", "textarea"];

    /// <summary>The content of the one <c>meta</c> whose <c>name</c> or <c>property</c> is that; null when there is none or more than one.</summary>
    public static string? Find(string html, string name)
    {
        string? found = null;
        int count = 0;
        for (int at = html.IndexOf('<', StringComparison.Ordinal); at >= 0 && at < html.Length; at = html.IndexOf('<', at))
        {
            if (Starts(html, at, "<!--"))
            {
                int end = html.IndexOf("-->", at + 2, StringComparison.Ordinal); // "<!-->" is a whole comment.
                if (end < 0)
                    break;
                at = end + 3;
                continue;
            }

            int nameEnd = at + 1;
            while (nameEnd < html.Length && char.IsAsciiLetterOrDigit(html[nameEnd]))
                nameEnd++;
            string tag = html[(at + 1)..nameEnd].ToLowerInvariant();
            if (tag == "body" || Starts(html, at, "</head"))
                break;
            int position = nameEnd;
            Dictionary<string, string> attributes = Attributes(html, ref position);
            if (tag == "meta" && (attributes.GetValueOrDefault("property") ?? attributes.GetValueOrDefault("name")) == name)
                (found, count) = (attributes.GetValueOrDefault("content"), count + 1);
            at = position;
            if (RawText.Contains(tag) && (at = html.IndexOf("</" + tag, at, StringComparison.OrdinalIgnoreCase)) < 0)
                break;
        }

        return count == 1 ? found : null;
    }

    private static bool Starts(string html, int at, string text) => string.Compare(html, at, text, 0, text.Length, StringComparison.OrdinalIgnoreCase) == 0;

    /// <summary>Reads up to and with the closing bracket. An attribute that stands twice counts the first time, as in browsers.</summary>
    private static Dictionary<string, string> Attributes(string html, ref int at)
    {
        Dictionary<string, string> attributes = [];
        while (at < html.Length && html[at] != '>')
        {
            if (char.IsWhiteSpace(html[at]) || html[at] == '/')
            {
                at++;
                continue;
            }

            int start = at++;
            while (at < html.Length && !char.IsWhiteSpace(html[at]) && html[at] is not ('=' or '>' or '/'))
                at++;
            string name = html[start..at].ToLowerInvariant();
            while (at < html.Length && char.IsWhiteSpace(html[at]))
                at++;
            attributes.TryAdd(name, at < html.Length && html[at] == '=' ? Value(html, ref at) : "");
        }

        at = Math.Min(at + 1, html.Length);
        return attributes;
    }

    private static string Value(string html, ref int at)
    {
        at++;
        while (at < html.Length && char.IsWhiteSpace(html[at]))
            at++;
        int start = at;
        if (at < html.Length && html[at] is '"' or '\'')
        {
            char quote = html[at];
            start++;
            int end = html.IndexOf(quote, start);
            at = end < 0 ? html.Length : end + 1;
            return end < 0 ? "" : WebUtility.HtmlDecode(html[start..end]);
        }

        while (at < html.Length && !char.IsWhiteSpace(html[at]) && html[at] != '>')
            at++;
        return WebUtility.HtmlDecode(html[start..at]);
    }
}
