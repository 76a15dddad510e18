using System.Buffers.Binary;
using System.Numerics;

namespace Commonhold.Validator.Uniqueness.Owners;

/// <summary>One page of 4 KiB: rising keys with an account each, in about 2 + log₂(gap) + log₂(accounts) bits a key.</summary>
/// <remarks>The keys are written as Elias (1974) and Fano (1971) do: the high parts of key − first as a bit string in which key i
/// sets bit (high + i), the low parts as they are. Ten to the eighth keys of 64 bits need 40 bits each that way, and nothing of a
/// key is lost.
/// <code>u32 checksum ‖ u16 keys ‖ u8 low bits ‖ u8 account bits ‖ u64 first key ‖ u32 bits of the high part ‖ u32 0 ‖ high part ‖
/// keys × ( low ‖ account )</code> little-endian, bits from the lowest up.</remarks>
internal static class OwnerPage
{
    public const int Bytes = 4096;

    /// <summary>A buffer for a page has a tail of zeros, so that eight bytes can be read at its last bit.</summary>
    public const int BufferBytes = Bytes + 16;

    public const int MaxKeys = 4096;
    private const int HeaderBytes = 24;
    private const int AreaBits = (Bytes - HeaderBytes) * 8;

    /// <summary>How many of the keys, from the first on, fit into a page; the search starts at <paramref name="guess"/>.</summary>
    public static int CountThatFits(ReadOnlySpan<ulong> keys, int accountBits, int guess)
    {
        var most = Math.Min(keys.Length, MaxKeys);
        var count = Math.Clamp(guess, 1, most);
        while (count > 1 && !Fits(keys[..count], accountBits))
            count--;
        while (count < most && Fits(keys[..(count + 1)], accountBits))
            count++;
        return count;
    }

