using Commonhold.Age;

namespace Commonhold.Validator.Ownership.Online;

/// <summary>A plaintext in memory whose size is not known beforehand: grows by pieces that never move, up to a limit; wiped when disposed.</summary>
internal sealed class ChunkedSecretStream(long limit) : Stream
{
    private const int ChunkBytes = 1024 * 1024;

    private readonly List<SecretBytes> _chunks = [];
    private long _length;
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position
    {
        get => _position;
        set => _position = value >= 0 && value <= _length ? value : throw new ArgumentOutOfRangeException(nameof(value));
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int count = (int)Math.Min(Math.Min(buffer.Length, _length - _position), ChunkBytes - (_position % ChunkBytes));
        if (count <= 0)
            return 0;
        Here(count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (buffer.Length > limit - _position)
            throw new IOException($"More than {limit} bytes.");
        while (!buffer.IsEmpty)
        {
            if (_position == (long)_chunks.Count * ChunkBytes)
                _chunks.Add(new SecretBytes(ChunkBytes));
            int count = (int)Math.Min(buffer.Length, ChunkBytes - (_position % ChunkBytes));
            buffer[..count].CopyTo(Here(count));
            buffer = buffer[count..];
            _position += count;
            _length = Math.Max(_length, _position);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => _length + offset,
    };

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (SecretBytes chunk in _chunks)
                chunk.Dispose();
        }

        base.Dispose(disposing);
    }

    private Span<byte> Here(int count) => _chunks[(int)(_position / ChunkBytes)].Span.Slice((int)(_position % ChunkBytes), count);
}
