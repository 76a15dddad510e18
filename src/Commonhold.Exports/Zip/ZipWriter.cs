using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Commonhold.Exports.Zip;

/// <summary>Writes an archive whose bytes depend on names and contents alone: fixed times, no attributes, no extra fields.</summary>
/// <remarks>Strictly forward: sizes and checksums follow each file in a data descriptor, so the output need not seek.</remarks>
internal sealed class ZipWriter(Stream output)
{
    private const ushort Version = 20;
    private const ushort DosDate = (1 << 5) | 1; // 1980-01-01, the format's first day
    private readonly List<ZipEntry> _entries = [];
    private long _position;

    /// <summary>Adds a file; <paramref name="write"/> is given the stream for its plain content.</summary>
    public void Add(string name, Action<Stream> write)
    {
        var header = new byte[ZipFormat.LocalHeaderSize + name.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(header, ZipFormat.LocalHeader);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(4), Version);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(6), ZipFormat.FlagDescriptor);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), ZipFormat.Deflated);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(12), DosDate);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(26), (ushort)name.Length);
        Encoding.ASCII.GetBytes(name, header.AsSpan(ZipFormat.LocalHeaderSize));
        var headerOffset = _position;
        Put(header);

        var compressed = new CountingStream(output);
        CountingStream plain;
        using (var deflate = new DeflateStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            plain = new CountingStream(deflate);
            write(plain);
        }

        _position += compressed.Count;
        var entry = new ZipEntry(name, true, true, plain.Crc, compressed.Count, plain.Count, headerOffset);
        if (entry.Size >= uint.MaxValue || _position >= uint.MaxValue)
            throw new InvalidOperationException("The archive would need zip64.");
        Span<byte> descriptor = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(descriptor, ZipFormat.Descriptor);
        WriteSizes(descriptor[4..], entry);
        Put(descriptor);
        _entries.Add(entry);
    }

    /// <summary>Writes the central directory and returns the archive's size in bytes.</summary>
    public long Finish()
    {
        var start = _position;
        foreach (var entry in _entries)
        {
            var record = new byte[ZipFormat.CentralHeaderSize + entry.Name.Length];
            BinaryPrimitives.WriteUInt32LittleEndian(record, ZipFormat.CentralHeader);
            BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(4), Version);
            BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(6), Version);
            BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(8), ZipFormat.FlagDescriptor);
            BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(10), ZipFormat.Deflated);
            BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(14), DosDate);
            WriteSizes(record.AsSpan(16), entry);
            BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(28), (ushort)entry.Name.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(42), (uint)entry.HeaderOffset);
            Encoding.ASCII.GetBytes(entry.Name, record.AsSpan(ZipFormat.CentralHeaderSize));
            Put(record);
        }

        Span<byte> end = stackalloc byte[ZipFormat.EndOfDirectorySize];
        end.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(end, ZipFormat.EndOfDirectory);
        BinaryPrimitives.WriteUInt16LittleEndian(end[8..], (ushort)_entries.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(end[10..], (ushort)_entries.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(end[12..], (uint)(_position - start));
        BinaryPrimitives.WriteUInt32LittleEndian(end[16..], (uint)start);
        Put(end);
        return _position;
    }

    private static void WriteSizes(Span<byte> target, ZipEntry entry)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(target, entry.Crc32);
        BinaryPrimitives.WriteUInt32LittleEndian(target[4..], (uint)entry.CompressedSize);
        BinaryPrimitives.WriteUInt32LittleEndian(target[8..], (uint)entry.Size);
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        _position += bytes.Length;
    }
}
