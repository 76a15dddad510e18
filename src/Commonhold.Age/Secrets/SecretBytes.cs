using System.Security.Cryptography;

namespace Commonhold.Age;

/// <summary>Secret bytes in pinned memory: never moved or copied by the collector, zeroed when disposed.</summary>
/// <remarks>Not locked against swap: an encrypted or absent swap is the operator's part (docs/threat-model.md).</remarks>
public sealed class SecretBytes : IDisposable
{
    private readonly byte[] bytes;
    private bool disposed;

    /// <summary>Zeroed memory of <paramref name="length"/> bytes.</summary>
    public SecretBytes(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        bytes = GC.AllocateArray<byte>(length, pinned: true);
    }

    ~SecretBytes() => CryptographicOperations.ZeroMemory(bytes);

    public int Length => bytes.Length;

    /// <summary>The bytes; the span must not outlive this object.</summary>
    public Span<byte> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            return bytes;
        }
    }

    /// <summary>The bytes for asynchronous callers; must not outlive this object.</summary>
    public Memory<byte> Memory
    {
        get
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            return bytes;
        }
    }

    public static SecretBytes Random(int length)
    {
        var secret = new SecretBytes(length);
        RandomNumberGenerator.Fill(secret.bytes);
        return secret;
    }

    public static SecretBytes CopyOf(ReadOnlySpan<byte> source)
    {
        var secret = new SecretBytes(source.Length);
        source.CopyTo(secret.bytes);
        return secret;
    }

    /// <summary>Compares without revealing where the first difference is.</summary>
    public bool FixedTimeEquals(ReadOnlySpan<byte> other) => CryptographicOperations.FixedTimeEquals(Span, other);

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(bytes);
        disposed = true;
        GC.SuppressFinalize(this);
    }

    /// <summary>The length only, so that a log line cannot leak the bytes.</summary>
    public override string ToString() => $"SecretBytes({bytes.Length})";
}
