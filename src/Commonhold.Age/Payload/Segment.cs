using System.Buffers;
using System.Security.Cryptography;

namespace Commonhold.Age;

/// <summary>A run of chunks that one worker seals or opens. Used again for later runs of the same payload; wiped when disposed.</summary>
internal sealed class Segment : IDisposable
{
    private readonly byte[] input;
    private readonly byte[] output;

    internal Segment(int inputSize, int outputSize)
    {
        input = ArrayPool<byte>.Shared.Rent(inputSize);
        output = ArrayPool<byte>.Shared.Rent(outputSize);
        Input = input.AsMemory(0, inputSize);
    }

    internal Memory<byte> Input { get; }

    internal int InputLength { get; set; }

    internal int OutputLength { get; private set; }

    internal ReadOnlyMemory<byte> Output => output.AsMemory(0, OutputLength);

    internal ulong FirstChunk { get; private set; }

    internal bool IsLast { get; set; }

    /// <summary>Why the payload ends after <see cref="Output"/>; null while all is well.</summary>
    internal AgeException? Fault { get; private set; }

    /// <summary>Makes the segment ready for the run that begins at <paramref name="firstChunk"/>.</summary>
    internal void Begin(ulong firstChunk)
    {
        FirstChunk = firstChunk;
        InputLength = 0;
        OutputLength = 0;
        IsLast = false;
    }

    internal Segment Seal(PayloadKey key)
    {
        using var cipher = key.CreateCipher();
        var plaintext = Input.Span[..InputLength];
        var index = FirstChunk;
        do
        {
            var chunk = plaintext[..Math.Min(PayloadKey.ChunkSize, plaintext.Length)];
            plaintext = plaintext[chunk.Length..];
            PayloadKey.Seal(cipher, index++, IsLast && plaintext.IsEmpty, chunk, output.AsSpan(OutputLength));
            OutputLength += chunk.Length + PayloadKey.TagSize;
        }
        while (!plaintext.IsEmpty);
        return this;
    }

    internal Segment Open(PayloadKey key)
    {
        using var cipher = key.CreateCipher();
        var sealedBytes = Input.Span[..InputLength];
        for (var index = FirstChunk; Fault is null && (!sealedBytes.IsEmpty || index == 0); index++)
        {
            var chunk = sealedBytes[..Math.Min(PayloadKey.SealedChunkSize, sealedBytes.Length)];
            sealedBytes = sealedBytes[chunk.Length..];
            Fault = OpenChunk(cipher, index, IsLast && sealedBytes.IsEmpty, chunk);
        }

        return this;
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(input);
        CryptographicOperations.ZeroMemory(output);
        ArrayPool<byte>.Shared.Return(input);
        ArrayPool<byte>.Shared.Return(output);
    }

    private AgeException? OpenChunk(ChaCha20Poly1305 cipher, ulong index, bool last, ReadOnlySpan<byte> chunk)
    {
        if (chunk.Length < PayloadKey.TagSize) return Truncated();
        var plaintext = output.AsSpan(OutputLength, chunk.Length - PayloadKey.TagSize);
        // age v1, "Payload": the last chunk is empty only if the whole payload is.
        var empty = plaintext.IsEmpty && index > 0;
        if (!empty && PayloadKey.TryOpen(cipher, index, last, chunk, plaintext))
        {
            OutputLength += plaintext.Length;
            return null;
        }

        // The other mark tells a cut or a continued file from a changed one; what it authenticates is still genuine.
        if (plaintext.Length == PayloadKey.ChunkSize
            && PayloadKey.TryOpen(cipher, index, !last, chunk, plaintext))
        {
            OutputLength += plaintext.Length;
            return last ? Truncated() : new AgeException(AgeErrors.TrailingData, "There are bytes after the end of the file.");
        }

        return new AgeException(
            AgeErrors.Chunk, $"Chunk {index} was changed or cut: it does not authenticate.",
            "Get the file again from its source; what was written so far is genuine.");
    }

    private static AgeException Truncated() => new(
        AgeErrors.Truncated, "The file was cut: its last chunk is missing.", "Get the file again from its source.");
}
