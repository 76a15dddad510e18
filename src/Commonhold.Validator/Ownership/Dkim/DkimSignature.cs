using System.Globalization;

namespace Commonhold.Validator.Ownership.Dkim;

internal enum DkimAlgorithm
{
    RsaSha256,
    Ed25519Sha256,
}

/// <summary>A DKIM-Signature header, read by RFC 6376 §3.5 and narrowed to what is accepted here.</summary>
/// <param name="Domain"><c>d=</c>, in lower case.</param>
/// <param name="Identity">The domain of <c>i=</c>, in lower case; <paramref name="Domain"/> when the tag is absent.</param>
/// <param name="Signed">The header names of <c>h=</c>, in lower case and in order; a name stands as often as it was signed.</param>
/// <param name="SignedAt"><c>t=</c>; null when the tag is absent.</param>
/// <param name="Unsigned">The field as it was signed: with the value of <c>b=</c> taken out.</param>
internal sealed record DkimSignature(
    string Domain, string Selector, string Identity, DkimAlgorithm Algorithm, Canonicalisation Header, Canonicalisation Body,
    IReadOnlyList<string> Signed, byte[] BodyHash, byte[] Value, DateTimeOffset? SignedAt, DateTimeOffset? ExpiresAt, HeaderField Unsigned)
{
    private const int MaxSigned = 128;
    private const string Hint = "Use a message that the provider signed in a form that this validator takes; docs/ownership.md lists it.";

    /// <exception cref="MailRefusedException">It is no signature, or one that is not accepted.</exception>
    public static DkimSignature Parse(HeaderField field)
    {
        var tags = TagList.TryParse(field.Value) ?? throw Malformed("it is no list of tags");
        if (tags["v"] != "1")
            throw Unsupported($"its version is {tags["v"] ?? "missing"}");
        if (tags["l"] is not null)
        {
            // §8.2: what stands behind the signed length is anybody's.
            throw new MailRefusedException("email.body_length", "The signature covers a part of the body only (l=).", Hint);
        }

        var algorithm = tags["a"] switch
        {
            "rsa-sha256" => DkimAlgorithm.RsaSha256,
            "ed25519-sha256" => DkimAlgorithm.Ed25519Sha256,
            var other => throw Unsupported($"its algorithm is {other ?? "missing"}"),
        };
        var (header, body) = Canonicalisations(tags["c"]);
        // §3.5 q=: the only way to find a key that is defined; we look it up in the pinned keys.
        if (tags.Compact("q") is { } q && !q.Split(':').Contains("dns/txt"))
            throw Unsupported($"its key is found by {q}");

        var domain = DomainName(tags["d"], "d");
        var identity = tags.Compact("i") is not { } i ? domain : i.LastIndexOf('@') is >= 0 and var at ? DomainName(i[(at + 1)..], "i") : throw Malformed("i= has no @");
        if (identity != domain && !identity.EndsWith("." + domain, StringComparison.Ordinal))
            throw Malformed($"i= is of {identity}, which is outside {domain}");

        string[] signed = [.. (tags.Compact("h") ?? throw Malformed("h= is missing")).ToLowerInvariant().Split(':')];
        if (signed.Length > MaxSigned || signed.Any(n => n.Length == 0))
            throw Malformed($"h= has an empty name, or more than {MaxSigned}");
        if (signed.Contains("dkim-signature"))
            throw Unsupported("it signs other signatures");

        var (signedAt, expiresAt) = (Time(tags["t"], "t"), Time(tags["x"], "x"));
        if (expiresAt <= signedAt)
            throw Malformed("it ends (x=) before it begins (t=)");
        return new DkimSignature(
            domain, DomainName(tags["s"], "s"), identity, algorithm, header, body, signed,
            Base64(tags.Compact("bh"), "bh"), Base64(tags.Compact("b"), "b"), signedAt, expiresAt, WithoutValue(field, tags.Place("b")));
    }

    private static (Canonicalisation, Canonicalisation) Canonicalisations(string? c)
    {
        var parts = (c ?? "simple/simple").Split('/');
        return parts.Length > 2 ? throw Unsupported($"its canonicalisation is {c}") : (One(parts[0]), parts.Length == 1 ? Canonicalisation.Simple : One(parts[1]));

        Canonicalisation One(string name) => name switch
        {
            "simple" => Canonicalisation.Simple,
            "relaxed" => Canonicalisation.Relaxed,
            _ => throw Unsupported($"its canonicalisation is {c}"),
        };
    }

    internal static string DomainName(string? text, string tag)
    {
        var name = text?.ToLowerInvariant() ?? throw Malformed($"{tag}= is missing");
        return name.Length is > 0 and <= 253 && name.Split('.').All(l => l.Length is > 0 and <= 63 && l.All(ch => char.IsAsciiLetterOrDigit(ch) || ch is '-' or '_'))
            ? name
            : throw Malformed($"{tag}= is no domain name");
    }

    private static DateTimeOffset? Time(string? seconds, string tag) =>
        seconds is null ? null
        : seconds.Length <= 11 && ulong.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? DateTimeOffset.FromUnixTimeSeconds((long)value)
            : throw Malformed($"{tag}= is no time");

    /// <summary>One value has one text: spare bits that are set (RFC 4648 §3.5) would let a stranger write a signature in sixteen ways.</summary>
    private static byte[] Base64(string? text, string tag)
    {
        var bytes = new byte[(text ?? throw Malformed($"{tag}= is missing")).Length];
        return Convert.TryFromBase64String(text, bytes, out var length) && length > 0 && Convert.ToBase64String(bytes, 0, length) == text
            ? bytes[..length] : throw Malformed($"{tag}= is no base64");
    }

    // §3.7: the header is signed with the value of b= empty, white space around it taken out as well.
    private static HeaderField WithoutValue(HeaderField field, Range place)
    {
        var (from, length) = place.GetOffsetAndLength(field.Value.Length);
        from += field.Colon + 1;
        byte[] raw = [.. field.Raw.Span[..from], .. field.Raw.Span[(from + length)..]];
        return field with { Raw = raw };
    }

    private static MailRefusedException Malformed(string why) => new("email.signature_malformed", $"The DKIM signature cannot be read: {why}.", Hint);

    private static MailRefusedException Unsupported(string why) => new("email.unsupported", $"The DKIM signature is not taken: {why}.", Hint);
}
