using System.Security.Cryptography;

namespace Commonhold.Age;

/// <summary>Wraps a file key under a key that is used once: ChaCha20-Poly1305 with a zero nonce.</summary>
internal static class WrapCipher
{
    internal const int TagSize = 16;
    internal const int BodySize = FileKey.Size + TagSize;

    internal static byte[] Seal(ReadOnlySpan<byte> wrapKey, FileKey key)
    {
        Span<byte> nonce = stackalloc byte[12];
        nonce.Clear();
        var body = new byte[BodySize];
        using var cipher = new ChaCha20Poly1305(wrapKey);
        cipher.Encrypt(nonce, key.Span, body.AsSpan(0, FileKey.Size), body.AsSpan(FileKey.Size));
        return body;
    }

    internal static FileKey? TryOpen(ReadOnlySpan<byte> wrapKey, ReadOnlySpan<byte> body)
    {
        Span<byte> nonce = stackalloc byte[12];
        nonce.Clear();
        var key = new SecretBytes(FileKey.Size);
        try
        {
            using var cipher = new ChaCha20Poly1305(wrapKey);
            cipher.Decrypt(nonce, body[..FileKey.Size], body[FileKey.Size..], key.Span);
            return FileKey.Own(key);
        }
        catch (AuthenticationTagMismatchException)
        {
            key.Dispose();
            return null;
        }
    }
}
