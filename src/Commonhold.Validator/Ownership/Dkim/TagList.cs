using System.Text;

namespace Commonhold.Validator.Ownership.Dkim;

/// <summary>A DKIM tag list, <c>v=1; a=rsa-sha256; …</c>: RFC 6376 §3.2, without leniency.</summary>
/// <remarks>A tag named twice, a name or a value with a character that the grammar has not, or text without <c>=</c> make the whole
/// list invalid. Tags that nobody knows are kept and ignored, as the RFC asks.</remarks>
internal sealed class TagList
{
    private const int MaxTags = 64;

    private readonly Dictionary<string, (string Value, Range Place)> _tags;

    private TagList(Dictionary<string, (string, Range)> tags) => _tags = tags;

    /// <summary>The tag's value with its inner folding white space, trimmed; null when the tag is absent.</summary>
    public string? this[string name] => _tags.TryGetValue(name, out var tag) ? tag.Value : null;

    /// <summary>Where between <c>=</c> and <c>;</c> the value stands, white space around it included.</summary>
    public Range Place(string name) => _tags[name].Place;

    /// <summary>The value with all folding white space taken out, as base64 and lists allow it anywhere.</summary>
    public string? Compact(string name) =>
        this[name] is { } value ? string.Concat(value.Where(c => c is not (' ' or '\t' or '\r' or '\n'))) : null;

    /// <returns>Null when it is no tag list.</returns>
    public static TagList? TryParse(ReadOnlySpan<byte> text)
    {
        var tags = new Dictionary<string, (string, Range)>(StringComparer.Ordinal);
        var at = 0;
        while (at < text.Length)
        {
            var length = text[at..].IndexOf((byte)';');
            var end = length < 0 ? text.Length : at + length;
            var spec = text[at..end];
            if (spec.Trim(White).IsEmpty)
            {
                // Only behind the last semicolon may there be nothing.
                if (length >= 0 || tags.Count == 0)
                    return null;
                break;
            }

            var equals = spec.IndexOf((byte)'=');
            if (equals < 0 || tags.Count == MaxTags)
                return null;
            var name = spec[..equals].Trim(White);
            var value = spec[(equals + 1)..].Trim(White);
            if (!IsName(name) || !IsValue(value)
                || !tags.TryAdd(Encoding.ASCII.GetString(name), (Encoding.ASCII.GetString(value), (at + equals + 1)..end)))
                return null;
            at = end + 1;
        }

        return tags.Count == 0 ? null : new TagList(tags);
    }

    private static ReadOnlySpan<byte> White => " \t\r\n"u8;

    private static bool IsName(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || !char.IsAsciiLetter((char)name[0]))
            return false;
        foreach (var b in name)
        {
            if (!char.IsAsciiLetterOrDigit((char)b) && b != '_')
                return false;
        }

        return true;
    }

    private static bool IsValue(ReadOnlySpan<byte> value)
    {
        foreach (var b in value)
        {
            if (b is not (>= 0x21 and <= 0x7E) && !White.Contains(b))
                return false;
        }

        return true;
    }
}
