namespace Commonhold.Age;

/// <summary>A public key: <c>age1…</c>, the u-coordinate of a point on Curve25519.</summary>
public sealed class X25519Recipient : IAgeRecipient, IEquatable<X25519Recipient>
{
    private const string Prefix = "age";
    private readonly byte[] point;

    /// <param name="point">32 bytes, the u-coordinate.</param>
    public X25519Recipient(ReadOnlySpan<byte> point)
    {
        if (point.Length != X25519Stanza.PointSize)
            throw new ArgumentException($"An X25519 public key has 32 bytes, not {point.Length}.", nameof(point));
        this.point = point.ToArray();
    }

    public ReadOnlySpan<byte> Point => point;

    /// <exception cref="AgeException"><c>age.recipient</c></exception>
    public static X25519Recipient Parse(string text) => TryParse(text) ?? throw new AgeException(
        AgeErrors.Recipient, $"\"{Shorten(text)}\" is not an age recipient.", "A recipient looks like age1… and has 62 characters.");

    public static X25519Recipient? TryParse(string text)
    {
        Span<byte> point = stackalloc byte[X25519Stanza.PointSize];
        // BIP 173 forbids mixed case only, but age recipients are written in lower case.
        return text.StartsWith("age1", StringComparison.Ordinal) && Bech32.TryDecode(text, Prefix, point)
            ? new X25519Recipient(point)
            : null;
    }

    public Stanza Wrap(FileKey key)
    {
        using var ephemeral = SecretBytes.Random(X25519Stanza.PointSize);
        return Wrap(key, ephemeral, out _);
    }

    /// <summary>Wraps with an ephemeral secret that the caller chose fresh and will wipe.</summary>
    internal Stanza Wrap(FileKey key, SecretBytes ephemeral, out byte[] share)
    {
        share = new byte[X25519Stanza.PointSize];
        using var sharedSecret = new SecretBytes(X25519Stanza.PointSize);
        if (Sodium.X25519Base(share, ephemeral.Span) != 0 || Sodium.X25519(sharedSecret.Span, ephemeral.Span, point) != 0)
            throw new AgeException(AgeErrors.Recipient, $"{this} is not a usable key: it is a point of low order.");
        return X25519Stanza.Write(share, point, sharedSecret.Span, key);
    }

    public bool Equals(X25519Recipient? other) => other is not null && point.AsSpan().SequenceEqual(other.point);

    public override bool Equals(object? obj) => Equals(obj as X25519Recipient);

    public override int GetHashCode() => BitConverter.ToInt32(point);

    /// <summary>The <c>age1…</c> text.</summary>
    public override string ToString() => Bech32.Encode(Prefix, point);

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..77] + "…";
}
