namespace Commonhold.Age;

/// <summary>The 128-bit key of one file, which every stanza of its header wraps (age v1, "File key").</summary>
public sealed class FileKey : IDisposable
{
    public const int Size = 16;

    private readonly SecretBytes bytes;

    private FileKey(SecretBytes bytes) => this.bytes = bytes;

    internal ReadOnlySpan<byte> Span => bytes.Span;

    internal static FileKey Generate() => new(SecretBytes.Random(Size));

    /// <summary>Takes over <paramref name="bytes"/>; disposing the key wipes them.</summary>
    internal static FileKey Own(SecretBytes bytes) => bytes.Length == Size
        ? new FileKey(bytes)
        : throw new ArgumentException($"A file key has {Size} bytes, not {bytes.Length}.", nameof(bytes));

    public void Dispose() => bytes.Dispose();
}
