using System.Buffers.Binary;

namespace Commonhold.Exports.Sources.Sqlite;

internal enum SqliteEncoding : byte
{
    Utf8 = 1,
    Utf16Little = 2,
    Utf16Big = 3,
}

/// <summary>The first 100 bytes of a database: SQLite file format §1.3.</summary>
internal sealed record SqliteHeader(int PageSize, int Usable, uint Pages, SqliteEncoding Encoding, bool HasWriteAheadLog)
{
    public const int Bytes = 100;

    public static ReadOnlySpan<byte> Magic => "SQLite format 3\0"u8;

    public static SqliteHeader Parse(ReadOnlySpan<byte> header, long fileBytes, string name)
    {
        if (!header.StartsWith(Magic))
            throw SqliteRefusal.Damaged(name, "is not an SQLite database");
        int size = BinaryPrimitives.ReadUInt16BigEndian(header[16..]);
        if (size == 1)
            size = 65_536;
        var usable = size - header[20];
        if (size < 512 || (size & (size - 1)) != 0 || usable < 480)
            throw SqliteRefusal.Damaged(name, "has pages of a size that SQLite does not have");
        if (header[18] is not (1 or 2) || header[19] is not (1 or 2) || header[21] != 64 || header[22] != 32 || header[23] != 32)
            throw SqliteRefusal.Damaged(name, "is of a version that is not known");
        var encoding = BinaryPrimitives.ReadUInt32BigEndian(header[56..]);
        if (encoding > 3)
            throw SqliteRefusal.Damaged(name, "has text in an encoding that SQLite does not have");

        // Programs before SQLite 3.7 left the count as it was; then the file's length counts (§1.3.7).
        var counted = BinaryPrimitives.ReadUInt32BigEndian(header[28..]);
        var isCounted = counted != 0 && header[24..28].SequenceEqual(header[92..96]);
        var there = Math.Min(fileBytes / size, uint.MaxValue - 1);
        if (isCounted && counted > there)
        {
            throw new ExportRefusedException(
                "export.truncated", $"{name} has {fileBytes:N0} bytes; its header says {(long)counted * size:N0}.", "Copy the file again and pass the copy.");
        }

        return new SqliteHeader(
            size, usable, isCounted ? counted : (uint)there, encoding == 0 ? SqliteEncoding.Utf8 : (SqliteEncoding)encoding, header[19] == 2);
    }
}
