using System.Buffers.Binary;

namespace Commonhold.Exports.Zip;

/// <summary>Reads an archive's central directory as hostile input, before a byte is inflated.</summary>
/// <remarks>What is tolerated: an archive comment, data descriptors, and extra fields that carry times and owners. The entries
/// must tile the file from its first byte to the central directory, and the directory must reach to the end record, so there is
/// no room for overlapping entries, data before the archive, or bytes that another reader would see differently. Every local
/// header must say what the central record says.</remarks>
internal static class ZipDirectory
{
    public static IReadOnlyList<ZipEntry> Read(Stream zip, ExportLimits limits, ZipRules? rules = null)
    {
        rules ??= ZipRules.Strict;
        if (zip.Length > rules.MaxArchiveBytes(limits))
            throw TooLarge($"The archive has {zip.Length:N0} bytes; the limit is {rules.MaxArchiveBytes(limits):N0}.");

        var (count, offset, size) = FindDirectory(zip, rules);
        if (count > rules.MaxEntries(limits))
            throw new ExportRefusedException(
                "export.too_many_entries",
                $"The archive has {count:N0} entries; the limit is {rules.MaxEntries(limits)}.",
                ZipFormat.DownloadAgain);

        var directory = ReadAt(zip, offset, size);
        var entries = new List<ZipEntry>(count);
        var rest = directory.AsSpan();
        for (var i = 0; i < count; i++)
            entries.Add(CentralRecord.Read(ref rest, rules));
        if (!rest.IsEmpty)
            throw ZipFormat.Malformed($"The central directory has {rest.Length} bytes more than its {count} records.");

        RefuseDuplicates(entries);
        if (rules.IsStrict)
            RefuseBombs(entries, limits);
        var placed = LocalHeaders.Check(zip, entries, offset);
        return rules.IsStrict ? placed : placed.FindAll(e => !e.IsFolder);
    }

    private static (int Count, long Offset, int Size) FindDirectory(Stream zip, ZipRules rules)
    {
        var tailLength = (int)Math.Min(zip.Length, ZipFormat.EndOfDirectorySize + ushort.MaxValue);
        var tail = ReadAt(zip, zip.Length - tailLength, tailLength);
        var at = tail.AsSpan().LastIndexOf("PK\x05\x06"u8);
        if (at < 0 || at + ZipFormat.EndOfDirectorySize > tailLength)
        {
            var head = ReadAt(zip, 0, (int)Math.Min(4, zip.Length));
            throw head.AsSpan().StartsWith("PK\x03\x04"u8)
                ? ZipFormat.Truncated("The archive's end record is missing.")
                : new ExportRefusedException("export.not_zip", "The file is not a ZIP archive.", ZipFormat.DownloadAgain);
        }

        var end = tail.AsSpan(at);
        var comment = BinaryPrimitives.ReadUInt16LittleEndian(end[20..]);
        if (end.Length != ZipFormat.EndOfDirectorySize + comment)
            throw ZipFormat.Malformed($"{end.Length - ZipFormat.EndOfDirectorySize} bytes follow the end record, which announces {comment}.");

        var endOffset = zip.Length - end.Length;
        var disk = BinaryPrimitives.ReadUInt32LittleEndian(end[4..]);
        var here = BinaryPrimitives.ReadUInt16LittleEndian(end[8..]);
        var total = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]);
        var size = BinaryPrimitives.ReadUInt32LittleEndian(end[12..]);
        var offset = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
        if (total == ushort.MaxValue || size == uint.MaxValue || offset == uint.MaxValue)
            throw ZipFormat.Zip64("The end record refers to a zip64 record.");
        if (disk != 0 || here != total)
            throw ZipFormat.Malformed("The archive spans several disks.");
        if (offset + (long)size > endOffset)
            throw ZipFormat.Truncated("The central directory reaches past the end record.");
        if (offset + (long)size < endOffset)
            throw ZipFormat.Malformed("There are bytes between the central directory and the end record, or before the archive.");
        if (size > rules.MaxDirectoryBytes)
            throw ZipFormat.Malformed($"The central directory has {size:N0} bytes; the limit is {rules.MaxDirectoryBytes:N0}.");
        return (total, offset, (int)size);
    }

    private static void RefuseDuplicates(List<ZipEntry> entries)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in entries)
        {
            if (!seen.Add(entry.Name))
                throw new ExportRefusedException(
                    "export.duplicate_entry",
                    $"{ZipFormat.Show(entry.Name)} is in the archive twice.",
                    ZipFormat.DownloadAgain);
        }
    }

    private static void RefuseBombs(List<ZipEntry> entries, ExportLimits limits)
    {
        var total = 0L;
        foreach (var entry in entries)
        {
            total += entry.Size;
            RefuseBomb(entry, limits);
        }

        if (total > limits.MaxTotalBytes)
            throw TooLarge($"The files have {total:N0} bytes together; the limit is {limits.MaxTotalBytes:N0}.");
    }

    public static void RefuseBomb(ZipEntry entry, ExportLimits limits)
    {
        if (entry.Size > limits.RatioFreeBytes && entry.Size / limits.MaxRatio > entry.CompressedSize)
            throw new ExportRefusedException(
                "export.zip_bomb",
                $"{entry.Name} would inflate {entry.CompressedSize:N0} bytes to {entry.Size:N0}; the limit is {limits.MaxRatio} to 1.",
                ZipFormat.DownloadAgain);
        if (entry.Size > limits.MaxFileBytes)
            throw TooLarge($"{entry.Name} has {entry.Size:N0} bytes; the limit is {limits.MaxFileBytes:N0}.");
    }

    public static byte[] ReadAt(Stream zip, long offset, int length)
    {
        var bytes = new byte[length];
        zip.Position = offset;
        zip.ReadExactly(bytes);
        return bytes;
    }

    public static ExportRefusedException TooLarge(string detail) =>
        new("export.too_large", detail, "Ask the operator whether larger exports can be taken.");
}
