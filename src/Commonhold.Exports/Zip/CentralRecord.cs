using System.Buffers.Binary;
using System.Text;

namespace Commonhold.Exports.Zip;

/// <summary>One record of the central directory (APPNOTE 4.3.12), refused unless it describes a plain file.</summary>
internal static class CentralRecord
{
    private const int MaxNameBytes = 512;
    private const int UnixFileType = 0xF000;
    private const int UnixRegular = 0x8000;
    private const int UnixLink = 0xA000;
    private const int DosDirectory = 0x10;
    private static readonly string[] ArchiveSuffixes = [".zip", ".gz", ".tgz", ".tar", ".7z", ".rar", ".bz2", ".xz", ".zst"];

    public static ZipEntry Read(ref Span<byte> rest, ZipRules rules)
    {
        if (rest.Length < ZipFormat.CentralHeaderSize
            || BinaryPrimitives.ReadUInt32LittleEndian(rest) != ZipFormat.CentralHeader)
            throw ZipFormat.Truncated("The central directory ends before its last record.");

        int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(rest[28..]);
        int extraLength = BinaryPrimitives.ReadUInt16LittleEndian(rest[30..]);
        int commentLength = BinaryPrimitives.ReadUInt16LittleEndian(rest[32..]);
        var length = ZipFormat.CentralHeaderSize + nameLength + extraLength + commentLength;
        if (rest.Length < length)
            throw ZipFormat.Truncated("The central directory ends inside a record.");

        var record = rest[..length];
        rest = rest[length..];
        var name = CheckName(record.Slice(ZipFormat.CentralHeaderSize, nameLength), rules);
        CheckFlags(BinaryPrimitives.ReadUInt16LittleEndian(record[8..]), name);
        var isFolder = CheckAttributes(record[5], BinaryPrimitives.ReadUInt32LittleEndian(record[38..]), name, rules);
        CheckExtra(record.Slice(ZipFormat.CentralHeaderSize + nameLength, extraLength), name);

        var method = BinaryPrimitives.ReadUInt16LittleEndian(record[10..]);
        if (method is not (ZipFormat.Stored or ZipFormat.Deflated))
            throw new ExportRefusedException(
                "export.zip_method", $"{name} is compressed by method {method}; known are 0 and 8.", ZipFormat.DownloadAgain);

        var compressed = BinaryPrimitives.ReadUInt32LittleEndian(record[20..]);
        var size = BinaryPrimitives.ReadUInt32LittleEndian(record[24..]);
        var offset = BinaryPrimitives.ReadUInt32LittleEndian(record[42..]);
        if (compressed == uint.MaxValue || size == uint.MaxValue || offset == uint.MaxValue)
            throw ZipFormat.Zip64($"{name} is described by a zip64 record.");
        if (BinaryPrimitives.ReadUInt16LittleEndian(record[34..]) != 0)
            throw ZipFormat.Malformed($"{name} lies on another disk.");
        if (method == ZipFormat.Stored && compressed != size)
            throw ZipFormat.Malformed($"{name} is stored, yet its two sizes differ.");

        var hasDescriptor = (BinaryPrimitives.ReadUInt16LittleEndian(record[8..]) & ZipFormat.FlagDescriptor) != 0;
        var crc = BinaryPrimitives.ReadUInt32LittleEndian(record[16..]);
        return new ZipEntry(name, method == ZipFormat.Deflated, hasDescriptor, crc, compressed, size, offset)
        {
            NameBytes = nameLength,
            IsFolder = isFolder,
        };
    }

    private static string CheckName(ReadOnlySpan<byte> name, ZipRules rules)
    {
        var shown = ZipFormat.Show(name);
        if (name.IsEmpty || name.Length > MaxNameBytes)
            throw ZipFormat.Malformed($"An entry's name has {name.Length} bytes.");
        if (!rules.IsStrict)
            return CheckForeignName(ZipFormat.Decode(name), shown);
        if (name[0] == '/' || name.ContainsAny("\\:"u8) || name.IndexOf(".."u8) >= 0)
            throw new ExportRefusedException(
                "export.path_traversal", $"The entry {shown} points outside the archive.", ZipFormat.DownloadAgain);
        if (name.ContainsAnyExceptInRange((byte)0x20, (byte)0x7e))
            throw new ExportRefusedException(
                "export.unknown_file", $"The entry {shown} is not a file of an export.", ZipFormat.DownloadAgain);

        var text = Encoding.ASCII.GetString(name);
        if (ArchiveSuffixes.Any(s => text.EndsWith(s, StringComparison.OrdinalIgnoreCase)))
            throw new ExportRefusedException(
                "export.nested_archive", $"The entry {shown} is an archive inside the archive.", "Pass the inner archive itself.");
        return text;
    }

    // Nothing is ever unpacked to a disk, so a name only has to be showable and must not pretend to lead elsewhere.
    private static string CheckForeignName(string name, string shown)
    {
        if (name[0] == '/' || name.Split('/', '\\').Contains(".."))
            throw new ExportRefusedException(
                "export.path_traversal", $"The entry {shown} points outside the archive.", ZipFormat.DownloadAgain);
        return name.Any(char.IsControl) ? throw ZipFormat.Malformed($"The entry {shown} has a control character in its name.") : name;
    }

    private static void CheckFlags(ushort flags, string name)
    {
        const ushort Encrypted = ZipFormat.FlagEncrypted | ZipFormat.FlagStrongEncryption | ZipFormat.FlagMaskedHeaders;
        const ushort Known = ZipFormat.FlagDeflateOptions | ZipFormat.FlagDescriptor | ZipFormat.FlagUtf8;
        if ((flags & Encrypted) != 0)
            throw new ExportRefusedException("export.encrypted_entry", $"{name} is encrypted.", ZipFormat.DownloadAgain);
        if ((flags & ~Known) != 0)
            throw ZipFormat.Malformed($"{name} has the unknown flags 0x{flags:x4}.");
    }

    private static bool CheckAttributes(byte madeBy, uint attributes, string name, ZipRules rules)
    {
        // 3 is Unix, 19 is macOS: the upper half is the file's mode.
        var type = madeBy is 3 or 19 ? (int)(attributes >> 16) & UnixFileType : 0;
        if (type == UnixLink)
            throw new ExportRefusedException("export.link", $"{name} is a symbolic link.", ZipFormat.DownloadAgain);
        var isFolder = name.EndsWith('/');
        if (isFolder && !rules.IsStrict)
            return true;
        if ((type != 0 && type != UnixRegular) || (attributes & DosDirectory) != 0 || isFolder)
            throw new ExportRefusedException(
                "export.unknown_file",
                $"{name} is not a file.",
                "A cleaned export is flat; one that was unpacked and packed again has folders. " + ZipFormat.DownloadAgain);
        return false;
    }

    private static void CheckExtra(ReadOnlySpan<byte> extra, string name)
    {
        while (extra.Length >= 4)
        {
            var id = BinaryPrimitives.ReadUInt16LittleEndian(extra);
            int size = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (size + 4 > extra.Length)
                break;
            if (id == 0x9901)
                throw new ExportRefusedException("export.encrypted_entry", $"{name} is AES-encrypted.", ZipFormat.DownloadAgain);

            // Info-ZIP's Unicode path would give the entry a second name.
            if (id == 0x7075)
                throw ZipFormat.Malformed($"{name} has a second name in an extra field.");
            extra = extra[(4 + size)..];
        }

        if (!extra.IsEmpty)
            throw ZipFormat.Malformed($"{name} has a broken extra field.");
    }
}
