using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Commonhold.Exports.Sources.Sqlite;

/// <summary>One row in memory, its values found by their place: file format §2.1.</summary>
internal sealed class SqliteRow(SqliteEncoding encoding)
{
    private const int MaxColumns = 32_767;

    private byte[] _payload = new byte[4096];
    private byte[] _texts = [];
    private (long Type, int Start)[] _columns = new (long, int)[32];
    private (int Start, int Length)[] _decoded = new (int, int)[32];
    private int _size;
    private int _textsLength;

    public long RowId { get; private set; }

    /// <summary>Values in the row: fewer than the table's columns when some were added since.</summary>
    public int Count { get; private set; }

    /// <summary>Room for a row's bytes.</summary>
    public Span<byte> Start(long rowId, int size)
    {
        if (_payload.Length < size)
            _payload = new byte[Math.Max(size, _payload.Length * 2)];
        (RowId, Count, _size, _textsLength) = (rowId, 0, size, 0);
        return _payload.AsSpan(0, size);
    }

    public void Parse(string name)
    {
        ReadOnlySpan<byte> bytes = _payload.AsSpan(0, _size);
        var at = SqliteNumber.ReadVarint(bytes, out var headerBytes);
        if (at == 0 || headerBytes < at || headerBytes > _size)
            throw SqliteRefusal.Damaged(name, $"has a row without a header, number {RowId}");
        long start = headerBytes;
        while (at < headerBytes)
        {
            var length = SqliteNumber.ReadVarint(bytes[at..(int)headerBytes], out var type);
            if (length == 0 || type < 0 || type is 10 or 11 || Count == MaxColumns)
                throw SqliteRefusal.Damaged(name, $"has a row with a broken header, number {RowId}");
            at += length;
            if (Count == _columns.Length)
            {
                Array.Resize(ref _columns, Count * 2);
                Array.Resize(ref _decoded, Count * 2);
            }

            _decoded[Count] = (-1, 0);
            _columns[Count++] = (type, (int)start);
            start += Size(type);
            if (start > _size)
                throw SqliteRefusal.Damaged(name, $"has a row longer than it says, number {RowId}");
        }

        if (start != _size)
            throw SqliteRefusal.Damaged(name, $"has a row shorter than it says, number {RowId}");
    }

    /// <summary>A value as it is stored. What it refers to is valid until the next row.</summary>
    public SourceValue this[int column]
    {
        get
        {
            var (type, start) = _columns[column];
            var bytes = _payload.AsSpan(start, (int)Size(type));
            return type switch
            {
                0 => SourceValue.Null,
                7 => Real(BinaryPrimitives.ReadDoubleBigEndian(bytes)),
                8 or 9 => SourceValue.FromInteger(type - 8),
                < 7 => SourceValue.FromInteger(SqliteNumber.ReadInteger(bytes)),
                _ when type % 2 == 0 => SourceValue.Blob(bytes),
                _ => SourceValue.Text(Text(column, bytes)),
            };
        }
    }

    // SQLite has no NaN: it gives NULL.
    private static SourceValue Real(double value) => double.IsNaN(value) ? SourceValue.Null : SourceValue.FromReal(value);

    private static long Size(long type) => type switch
    {
        < 5 => type,
        5 => 6,
        6 or 7 => 8,
        8 or 9 => 0,
        _ => (type - 12) / 2,
    };

    // SQLite keeps as text what it is given. Browsers cut titles inside a character, and one such title must not cost a whole
    // history: what is not UTF-8 becomes U+FFFD.
    private ReadOnlySpan<byte> Text(int column, Span<byte> bytes)
    {
        if (encoding == SqliteEncoding.Utf8 && Utf8.IsValid(bytes) && !bytes.Contains((byte)0))
            return bytes;
        ref var decoded = ref _decoded[column];
        if (decoded.Start < 0)
        {
            // A byte that is none becomes three at most; made before the first text of the row is given out.
            if (_textsLength == 0 && _texts.Length < _size * 3)
                _texts = new byte[_size * 3];
            var target = _texts.AsSpan(_textsLength);
            decoded = (_textsLength, encoding == SqliteEncoding.Utf8 ? Repair(bytes, target) : FromUtf16(bytes, target));
            _textsLength += decoded.Length;
        }

        return _texts.AsSpan(decoded.Start, decoded.Length);
    }

    private static int Repair(ReadOnlySpan<byte> bytes, Span<byte> target)
    {
        var written = 0;
        while (bytes.Length > 0)
        {
            _ = Rune.DecodeFromUtf8(bytes, out var rune, out var used);
            written += (rune.Value == 0 ? Rune.ReplacementChar : rune).EncodeToUtf8(target[written..]);
            bytes = bytes[used..];
        }

        return written;
    }

    private int FromUtf16(Span<byte> bytes, Span<byte> target)
    {
        var chars = MemoryMarshal.Cast<byte, char>(bytes);
        var written = 0;
        for (var i = 0; i < chars.Length; i++)
        {
            var (unit, next) = (Order(chars[i]), i + 1 < chars.Length ? Order(chars[i + 1]) : '\0');
            Rune rune;
            if (char.IsSurrogatePair(unit, next))
            {
                rune = new Rune(unit, next);
                i++;
            }
            else if (unit == 0 || !Rune.TryCreate(unit, out rune))
            {
                rune = Rune.ReplacementChar;
            }

            written += rune.EncodeToUtf8(target[written..]);
        }

        return written;
    }

    private char Order(char unit) =>
        encoding == SqliteEncoding.Utf16Big == BitConverter.IsLittleEndian ? (char)BinaryPrimitives.ReverseEndianness(unit) : unit;
}
