using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Commonhold.Exports;

/// <summary>A 64-bit hash for tables and sums inside one pass: multiply and fold, sixteen bytes a step.</summary>
/// <remarks>Seeded at random in every process, so collisions cannot be prepared; never stored, never sent.</remarks>
internal static class FastHash
{
    private const ulong K0 = 0xa0761d6478bd642f;
    private const ulong K1 = 0xe7037ed1a0b428db;
    private static readonly ulong Seed = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8));

    public static ulong Start => Seed;

    public static ulong Append(ulong state, ReadOnlySpan<byte> data)
    {
        // The length goes in first, so that moving a boundary between two fields changes the sum.
        state = Fold(state ^ K0, (ulong)data.Length ^ K1);
        while (data.Length >= 16)
        {
            state = Fold(
                BinaryPrimitives.ReadUInt64LittleEndian(data) ^ K0 ^ state,
                BinaryPrimitives.ReadUInt64LittleEndian(data[8..]) ^ K1);
            data = data[16..];
        }

        // The last bytes as two words that may overlap; the length above tells "aab" from "ab".
        ulong low = 0, high = 0;
        if (data.Length >= 8)
        {
            low = BinaryPrimitives.ReadUInt64LittleEndian(data);
            high = BinaryPrimitives.ReadUInt64LittleEndian(data[^8..]);
        }
        else if (data.Length >= 4)
        {
            low = BinaryPrimitives.ReadUInt32LittleEndian(data);
            high = BinaryPrimitives.ReadUInt32LittleEndian(data[^4..]);
        }
        else if (data.Length > 0)
        {
            low = ((ulong)data[0] << 16) | ((ulong)data[data.Length / 2] << 8) | data[^1];
        }

        return Fold(low ^ K0 ^ state, high ^ K1);
    }

    private static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }
}
