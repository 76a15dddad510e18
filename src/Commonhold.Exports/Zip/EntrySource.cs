using System.IO.Compression;
using System.Security.Cryptography;
using Commonhold.Exports.Csv;

namespace Commonhold.Exports.Zip;

/// <summary>Inflates one entry and holds it to what the directory declared: never a byte more, none fewer, the same CRC-32.
/// What is hashed is what is read.</summary>
internal sealed class EntrySource : ICsvSource, IDisposable
{
    private readonly ZipEntry _entry;
    private readonly Stream _inflated;
    private readonly IncrementalHash _sha256;
    private uint _crc;
    private long _read;
    private bool _ended;

    /// <param name="sha256">Reset by <see cref="Finish"/>; shared by the entries of one pass, which are read one after another.</param>
    public EntrySource(Stream zip, ZipEntry entry, IncrementalHash sha256)
    {
        _entry = entry;
        _sha256 = sha256;
        var segment = new SegmentStream(zip, entry.DataOffset, entry.CompressedSize);
        _inflated = entry.IsDeflated ? new DeflateStream(segment, CompressionMode.Decompress) : segment;
    }

    public string Name => _entry.Name;

    /// <summary>Is given every byte that is read, in order.</summary>
    public Stream? Tee { get; set; }

    public int Read(Span<byte> buffer)
    {
        if (_ended)
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
            if (_crc != _entry.Crc32)
                throw Corrupt($"{Name} has the checksum {_crc:x8}; the archive says {_entry.Crc32:x8}.");
            return 0;
        }

        var bytes = buffer[..read];
        _crc = Crc32.Append(_crc, bytes);
        _sha256.AppendData(bytes);
        Tee?.Write(bytes);
        return read;
    }

    /// <summary>The SHA-256 of the whole content; call once, when everything was read.</summary>
    public byte[] Finish()
    {
        Span<byte> beyond = stackalloc byte[1];
        if (!_ended && Read(beyond) != 0)
            throw new InvalidOperationException($"{Name} was not read to its end.");
        return _sha256.GetHashAndReset();
    }

    public void Dispose() => _inflated.Dispose();

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
