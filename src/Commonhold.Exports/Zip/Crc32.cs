using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Commonhold.Exports.Zip;

/// <summary>CRC-32 of the ZIP format (APPNOTE 4.4.7): the base library has none.</summary>
/// <remarks>Long inputs are folded by carry-less multiplication where the processor has it (Gopal and others, "Fast CRC Computation
/// for Generic Polynomials Using PCLMULQDQ Instruction", Intel 2009), the rest goes through tables, eight bytes a step.</remarks>
internal static class Crc32
{
    private static readonly uint[] Table = BuildTable();

    public static uint Append(uint crc, ReadOnlySpan<byte> data)
    {
        crc = ~crc;
        if (Pclmulqdq.IsSupported && data.Length >= 64)
        {
            var folded = data.Length & ~15;
            crc = Fold(crc, MemoryMarshal.Cast<byte, Vector128<ulong>>(data[..folded]));
            data = data[folded..];
        }

        return ~Update(crc, data);
    }

    // Four lanes of 128 bits, each moved 512 bits on by two multiplications a step; then one lane, 128 bits at a time. What
    // remains is sixteen bytes with the same remainder as everything before them, and goes through the tables.
    private static uint Fold(uint crc, ReadOnlySpan<Vector128<ulong>> blocks)
    {
        var by512 = Vector128.Create(0x154442bd4UL, 0x1c6e41596UL);
        var by128 = Vector128.Create(0x1751997d0UL, 0x0ccaa009eUL);
        var a = blocks[0] ^ Vector128.CreateScalar((ulong)crc);
        var (b, c, d) = (blocks[1], blocks[2], blocks[3]);
        blocks = blocks[4..];
        while (blocks.Length >= 4)
        {
            a = Multiply(a, by512) ^ blocks[0];
            b = Multiply(b, by512) ^ blocks[1];
            c = Multiply(c, by512) ^ blocks[2];
            d = Multiply(d, by512) ^ blocks[3];
            blocks = blocks[4..];
        }

        a = Multiply(a, by128) ^ b;
        a = Multiply(a, by128) ^ c;
        a = Multiply(a, by128) ^ d;
        foreach (var block in blocks)
            a = Multiply(a, by128) ^ block;
        return Update(0, MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref a, 1)));
    }

    private static Vector128<ulong> Multiply(Vector128<ulong> value, Vector128<ulong> constants) =>
        Pclmulqdq.CarrylessMultiply(value, constants, 0x00) ^ Pclmulqdq.CarrylessMultiply(value, constants, 0x11);

    private static uint Update(uint crc, ReadOnlySpan<byte> data)
    {
        var t = Table.AsSpan(0, 8 * 256);
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
        return crc;
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
