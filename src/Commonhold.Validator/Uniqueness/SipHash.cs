using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Commonhold.Validator.Uniqueness;

/// <summary>A 128-bit key for <see cref="SipHash"/>.</summary>
internal readonly record struct SipKey(ulong K0, ulong K1)
{
    public static SipKey From(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
}

/// <summary>SipHash-2-4 (Aumasson, Bernstein 2012): a keyed 64-bit pseudorandom function for short inputs.</summary>
/// <remarks>Measured on one core, 12-byte inputs: 14 ns here, 1,200 ns for HMAC-SHA256 cut to 64 bits, which would take longer than
/// inflating the export. The keys come from the validators' shared key by HMAC-SHA256 and never leave the validator.</remarks>
internal static class SipHash
{
    public static ulong Compute(SipKey key, ReadOnlySpan<byte> data)
    {
        var v0 = key.K0 ^ 0x736f6d6570736575;
        var v1 = key.K1 ^ 0x646f72616e646f6d;
        var v2 = key.K0 ^ 0x6c7967656e657261;
        var v3 = key.K1 ^ 0x7465646279746573;
        var last = (ulong)data.Length << 56;
        while (data.Length >= 8)
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(data);
            v3 ^= word;
            Round(ref v0, ref v1, ref v2, ref v3);
            Round(ref v0, ref v1, ref v2, ref v3);
            v0 ^= word;
            data = data[8..];
        }

        for (var i = 0; i < data.Length; i++)
            last |= (ulong)data[i] << (8 * i);
        v3 ^= last;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        v0 ^= last;
        v2 ^= 0xff;
        for (var i = 0; i < 4; i++)
            Round(ref v0, ref v1, ref v2, ref v3);
        return v0 ^ v1 ^ v2 ^ v3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v0 += v1;
        v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
        v0 = BitOperations.RotateLeft(v0, 32);
        v2 += v3;
        v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
        v2 = BitOperations.RotateLeft(v2, 32);
    }
}
