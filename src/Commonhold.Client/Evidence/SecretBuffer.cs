using System.Buffers;
using Commonhold.Age;

namespace Commonhold.Client;

/// <summary>Takes what a writer writes into one piece of pinned memory that is wiped; never grows, so nothing is left behind by growing.</summary>
internal sealed class SecretBuffer(int capacity) : IBufferWriter<byte>, IDisposable
{
    private readonly SecretBytes _bytes = new(capacity);
    private int _position;

    public ReadOnlySpan<byte> Written => _bytes.Span[.._position];

    public void Advance(int count) => _position += count;

    public Memory<byte> GetMemory(int sizeHint = 0) => _bytes.Memory[Room(sizeHint)..];

    public Span<byte> GetSpan(int sizeHint = 0) => _bytes.Span[Room(sizeHint)..];

    public void Dispose() => _bytes.Dispose();

    private int Room(int sizeHint) => _bytes.Length - _position > Math.Max(sizeHint, 0) ? _position : throw new TooLargeException(_bytes.Length);
}
