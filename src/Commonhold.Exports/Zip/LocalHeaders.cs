using System.Buffers.Binary;

namespace Commonhold.Exports.Zip;

/// <summary>Holds every local header (APPNOTE 4.3.7) and data descriptor against its central record, and the entries against
/// the file: they must follow one another without a gap or an overlap.</summary>
internal static class LocalHeaders
{
    public static List<ZipEntry> Check(Stream zip, List<ZipEntry> entries, long directoryOffset)
    {
        var expected = 0L;
        var placed = new Dictionary<string, ZipEntry>(entries.Count);
        var byOffset = entries.OrderBy(e => e.HeaderOffset).ToList();
        for (var i = 0; i < byOffset.Count; i++)
        {
            var entry = byOffset[i];
            if (entry.HeaderOffset != expected)
                throw entry.HeaderOffset < expected
                    ? new ExportRefusedException("export.overlap", $"{entry.Name} overlaps another entry.", ZipFormat.DownloadAgain)
                    : ZipFormat.Malformed($"{entry.HeaderOffset - expected:N0} bytes before {entry.Name} belong to no entry.");

            var next = i + 1 < byOffset.Count ? byOffset[i + 1].HeaderOffset : directoryOffset;
            var dataOffset = CheckOne(zip, entry, directoryOffset);
            var dataEnd = dataOffset + entry.CompressedSize;
            if (dataEnd > directoryOffset)
                throw ZipFormat.Truncated($"{entry.Name} reaches into the central directory.");
            expected = entry.HasDescriptor ? CheckDescriptor(zip, entry, dataEnd, next) : dataEnd;
            placed.Add(entry.Name, entry with { DataOffset = dataOffset });
        }

        if (expected != directoryOffset)
            throw ZipFormat.Malformed($"{directoryOffset - expected:N0} bytes before the central directory belong to no entry.");
        return entries.ConvertAll(e => placed[e.Name]);
    }

    private static long CheckOne(Stream zip, ZipEntry entry, long directoryOffset)
    {
        if (entry.HeaderOffset + ZipFormat.LocalHeaderSize > directoryOffset)
            throw ZipFormat.Truncated($"The local header of {entry.Name} is cut.");
        Span<byte> header = stackalloc byte[ZipFormat.LocalHeaderSize];
        zip.Position = entry.HeaderOffset;
        zip.ReadExactly(header);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != ZipFormat.LocalHeader)
            throw ZipFormat.Malformed($"{entry.Name} has no local header where the central directory points.");

        int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(header[26..]);
        int extraLength = BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
        if (nameLength != entry.NameBytes)
            throw Disagrees(entry, "name");
        var dataOffset = entry.HeaderOffset + ZipFormat.LocalHeaderSize + nameLength + extraLength;
        if (dataOffset > directoryOffset)
            throw ZipFormat.Truncated($"The local header of {entry.Name} is cut.");
        var variable = new byte[nameLength + extraLength];
        zip.ReadExactly(variable);
        if (ZipFormat.Decode(variable.AsSpan(0, nameLength)) != entry.Name)
            throw Disagrees(entry, "name");

        var flags = BinaryPrimitives.ReadUInt16LittleEndian(header[6..]);
        const ushort Known = ZipFormat.FlagDeflateOptions | ZipFormat.FlagDescriptor | ZipFormat.FlagUtf8;
        if ((flags & ~Known) != 0 || ((flags & ZipFormat.FlagDescriptor) != 0) != entry.HasDescriptor)
            throw Disagrees(entry, "flags");
        if (BinaryPrimitives.ReadUInt16LittleEndian(header[8..]) != (entry.IsDeflated ? ZipFormat.Deflated : ZipFormat.Stored))
            throw Disagrees(entry, "method");

        var crc = BinaryPrimitives.ReadUInt32LittleEndian(header[14..]);
        long compressed = BinaryPrimitives.ReadUInt32LittleEndian(header[18..]);
        long size = BinaryPrimitives.ReadUInt32LittleEndian(header[22..]);

        // Writers that stream reserve a zip64 field here before they know the size, even for small files.
        if (compressed == uint.MaxValue && size == uint.MaxValue)
            (size, compressed) = Zip64Sizes(variable.AsSpan(nameLength), entry);

        // With a descriptor the true values follow the data; here they may be zero.
        var deferred = entry.HasDescriptor && crc == 0 && compressed == 0 && size == 0;
        if (!deferred && (crc != entry.Crc32 || compressed != entry.CompressedSize || size != entry.Size))
            throw Disagrees(entry, "sizes or checksum");
        return dataOffset;
    }

    private static (long Size, long Compressed) Zip64Sizes(ReadOnlySpan<byte> extra, ZipEntry entry)
    {
        if (extra.Length >= 20
            && BinaryPrimitives.ReadUInt16LittleEndian(extra) == 1
            && BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]) >= 16)
            return (BinaryPrimitives.ReadInt64LittleEndian(extra[4..]), BinaryPrimitives.ReadInt64LittleEndian(extra[12..]));
        throw ZipFormat.Zip64($"{entry.Name} announces zip64 sizes and has none.");
    }

    private static long CheckDescriptor(Stream zip, ZipEntry entry, long dataEnd, long next)
    {
        // Three numbers, each size 4 or 8 bytes wide, with or without a signature in front (APPNOTE 4.3.9).
        var length = next - dataEnd;
        if (length < 0)
            throw new ExportRefusedException("export.overlap", $"{entry.Name} overlaps another entry.", ZipFormat.DownloadAgain);
        if (length is not (12 or 16 or 20 or 24))
            throw ZipFormat.Malformed($"The data descriptor of {entry.Name} has {length:N0} bytes.");
        ReadOnlySpan<byte> descriptor = ZipDirectory.ReadAt(zip, dataEnd, (int)length);
        if (length is 16 or 24)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(descriptor) != ZipFormat.Descriptor)
                throw Disagrees(entry, "data descriptor");
            descriptor = descriptor[4..];
        }

        var wide = descriptor.Length == 20;
        var compressed = wide ? BinaryPrimitives.ReadInt64LittleEndian(descriptor[4..]) : BinaryPrimitives.ReadUInt32LittleEndian(descriptor[4..]);
        var size = wide ? BinaryPrimitives.ReadInt64LittleEndian(descriptor[12..]) : BinaryPrimitives.ReadUInt32LittleEndian(descriptor[8..]);
        if (BinaryPrimitives.ReadUInt32LittleEndian(descriptor) != entry.Crc32 || compressed != entry.CompressedSize || size != entry.Size)
            throw Disagrees(entry, "data descriptor");
        return next;
    }

    private static ExportRefusedException Disagrees(ZipEntry entry, string what) => new(
        "export.zip_disagrees", $"The local header of {entry.Name} has another {what} than the central directory.", ZipFormat.DownloadAgain);
}
