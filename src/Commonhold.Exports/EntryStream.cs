using System.IO.Compression;
using System.Security.Cryptography;
using Commonhold.Exports.Csv;
using Commonhold.Exports.Zip;

namespace Commonhold.Exports;

/// <summary>Reads one entry once, inflating it, and holds it to what the directory declared: never a byte more, none fewer, the
/// same CRC-32. What is hashed is what is read.</summary>
public sealed class EntryStream : Stream, ICsvSource
{
    private readonly ExportEntry _entry;
    private readonly Stream _inflated;
    private IncrementalHash? _sha256;
    private uint _crc;
    private long _read;
    private bool _ended;

    internal EntryStream(Stream raw, ExportEntry entry)
    {
        _entry = entry;
        var segment = new SegmentStream(raw, entry.Zipped?.DataOffset ?? 0, entry.Zipped?.CompressedSize ?? entry.Size);
        _inflated = entry.Zipped is { IsDeflated: true } ? new DeflateStream(segment, CompressionMode.Decompress) : segment;
    }

    public string Name => _entry.Name;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => _entry.Size;

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    /// <summary>Is given every byte that is read, in order.</summary>
    public Stream? Tee { get; set; }

    /// <summary>Hashes all that is read from now on; ask before the first read. <see cref="FinishHash"/> resets the hash, so that the
    /// entries of one pass can share it.</summary>
    public void HashInto(IncrementalHash sha256) => _sha256 = sha256;

    public override int Read(Span<byte> buffer)
    {
        if (_ended || buffer.IsEmpty)
            return 0;
        var read = ReadInflated(buffer);
        _read += read;
        if (_read > _entry.Size)
            throw new ExportRefusedException(
                "export.zip_bomb", $"{Name} inflates to more than the {_entry.Size:N0} bytes it declares.", ZipFormat.DownloadAgain);
        if (read == 0)
        {
            _ended = true;
            if (_read != _entry.Size)
                throw Corrupt($"{Name} has {_read:N0} bytes instead of the {_entry.Size:N0} it declares.");
            if (_entry.Zipped is { } zipped && _crc != zipped.Crc32)
                throw Corrupt($"{Name} has the checksum {_crc:x8}; the archive says {zipped.Crc32:x8}.");
            return 0;
        }

        var bytes = buffer[..read];
        if (_entry.Zipped is not null)
            _crc = Crc32.Append(_crc, bytes);
        _sha256?.AppendData(bytes);
        Tee?.Write(bytes);
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>Makes sure that everything was read, and so that size and checksum hold.</summary>
    public void Finish()
    {
        Span<byte> beyond = stackalloc byte[1];
        if (!_ended && Read(beyond) != 0)
            throw new InvalidOperationException($"{Name} was not read to its end.");
    }

    /// <summary>The SHA-256 of the whole content; call once, when everything was read.</summary>
    public byte[] FinishHash()
    {
        Finish();
        return (_sha256 ?? throw new InvalidOperationException("Nothing was hashed.")).GetHashAndReset();
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _inflated.Dispose();
        base.Dispose(disposing);
    }

    private int ReadInflated(Span<byte> buffer)
    {
        try
        {
            return _inflated.Read(buffer);
        }
        catch (InvalidDataException)
        {
            throw Corrupt($"{Name} cannot be inflated.");
        }
    }

    private static ExportRefusedException Corrupt(string detail) => new("export.corrupt", detail, ZipFormat.DownloadAgain);
}
