using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Commonhold.Validator.Ownership.Dkim;

/// <summary>What a person reads in a message: its text parts, decoded, HTML without tags, white space collapsed.</summary>
/// <remarks>RFC 2045/2046 as far as providers' messages need it. The headers it goes by are signed, which <see cref="DkimVerifier"/>
/// saw to. Parts it cannot read are left out: nothing is proved by them.</remarks>
internal static class MailText
{
    private static readonly Regex Hidden = Linear(@"<!--.*?-->|<style\b.*?</style\s*>|<script\b.*?</script\s*>|<title\b.*?</title\s*>");
    private static readonly Regex Tag = Linear("<[^<>]*>");
    private static readonly Regex Block = Linear(@"^</?(?:p|br|div|td|tr|table|h[1-6]|li|ul|ol|hr)\b");
    private static readonly Regex White = Linear(@"\s+");
    private const int MaxDepth = 4;
    private const int MaxParts = 32;

    public static IReadOnlyList<string> Of(MailMessage message)
    {
        var texts = new List<string>();
        var left = MaxParts;
        Read(message, 0, texts, ref left);
        return texts;
    }

    private static void Read(MailMessage part, int depth, List<string> texts, ref int left)
    {
        if (depth > MaxDepth || left-- <= 0)
            return;
        var type = Value(part, "Content-Type") ?? "text/plain";
        var kind = type.Split(';')[0].Trim().ToLowerInvariant();
        if (kind.StartsWith("multipart/", StringComparison.Ordinal))
        {
            if (Parameter(type, "boundary") is { Length: > 0 and <= 70 } boundary)
            {
                foreach (var inner in Parts(part.Body, boundary))
                    Read(inner, depth + 1, texts, ref left);
            }

            return;
        }

        if (kind is not ("text/plain" or "text/html")
            || (Parameter(type, "charset") ?? "utf-8").ToLowerInvariant() is not ("utf-8" or "us-ascii")
            || TransferEncoding.TryDecode(Value(part, "Content-Transfer-Encoding"), part.Body.Span) is not { } bytes)
            return;
        var text = Encoding.UTF8.GetString(bytes);
        if (kind == "text/html")
            text = WebUtility.HtmlDecode(Tag.Replace(Hidden.Replace(text, " "), m => Block.IsMatch(m.Value) ? " " : ""));
        texts.Add(White.Replace(text, " ").Trim());
    }

    private static IEnumerable<MailMessage> Parts(ReadOnlyMemory<byte> body, string boundary)
    {
        var line = Encoding.ASCII.GetBytes("--" + boundary);
        int? start = null;
        for (var at = 0; at < body.Length;)
        {
            var end = body.Span[at..].IndexOf("\r\n"u8) is >= 0 and var length ? at + length : body.Length;
            var text = body.Span[at..end].TrimEnd(" \t"u8);
            var isLast = text.Length == line.Length + 2 && text.EndsWith("--"u8) && text.StartsWith(line);
            if (isLast || text.SequenceEqual(line))
            {
                if (start is { } from && TryPart(body[from..Math.Max(from, at - 2)]) is { } part)
                    yield return part;
                if (isLast)
                    yield break;
                start = Math.Min(end + 2, body.Length);
            }

            at = end + 2;
        }
    }

    private static MailMessage? TryPart(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return MailMessage.Parse(bytes);
        }
        catch (MailRefusedException)
        {
            return null;
        }
    }

    private static string? Value(MailMessage part, string name) => part.Fields.FirstOrDefault(f => f.Is(name))?.Text;

    private static string? Parameter(string value, string name)
    {
        var match = Regex.Match(value, $"""(?:^|;)\s*{name}\s*=\s*(?:"([^"]*)"|([^\s;]+))""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        return !match.Success ? null : match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value;
    }

    private static Regex Linear(string pattern) =>
        new(pattern, RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant);
}
