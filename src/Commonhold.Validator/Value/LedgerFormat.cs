using System.Buffers.Binary;

namespace Commonhold.Validator.Value;

/// <summary>A ledger as bytes: what was settled, then each cell with its rows: nine bytes a row.</summary>
/// <remarks><c>u8 version=2 ‖ u8 pooled ‖ i64 settled ‖ i64 paid ‖ u128 pool units ‖ u32 groups ‖ groups × ( u64 cell ‖ u8 evidence ‖ u32 rows ‖
/// rows × ( u64 key ‖ u8 quality ) )</c>, little-endian; groups by cell and evidence, and keys, rising: equal ledgers have equal bytes.</remarks>
internal static class LedgerFormat
{
    private const byte Version = 2;
    private const int Header = 38;
    private const int Group = 13;
    private const int Row = 9;

    public static byte[] Write(ValueLedger ledger)
    {
        var groups = ledger.Rows.Rows.ToArray().GroupBy(r => (r.Cell, r.Evidence)).OrderBy(g => g.Key).ToList();
        var bytes = new byte[Header + (groups.Count * Group) + (ledger.Rows.Count * Row)];
        var rest = bytes.AsSpan();
        rest[0] = Version;
        rest[1] = ledger.IsPooled ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt64LittleEndian(rest[2..], ledger.Settled);
        BinaryPrimitives.WriteInt64LittleEndian(rest[10..], ledger.Paid);
        BinaryPrimitives.WriteUInt128LittleEndian(rest[18..], ledger.PoolUnits);
        BinaryPrimitives.WriteInt32LittleEndian(rest[34..], groups.Count);
        rest = rest[Header..];
        foreach (var group in groups)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(rest, group.Key.Cell);
            rest[8] = group.Key.Evidence;
            BinaryPrimitives.WriteInt32LittleEndian(rest[9..], group.Count());
            rest = rest[Group..];
            foreach (var row in group)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(rest, row.Key);
                rest[8] = row.Quality;
                rest = rest[Row..];
            }
        }

        return bytes;
    }

    public static ValueLedger Read(ValueFunction value, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Header || bytes[0] != Version || bytes[1] > 1)
            throw Broken($"its version is not {Version}");
        var settled = BinaryPrimitives.ReadInt64LittleEndian(bytes[2..]);
        var paid = BinaryPrimitives.ReadInt64LittleEndian(bytes[10..]);
        var units = BinaryPrimitives.ReadUInt128LittleEndian(bytes[18..]);
        var groups = BinaryPrimitives.ReadUInt32LittleEndian(bytes[34..]);
        var rest = bytes[Header..];
        var rows = new List<ValuedRow>(rest.Length / Row);
        for (var g = 0u; g < groups; g++)
        {
            if (rest.Length < Group)
                throw Broken("a cell is cut");
            var cell = BinaryPrimitives.ReadUInt64LittleEndian(rest);
            var evidence = rest[8];
            var count = BinaryPrimitives.ReadUInt32LittleEndian(rest[9..]);
            rest = rest[Group..];
            if (!value.Knows(cell) || evidence > 0x7F || rest.Length < (long)count * Row)
                throw Broken("a cell is cut or of no known kind");
            for (var r = 0u; r < count; r++)
            {
                rows.Add(new ValuedRow(BinaryPrimitives.ReadUInt64LittleEndian(rest), cell, rest[8], evidence));
                rest = rest[Row..];
            }
        }

        if (!rest.IsEmpty || settled < 0 || paid < 0)
            throw Broken("there are bytes after its end, or less than nothing was paid");
        return new ValueLedger(bytes[1] == 1, RowSet.From(rows), units, settled, paid);
    }

    private static InvalidDataException Broken(string why) => new($"A stored ledger cannot be read: {why}.");
}
