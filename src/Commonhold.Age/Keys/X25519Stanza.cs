using System.Security.Cryptography;

namespace Commonhold.Age;

/// <summary>An X25519 stanza: the writer's ephemeral share and the wrapped file key (age v1, "X25519").</summary>
internal sealed record X25519Stanza(byte[] Share, byte[] Body)
{
    internal const string Type = "X25519";
    internal const int PointSize = 32;

    internal static X25519Stanza Read(Stanza stanza)
    {
        if (stanza.Arguments.Count != 1) throw HeaderParser.Malformed("an X25519 stanza has not one argument");
        var share = UnpaddedBase64.TryDecode(stanza.Arguments[0]);
        if (share is not { Length: PointSize }) throw HeaderParser.Malformed("an X25519 share is not 32 bytes of base64");
        // The exact length keeps a stanza from being opened under several keys at once.
        if (stanza.Body.Length != WrapCipher.BodySize) throw HeaderParser.Malformed("an X25519 body is not 32 bytes");
        return new X25519Stanza(share, stanza.Body.ToArray());
    }

    internal static X25519Stanza? TryRead(Stanza stanza) => stanza.Type == Type ? Read(stanza) : null;

    internal static Stanza Write(
        ReadOnlySpan<byte> share, ReadOnlySpan<byte> recipient, ReadOnlySpan<byte> sharedSecret, FileKey key)
    {
        Span<byte> wrapKey = stackalloc byte[32];
        DeriveWrapKey(share, recipient, sharedSecret, wrapKey);
        var body = WrapCipher.Seal(wrapKey, key);
        CryptographicOperations.ZeroMemory(wrapKey);
        return new Stanza([Type, UnpaddedBase64.Encode(share)], body);
    }

    /// <summary>The file key, or null when the stanza is for somebody else.</summary>
    internal FileKey? TryUnwrap(ReadOnlySpan<byte> recipient, ReadOnlySpan<byte> sharedSecret)
    {
        Span<byte> wrapKey = stackalloc byte[32];
        DeriveWrapKey(Share, recipient, sharedSecret, wrapKey);
        var key = WrapCipher.TryOpen(wrapKey, Body);
        CryptographicOperations.ZeroMemory(wrapKey);
        return key;
    }

    private static void DeriveWrapKey(
        ReadOnlySpan<byte> share, ReadOnlySpan<byte> recipient, ReadOnlySpan<byte> sharedSecret, Span<byte> wrapKey)
    {
        Span<byte> salt = stackalloc byte[2 * PointSize];
        share.CopyTo(salt);
        recipient.CopyTo(salt[PointSize..]);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, sharedSecret, wrapKey, salt, "age-encryption.org/v1/X25519"u8);
    }
}
