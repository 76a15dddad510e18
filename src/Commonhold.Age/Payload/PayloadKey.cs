using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Commonhold.Age;

/// <summary>The key of one payload and the STREAM construction over it (age v1, "Payload").</summary>
internal sealed class PayloadKey : IDisposable
{
    internal const int NonceSize = 16;
    internal const int ChunkSize = 64 << 10;
    internal const int TagSize = 16;
    internal const int SealedChunkSize = ChunkSize + TagSize;

    private readonly SecretBytes key = new(32);

    internal PayloadKey(FileKey fileKey, ReadOnlySpan<byte> nonce) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, fileKey.Span, key.Span, nonce, "payload"u8);

    /// <summary>One per thread: the cipher object is not safe to share.</summary>
    internal ChaCha20Poly1305 CreateCipher() => new(key.Span);

    internal static void Seal(ChaCha20Poly1305 cipher, ulong index, bool last, ReadOnlySpan<byte> plaintext, Span<byte> output)
    {
        Span<byte> nonce = stackalloc byte[12];
        WriteNonce(nonce, index, last);
        cipher.Encrypt(nonce, plaintext, output[..plaintext.Length], output.Slice(plaintext.Length, TagSize));
    }

    /// <summary>False when the chunk is not what the writer put at this place; the output is then all zero.</summary>
    internal static bool TryOpen(ChaCha20Poly1305 cipher, ulong index, bool last, ReadOnlySpan<byte> chunk, Span<byte> output)
    {
        Span<byte> nonce = stackalloc byte[12];
        WriteNonce(nonce, index, last);
        try
        {
            cipher.Decrypt(nonce, chunk[..^TagSize], chunk[^TagSize..], output);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            CryptographicOperations.ZeroMemory(output);
            return false;
        }
    }

    public void Dispose() => key.Dispose();

    // Eleven bytes of big-endian counter, then a byte that marks the last chunk. 2^64 chunks are 2^80 bytes.
    private static void WriteNonce(Span<byte> nonce, ulong index, bool last)
    {
        nonce.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(nonce[3..], index);
        nonce[11] = last ? (byte)1 : (byte)0;
    }
}
