using System.Text;

namespace Commonhold.Validator.Ownership.Dkim;

/// <summary>Words like <c>=?utf-8?Q?caf=C3=A9?=</c> in a header: RFC 2047, in UTF-8 and ASCII.</summary>
internal static class EncodedWords
{
    public static string Decode(string text)
    {
        var output = new StringBuilder(text.Length);
        var afterWord = false;
        while (text.Length > 0)
        {
            var start = text.IndexOf("=?", StringComparison.Ordinal);
            if (start < 0 || TryWord(text[start..]) is not var (word, length))
            {
                // Something that only looks like a word stays as it is.
                start = start < 0 ? text.Length : start + 2;
                output.Append(text, 0, start);
                (text, afterWord) = (text[start..], false);
                continue;
            }

            // §6.2: white space between two words is not shown.
            if (!afterWord || text.AsSpan(0, start).ContainsAnyExcept(' ', '\t'))
                output.Append(text, 0, start);
            output.Append(word);
            (text, afterWord) = (text[(start + length)..], true);
        }

        return output.ToString();
    }

    private static (string Word, int Length)? TryWord(string text)
    {
        var parts = text.Split('?', 5);
        if (parts.Length < 5 || !parts[4].StartsWith('=') || parts[1].ToLowerInvariant() is not ("utf-8" or "us-ascii") || parts[3].Contains(' ', StringComparison.Ordinal))
            return null;
        var bytes = parts[2] switch
        {
            "B" or "b" => TransferEncoding.TryBase64(Encoding.ASCII.GetBytes(parts[3])),
            "Q" or "q" => TransferEncoding.QuotedPrintable(Encoding.ASCII.GetBytes(parts[3].Replace('_', ' '))),
            _ => null,
        };
        return bytes is null ? null : (Encoding.UTF8.GetString(bytes), parts[0].Length + parts[1].Length + parts[2].Length + parts[3].Length + 5);
    }
}