    /// <summary>Writes the page; <paramref name="page"/> has <see cref="BufferBytes"/>.</summary>
    public static void Write(Span<byte> page, ReadOnlySpan<ulong> keys, ReadOnlySpan<uint> accounts, int accountBits)
    {
        page.Clear();
        var first = keys[0];
        var lowBits = LowBits(keys);
        var highBits = (int)((keys[^1] - first) >> lowBits) + keys.Length;
        BinaryPrimitives.WriteUInt16LittleEndian(page[4..], (ushort)keys.Length);
        page[6] = (byte)lowBits;
        page[7] = (byte)accountBits;
        BinaryPrimitives.WriteUInt64LittleEndian(page[8..], first);
        BinaryPrimitives.WriteInt32LittleEndian(page[16..], highBits);
        var area = page[HeaderBytes..];
        for (var i = 0; i < keys.Length; i++)
        {
            var key = keys[i] - first;
            var high = (int)(key >> lowBits) + i;
            area[high >> 3] |= (byte)(1 << (high & 7));
            var at = highBits + (i * (lowBits + accountBits));
            Put(area, at, key & Mask(lowBits));
            Put(area, at + lowBits, accounts[i]);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(page, Checksum(page[..Bytes]));
    }

    /// <summary>The account of a key; 0 when the page does not have it.</summary>
    public static uint Find(ReadOnlySpan<byte> page, ulong key)
    {
        var first = BinaryPrimitives.ReadUInt64LittleEndian(page[8..]);
        if (key < first)
            return 0;
        var (lowBits, accountBits) = (page[6], page[7]);
        var highBits = BinaryPrimitives.ReadInt32LittleEndian(page[16..]);
        var area = page[HeaderBytes..];
        key -= first;
        if (key >> lowBits >= (ulong)highBits)
            return 0;
        var high = (int)(key >> lowBits);
        var low = key & Mask(lowBits);
        for (var at = AfterZeros(area, high, highBits); at < highBits && (area[at >> 3] >> (at & 7) & 1) != 0; at++)
        {
            var record = highBits + ((at - high) * (lowBits + accountBits));
            var found = Get(area, record, lowBits);
            if (found >= low)
                return found == low ? (uint)Get(area, record + lowBits, accountBits) : 0;
        }

        return 0;
    }

    /// <summary>All keys and accounts of the page.</summary>
    /// <returns>How many there are.</returns>
    public static int Read(ReadOnlySpan<byte> page, Span<ulong> keys, Span<uint> accounts)
    {
        int count = BinaryPrimitives.ReadUInt16LittleEndian(page[4..]);
        var (lowBits, accountBits) = (page[6], page[7]);
        var first = BinaryPrimitives.ReadUInt64LittleEndian(page[8..]);
        var highBits = BinaryPrimitives.ReadInt32LittleEndian(page[16..]);
        var area = page[HeaderBytes..];
        var i = 0;
        for (var word = 0; word < highBits && i < count; word += 64)
        {
            for (var bits = BinaryPrimitives.ReadUInt64LittleEndian(area[(word >> 3)..]); bits != 0 && i < count; bits &= bits - 1)
            {
                var high = (ulong)(word + BitOperations.TrailingZeroCount(bits) - i);
                var record = highBits + (i * (lowBits + accountBits));
                keys[i] = first + ((high << lowBits) | Get(area, record, lowBits));
                accounts[i++] = (uint)Get(area, record + lowBits, accountBits);
            }
        }

        return i == count ? count : throw new InvalidDataException("A page of the row index has fewer keys than it says.");
    }

    public static bool IsIntact(ReadOnlySpan<byte> page) =>
        BinaryPrimitives.ReadUInt32LittleEndian(page) == Checksum(page[..Bytes])
        && BinaryPrimitives.ReadInt32LittleEndian(page[16..]) is >= 0 and <= AreaBits && page[6] <= 64 && page[7] <= 32;

    // Three CRC-32C side by side take a third of the time of one.
    private static uint Checksum(ReadOnlySpan<byte> page)
    {
        uint a = 1, b = 2, c = 3;
        const int Third = 170 * 8;
        for (var i = 8; i < 8 + Third; i += 8)
        {
            a = BitOperations.Crc32C(a, BinaryPrimitives.ReadUInt64LittleEndian(page[i..]));
            b = BitOperations.Crc32C(b, BinaryPrimitives.ReadUInt64LittleEndian(page[(i + Third)..]));
            c = BitOperations.Crc32C(c, BinaryPrimitives.ReadUInt64LittleEndian(page[(i + (2 * Third))..]));
        }

        a = BitOperations.Crc32C(a, BinaryPrimitives.ReadUInt32LittleEndian(page[4..]));
        a = BitOperations.Crc32C(a, BinaryPrimitives.ReadUInt64LittleEndian(page[^8..]));
        return a ^ BitOperations.RotateLeft(b, 11) ^ BitOperations.RotateLeft(c, 22);
    }

    private static bool Fits(ReadOnlySpan<ulong> keys, int accountBits)
    {
        var lowBits = LowBits(keys);
        var high = (keys[^1] - keys[0]) >> lowBits;
        return high < AreaBits && (long)high + keys.Length + ((long)keys.Length * (lowBits + accountBits)) <= AreaBits;
    }

    private static int LowBits(ReadOnlySpan<ulong> keys) =>
        (keys[^1] - keys[0]) / (ulong)keys.Length is > 0 and var gap ? BitOperations.Log2(gap) : 0;

    private static ulong Mask(int bits) => bits == 64 ? ulong.MaxValue : (1UL << bits) - 1;

    // The place after the zero that ends the high parts below this one.
    private static int AfterZeros(ReadOnlySpan<byte> area, int zeros, int highBits)
    {
        if (zeros == 0)
            return 0;
        for (var word = 0; word < highBits; word += 64)
        {
            var inverse = ~BinaryPrimitives.ReadUInt64LittleEndian(area[(word >> 3)..]);
            var count = BitOperations.PopCount(inverse);
            if (count < zeros)
            {
                zeros -= count;
                continue;
            }

            while (--zeros > 0)
                inverse &= inverse - 1;
            return word + BitOperations.TrailingZeroCount(inverse) + 1;
        }

        return highBits;
    }

    private static ulong Get(ReadOnlySpan<byte> area, int at, int bits)
    {
        var shift = at & 7;
        var value = BinaryPrimitives.ReadUInt64LittleEndian(area[(at >> 3)..]) >> shift;
        if (bits + shift > 64)
            value |= (ulong)area[(at >> 3) + 8] << (64 - shift);
        return value & Mask(bits);
    }

    private static void Put(Span<byte> area, int at, ulong value)
    {
        var (place, shift) = (at >> 3, at & 7);
        var word = BinaryPrimitives.ReadUInt64LittleEndian(area[place..]);
        BinaryPrimitives.WriteUInt64LittleEndian(area[place..], word | (value << shift));
        if (shift > 0)
            area[place + 8] |= (byte)(value >> (64 - shift));
    }
}
