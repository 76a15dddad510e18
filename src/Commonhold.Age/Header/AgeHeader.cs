using System.Security.Cryptography;

namespace Commonhold.Age;

/// <summary>The header of an age file: who can unwrap its file key, under a MAC that only they can check.</summary>
/// <remarks>Parsing is as strict as the specification: what parses has exactly one encoding. Nothing here is
/// authenticated until <see cref="Verify"/> returns with the right file key.</remarks>
public sealed class AgeHeader
{
    private readonly byte[] authenticated;
    private readonly byte[] mac;

    internal AgeHeader(IReadOnlyList<Stanza> stanzas, byte[] authenticated, byte[] mac, int length)
    {
        Stanzas = stanzas;
        this.authenticated = authenticated;
        this.mac = mac;
        Length = length;
        X25519Shares = ReadShares(stanzas);
    }

    public IReadOnlyList<Stanza> Stanzas { get; }

    /// <summary>Bytes from the start of the file to the end of the MAC line.</summary>
    public int Length { get; }

    /// <summary>The ephemeral shares (u-coordinates, 32 bytes each) of the X25519 stanzas, in order.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> X25519Shares { get; }

    /// <summary>Parses the header at the start of <paramref name="file"/>; more bytes may follow it.</summary>
    /// <exception cref="AgeException">Malformed, incomplete or above the limits.</exception>
    public static AgeHeader Parse(ReadOnlySpan<byte> file, AgeLimits? limits = null) =>
        HeaderParser.Parse(file, limits ?? AgeLimits.Default);

    /// <summary>Refuses a header that <paramref name="key"/> did not authenticate.</summary>
    internal void Verify(FileKey key)
    {
        Span<byte> expected = stackalloc byte[32];
        ComputeMac(key, authenticated, expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, mac))
        {
            throw new AgeException(
                AgeErrors.HeaderMac, "The header was changed after it was written: its MAC does not match.",
                "Get the file again from its source.");
        }
    }

    internal static void ComputeMac(FileKey key, ReadOnlySpan<byte> authenticated, Span<byte> mac)
    {
        // age v1, "Header MAC": HKDF-SHA-256 with empty salt and info "header".
        Span<byte> macKey = stackalloc byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key.Span, macKey, default, "header"u8);
        HMACSHA256.HashData(macKey, authenticated, mac);
        CryptographicOperations.ZeroMemory(macKey);
    }

    private static ReadOnlyMemory<byte>[] ReadShares(IReadOnlyList<Stanza> stanzas) =>
        [.. stanzas.Select(X25519Stanza.TryRead).OfType<X25519Stanza>().Select(s => (ReadOnlyMemory<byte>)s.Share)];
}
