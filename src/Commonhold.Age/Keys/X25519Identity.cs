namespace Commonhold.Age;

/// <summary>A private key: <c>AGE-SECRET-KEY-1…</c>. Wiped when disposed.</summary>
public sealed class X25519Identity : IAgeIdentity, IDisposable
{
    private const string Prefix = "age-secret-key-";
    private readonly SecretBytes scalar;

    private X25519Identity(SecretBytes scalar)
    {
        this.scalar = scalar;
        Span<byte> point = stackalloc byte[X25519Stanza.PointSize];
        if (Sodium.X25519Base(point, scalar.Span) != 0)
            throw new AgeException(AgeErrors.Identity, "The identity is not a usable key.");
        Recipient = new X25519Recipient(point);
    }

    /// <summary>The public key that belongs to this identity.</summary>
    public X25519Recipient Recipient { get; }

    public static X25519Identity Generate() => new(SecretBytes.Random(X25519Stanza.PointSize));

    /// <exception cref="AgeException"><c>age.identity</c>; the message does not repeat the text, which may be a secret.</exception>
    public static X25519Identity Parse(ReadOnlySpan<char> text) => TryParse(text) ?? throw new AgeException(
        AgeErrors.Identity, "That is not an age identity.", "An identity looks like AGE-SECRET-KEY-1… and has 74 characters.");

    public static X25519Identity? TryParse(ReadOnlySpan<char> text)
    {
        var scalar = new SecretBytes(X25519Stanza.PointSize);
        if (text.StartsWith("AGE-SECRET-KEY-1", StringComparison.Ordinal) && Bech32.TryDecode(text, Prefix, scalar.Span))
            return new X25519Identity(scalar);
        scalar.Dispose();
        return null;
    }

    public FileKey? Unwrap(AgeHeader header)
    {
        using var sharedSecret = new SecretBytes(X25519Stanza.PointSize);
        foreach (var stanza in header.Stanzas.Select(X25519Stanza.TryRead).OfType<X25519Stanza>())
        {
            // RFC 7748 §6.1: a low-order share makes the result all zero, whatever our key is.
            if (Sodium.X25519(sharedSecret.Span, scalar.Span, stanza.Share) != 0)
                throw HeaderParser.Malformed("an X25519 share is a point of low order");
            if (stanza.TryUnwrap(Recipient.Point, sharedSecret.Span) is { } key) return key;
        }

        return null;
    }

    /// <summary>The <c>AGE-SECRET-KEY-1…</c> text. It is the secret: write it only where secrets are kept.</summary>
    public string ExportSecret() => Bech32.Encode(Prefix, scalar.Span).ToUpperInvariant();

    public void Dispose() => scalar.Dispose();

    /// <summary>The public key, so that a log line cannot leak the secret.</summary>
    public override string ToString() => $"identity of {Recipient}";
}
