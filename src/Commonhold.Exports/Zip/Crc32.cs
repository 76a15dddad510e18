using System.Buffers.Binary;

namespace Commonhold.Exports.Zip;

/// <summary>CRC-32 of the ZIP format (APPNOTE 4.4.7), eight bytes a step: the base library has none.</summary>
internal static class Crc32
{
    private static readonly uint[] Table = BuildTable();

    public static uint Append(uint crc, ReadOnlySpan<byte> data)
    {
        var t = Table.AsSpan(0, 8 * 256);
        crc = ~crc;
        while (data.Length >= 8)
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(data) ^ crc;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(data[4..]);
            crc = t[(int)(0x700 + (byte)low)] ^ t[(int)(0x600 + (byte)(low >> 8))]
                ^ t[(int)(0x500 + (byte)(low >> 16))] ^ t[(int)(0x400 + (low >> 24))]
                ^ t[(int)(0x300 + (byte)high)] ^ t[(int)(0x200 + (byte)(high >> 8))]
                ^ t[(int)(0x100 + (byte)(high >> 16))] ^ t[(int)(high >> 24)];
            data = data[8..];
        }

        foreach (var b in data)
            crc = t[(byte)(crc ^ b)] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[] BuildTable()
    {
        var table = new uint[8 * 256];
        for (uint i = 0; i < 256; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
                value = (value & 1) != 0 ? (value >> 1) ^ 0xEDB88320 : value >> 1;
            table[i] = value;
        }

        for (var i = 256; i < table.Length; i++)
            table[i] = table[(byte)table[i - 256]] ^ (table[i - 256] >> 8);
        return table;
    }
}
