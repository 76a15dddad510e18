using System.Buffers.Binary;
using System.Text;
using Commonhold.Exports.Sources.Sqlite;

namespace Commonhold.Exports.Samples;

/// <summary>Writes made-up SQLite databases (sqlite.org/fileformat2.html): tables with rowids, filled once, in order. For samples
/// alone: no index, no overflow, the list of tables on one page.</summary>
internal sealed class SampleDatabase
{
    private const int PageSize = 4096;
    private readonly List<byte[]> _pages = [[]];
    private readonly List<(long RowId, byte[] Payload)> _tables = [];

    /// <param name="rows">Rowids that grow, and values: null, long, double, string. An <c>INTEGER PRIMARY KEY</c> is written as null.</param>
    public void Add(string name, string sql, IEnumerable<(long RowId, object?[] Values)> rows)
    {
        var root = Tree(rows.Select(r => (r.RowId, Row(r.Values))));
        _tables.Add((_tables.Count + 1, Row(["table", name, name, (long)root, sql])));
    }

    public byte[] ToBytes()
    {
        var first = new byte[PageSize];
        Fill(first, 100, _tables.Select(t => LeafCell(t.RowId, t.Payload)).ToList(), 13);
        SqliteHeader.Magic.CopyTo(first);
        BinaryPrimitives.WriteUInt16BigEndian(first.AsSpan(16), PageSize);
        (first[18], first[19], first[21], first[22], first[23]) = (1, 1, 64, 32, 32);
        foreach (var (at, value) in ((int, uint)[])[(24, 1), (28, (uint)_pages.Count), (40, 1), (44, 4), (56, 1), (92, 1), (96, 3_046_001)])
            BinaryPrimitives.WriteUInt32BigEndian(first.AsSpan(at), value);
        _pages[0] = first;
        return [.. _pages.SelectMany(p => p)];
    }

    // Leaves from left to right, then the levels above them until one page is left.
    private int Tree(IEnumerable<(long RowId, byte[] Payload)> rows)
    {
        var level = new List<(long Last, int Page)>();
        var cells = new List<byte[]>();
        var (last, size) = (0L, 0);
        foreach (var (rowId, payload) in rows)
        {
            var cell = LeafCell(rowId, payload);
            if (payload.Length > PageSize - 35)
                throw new ArgumentException("A sample's row fits one page.");
            if (8 + size + cell.Length + 2 > PageSize)
            {
                level.Add((last, Page(cells, 13)));
                size = 0;
            }

            cells.Add(cell);
            (last, size) = (rowId, size + cell.Length + 2);
        }

        level.Add((last, Page(cells, 13)));
        while (level.Count > 1)
            level = [.. level.Chunk(200).Select(children => (children[^1].Last, Interior(children)))];
        return level[0].Page;
    }

    private int Interior((long Last, int Page)[] children)
    {
        var cells = children[..^1].Select(c => (byte[])[.. Big((uint)c.Page), .. Varint(c.Last)]).ToList();
        var page = Page(cells, 5);
        BinaryPrimitives.WriteUInt32BigEndian(_pages[page - 1].AsSpan(8), (uint)children[^1].Page);
        return page;
    }

    private int Page(List<byte[]> cells, byte kind)
    {
        var page = new byte[PageSize];
        Fill(page, 0, cells, kind);
        cells.Clear();
        _pages.Add(page);
        return _pages.Count;
    }

    private static void Fill(byte[] page, int header, List<byte[]> cells, byte kind)
    {
        page[header] = kind;
        BinaryPrimitives.WriteUInt16BigEndian(page.AsSpan(header + 3), (ushort)cells.Count);
        var (pointer, end) = (header + (kind == 5 ? 12 : 8), PageSize);
        foreach (var cell in cells)
        {
            end -= cell.Length;
            cell.CopyTo(page, end);
            BinaryPrimitives.WriteUInt16BigEndian(page.AsSpan(pointer), (ushort)end);
            pointer += 2;
        }

        BinaryPrimitives.WriteUInt16BigEndian(page.AsSpan(header + 5), (ushort)end);
    }

    private static byte[] LeafCell(long rowId, byte[] payload) => [.. Varint(payload.Length), .. Varint(rowId), .. payload];

    private static byte[] Row(object?[] values)
    {
        var types = new List<byte>();
        var body = new List<byte>();
        foreach (var value in values)
        {
            var bytes = value switch
            {
                null => [],
                long integer => Big((ulong)integer),
                double real => Big(BitConverter.DoubleToUInt64Bits(real)),
                string text => Encoding.UTF8.GetBytes(text),
                _ => throw new ArgumentException("A sample's value is null, long, double or string."),
            };
            types.AddRange(Varint(value switch { null => 0, long => 6, double => 7, _ => 13 + (2L * bytes.Length) }));
            body.AddRange(bytes);
        }

        // The header's length counts itself; samples have few columns.
        var length = types.Count + 1;
        return length < 128 ? [(byte)length, .. types, .. body] : throw new ArgumentException("A sample's row has few columns.");
    }

    private static byte[] Big(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Big(ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Varint(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        var bytes = new List<byte> { (byte)(value & 0x7F) };
        for (value >>= 7; value > 0; value >>= 7)
            bytes.Insert(0, (byte)((value & 0x7F) | 0x80));
        return [.. bytes];
    }
}
