using System.Buffers.Binary;

namespace Commonhold.Exports.Sources.Sqlite;

/// <summary>The pages of a database file, a bounded number of them in memory.</summary>
internal sealed class SqlitePages : IDisposable
{
    private const int CacheBytes = 2 << 20;
    private const int MinFrames = 8;

    private readonly Stream _stream;
    private readonly Frame[] _frames;
    private readonly Dictionary<uint, int> _held = [];
    private int _hand;

    public SqlitePages(Stream stream, string name)
    {
        if (!stream.CanSeek)
            throw new ArgumentException("A database is read at many places: its stream must be seekable.");
        (_stream, Name) = (stream, name);
        Span<byte> head = stackalloc byte[SqliteHeader.Bytes];
        stream.Position = 0;
        if (stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length)
            throw SqliteRefusal.Damaged(name, "is not an SQLite database");
        Header = SqliteHeader.Parse(head, stream.Length, name);
        _frames = new Frame[Math.Max(CacheBytes / Header.PageSize, MinFrames)];
    }

    public string Name { get; }

    public SqliteHeader Header { get; }

    /// <summary>The usable part of a page, numbered from 1. Valid until another page is asked for.</summary>
    public ReadOnlySpan<byte> this[uint number]
    {
        get
        {
            if (number == 0 || number > Header.Pages)
                throw SqliteRefusal.Damaged(Name, $"points at page {number:N0} of {Header.Pages:N0}");
            if (!_held.TryGetValue(number, out var index))
                index = Load(number);
            _frames[index].IsUsed = true;
            return _frames[index].Bytes.AsSpan(0, Header.Usable);
        }
    }

    public void Dispose()
    {
        foreach (var frame in _frames)
            frame.Bytes.AsSpan().Clear();
        _held.Clear();
    }

    // Second chance: a page that was used since the hand passed stays for another round.
    private int Load(uint number)
    {
        while (_frames[_hand].IsUsed)
        {
            _frames[_hand].IsUsed = false;
            _hand = (_hand + 1) % _frames.Length;
        }

        var index = _hand;
        _hand = (_hand + 1) % _frames.Length;
        ref var frame = ref _frames[index];
        if (frame.Number != 0)
            _held.Remove(frame.Number);
        frame.Number = 0;
        frame.Bytes ??= new byte[Header.PageSize];
        _stream.Position = (number - 1L) * Header.PageSize;
        if (_stream.ReadAtLeast(frame.Bytes, Header.PageSize, throwOnEndOfStream: false) < Header.PageSize)
            throw SqliteRefusal.Damaged(Name, $"ends inside page {number:N0}");
        frame.Number = number;
        _held[number] = index;
        return index;
    }

    private struct Frame
    {
        public uint Number;
        public byte[]? Bytes;
        public bool IsUsed;
    }
}

/// <summary>Numbers as SQLite writes them: §1.5 and §1.6 of the file format.</summary>
internal static class SqliteNumber
{
    /// <summary>Reads a varint of 1 to 9 bytes; its length, or 0 when the bytes end before it does.</summary>
    public static int ReadVarint(ReadOnlySpan<byte> bytes, out long value)
    {
        ulong sum = 0;
        for (var i = 0; i < bytes.Length && i < 9; i++)
        {
            if (i == 8)
            {
                value = (long)((sum << 8) | bytes[i]);
                return 9;
            }

            sum = (sum << 7) | (uint)(bytes[i] & 0x7F);
            if (bytes[i] < 0x80)
            {
                value = (long)sum;
                return i + 1;
            }
        }

        value = 0;
        return 0;
    }

    /// <summary>A big-endian integer of 1 to 8 bytes with its sign.</summary>
    public static long ReadInteger(ReadOnlySpan<byte> bytes)
    {
        long value = (sbyte)bytes[0];
        foreach (var next in bytes[1..])
            value = (value << 8) | next;
        return value;
    }

    public static int U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);

    public static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
}
