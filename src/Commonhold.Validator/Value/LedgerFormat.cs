using System.Buffers.Binary;

namespace Commonhold.Validator.Value;

/// <summary>A ledger as bytes: version, paid points, then each cell with its rows: nine bytes a row.</summary>
/// <remarks><c>u8 version=1 ‖ i64 paid ‖ u32 cells ‖ cells × ( u64 cell ‖ u32 rows ‖ rows × ( u64 key ‖ u8 quality ) )</c>,
/// little-endian, cells and keys rising: equal ledgers have equal bytes.</remarks>
internal static class LedgerFormat
{
    private const byte Version = 1;

    public static byte[] Write(AccountLedger ledger)
    {
        var groups = ledger.Rows.Rows.ToArray().GroupBy(r => r.Cell).OrderBy(g => g.Key).ToList();
        var bytes = new byte[13 + (groups.Count * 12) + (ledger.Rows.Count * 9)];
        var rest = bytes.AsSpan();
        rest[0] = Version;
        BinaryPrimitives.WriteInt64LittleEndian(rest[1..], ledger.PaidPoints);
        BinaryPrimitives.WriteInt32LittleEndian(rest[9..], groups.Count);
        rest = rest[13..];
        foreach (var group in groups)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(rest, group.Key);
            BinaryPrimitives.WriteInt32LittleEndian(rest[8..], group.Count());
            rest = rest[12..];
            foreach (var row in group)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(rest, row.Key);
                rest[8] = row.Quality;
                rest = rest[9..];
            }
        }

        return bytes;
    }

    public static AccountLedger Read(ValueFunction value, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 13 || bytes[0] != Version)
            throw Broken("its version is not 1");
        var paid = BinaryPrimitives.ReadInt64LittleEndian(bytes[1..]);
        var cells = BinaryPrimitives.ReadUInt32LittleEndian(bytes[9..]);
        var rest = bytes[13..];
        var rows = new List<ValuedRow>(rest.Length / 9);
        for (var c = 0u; c < cells; c++)
        {
            if (rest.Length < 12)
                throw Broken("a cell is cut");
            var cell = BinaryPrimitives.ReadUInt64LittleEndian(rest);
            var count = BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]);
            rest = rest[12..];
            if (!value.Knows(cell) || rest.Length < count * 9L)
                throw Broken("a cell is cut or of no known kind");
            for (var r = 0u; r < count; r++)
            {
                rows.Add(new ValuedRow(BinaryPrimitives.ReadUInt64LittleEndian(rest), cell, rest[8]));
                rest = rest[9..];
            }
        }

        if (!rest.IsEmpty || paid < 0)
            throw Broken("there are bytes after its end, or it was paid less than nothing");
        return new AccountLedger(value, RowSet.From(rows), paid);
    }

    private static InvalidDataException Broken(string why) => new($"A stored ledger cannot be read: {why}.");
}
