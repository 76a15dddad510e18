using System.Buffers;
using System.Text.Unicode;

namespace Commonhold.Exports.Sources.Json;

/// <summary>The part of a stream that is being read: text checked to be UTF-8, in a pooled buffer that grows only for what must be
/// held at once.</summary>
internal sealed class JsonBuffer(Stream stream, string name, SourceLimits limits) : IDisposable
{
    private const int FirstBytes = 64 << 10;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(FirstBytes);
    private long _read;
    private int _checked;

    /// <summary>First byte that was not used yet.</summary>
    public int At { get; set; }

    public int End { get; private set; }

    /// <summary>The stream has no more.</summary>
    public bool IsLast { get; private set; }

    /// <summary>Place of <see cref="At"/> in the stream.</summary>
    public long Position => _read - End + At;

    public ReadOnlySpan<byte> Rest => _bytes.AsSpan(At, End - At);

    public ReadOnlySpan<byte> Slice(int start, int length) => _bytes.AsSpan(start, length);

    /// <summary>Brings more, keeping what stands from <paramref name="keep"/> on. Returns by how much that was moved to the front.</summary>
    public int Fill(int keep, int maxHeld)
    {
        if (End - keep >= maxHeld)
            throw SourceRefusal.TooLong(name, maxHeld);
        if (keep > 0)
        {
            _bytes.AsSpan(keep, End - keep).CopyTo(_bytes);
            At -= keep;
            End -= keep;
            _checked -= keep;
        }

        if (End > _bytes.Length / 2)
            Grow();

        // Filled to the brim: what is not whole yet is looked at again, which must not happen once a byte.
        while (!IsLast && End < _bytes.Length)
        {
            var read = stream.Read(_bytes.AsSpan(End));
            IsLast = read == 0;
            End += read;
            _read += read;
            if (_read > limits.MaxFileBytes)
                throw SourceRefusal.TooLarge(name, limits.MaxFileBytes);
        }

        Check();
        return keep;
    }

    public void Dispose()
    {
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes, clearArray: true);
        _bytes = [];
        At = End = 0;
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_bytes.Length * 2);
        _bytes.AsSpan(0, End).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes, clearArray: true);
        _bytes = larger;
    }

    // A character may be cut where the buffer ends; it is looked at with what comes.
    private void Check()
    {
        var end = End;
        if (!IsLast)
        {
            var first = end;
            while (first > _checked && end - first < 4 && (_bytes[first - 1] & 0xC0) == 0x80)
                first--;
            if (first > _checked && _bytes[first - 1] >= 0xC0)
                end = first - 1;
        }

        var head = _bytes.AsSpan(0, Math.Min(end, 2));
        if (_checked == 0 && (head.SequenceEqual((ReadOnlySpan<byte>)[0xFF, 0xFE]) || head.SequenceEqual((ReadOnlySpan<byte>)[0xFE, 0xFF])))
            throw SourceRefusal.Utf16(name);
        if (!Utf8.IsValid(_bytes.AsSpan(_checked, end - _checked)))
            throw SourceRefusal.NotUtf8(name);
        _checked = end;
    }
}
