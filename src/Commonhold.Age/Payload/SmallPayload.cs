using System.Security.Cryptography;

namespace Commonhold.Age;

/// <summary>Whole files in memory, for messages between processes; at most 16 MiB.</summary>
internal static class SmallPayload
{
    private const int MaxBytes = 16 << 20;

    internal static byte[] Seal(byte[] header, FileKey key, ReadOnlySpan<byte> plaintext)
    {
        if (plaintext.Length > MaxBytes) throw TooLarge();
        var chunks = Math.Max(1, (plaintext.Length + PayloadKey.ChunkSize - 1) / PayloadKey.ChunkSize);
        var file = new byte[header.Length + PayloadKey.NonceSize + plaintext.Length + (chunks * PayloadKey.TagSize)];
        header.CopyTo(file, 0);
        var nonce = file.AsSpan(header.Length, PayloadKey.NonceSize);
        RandomNumberGenerator.Fill(nonce);

        using var payloadKey = new PayloadKey(key, nonce);
        using var cipher = payloadKey.CreateCipher();
        var output = file.AsSpan(header.Length + PayloadKey.NonceSize);
        for (var index = 0; index < chunks; index++)
        {
            var chunk = plaintext[..Math.Min(PayloadKey.ChunkSize, plaintext.Length)];
            plaintext = plaintext[chunk.Length..];
            PayloadKey.Seal(cipher, (ulong)index, index == chunks - 1, chunk, output);
            output = output[(chunk.Length + PayloadKey.TagSize)..];
        }

        return file;
    }

    internal static SecretBytes Open(ReadOnlySpan<byte> payload, FileKey key)
    {
        if (payload.Length > MaxBytes) throw TooLarge();
        if (payload.Length < PayloadKey.NonceSize) throw HeaderParser.Malformed("it ends before the payload's nonce");
        using var payloadKey = new PayloadKey(key, payload[..PayloadKey.NonceSize]);
        payload = payload[PayloadKey.NonceSize..];
        var chunks = Math.Max(1, (payload.Length + PayloadKey.SealedChunkSize - 1) / PayloadKey.SealedChunkSize);
        using var segment = new Segment(payload.Length, chunks * PayloadKey.ChunkSize) { IsLast = true };
        payload.CopyTo(segment.Input.Span);
        segment.InputLength = payload.Length;
        segment.Open(payloadKey);
        return segment.Fault is { } fault ? throw fault : SecretBytes.CopyOf(segment.Output.Span);
    }

    private static AgeException TooLarge() =>
        new(AgeErrors.TooLarge, $"A message in memory has at most {MaxBytes >> 20} MiB.", "Use the streaming calls.");
}
