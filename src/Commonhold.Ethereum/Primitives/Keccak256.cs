using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Commonhold.Ethereum;

/// <summary>Keccak-256 as Ethereum uses it: the submission's 0x01 padding, not SHA-3's 0x06.</summary>
/// <remarks>No allocation. For data that arrives in pieces there is <see cref="IncrementalKeccak256"/>.</remarks>
public static class Keccak256
{
    internal const int RateInBytes = 136;

    public static Bytes32 Hash(ReadOnlySpan<byte> data)
    {
        Span<ulong> state = stackalloc ulong[25];
        state.Clear();
        while (data.Length >= RateInBytes)
        {
            Absorb(state, data[..RateInBytes]);
            data = data[RateInBytes..];
        }

        return Finish(state, data);
    }

    /// <summary>keccak(left ‖ right): an inner node of a Merkle tree.</summary>
    public static Bytes32 Hash(Bytes32 left, Bytes32 right)
    {
        Span<byte> pair = stackalloc byte[64];
        left.CopyTo(pair);
        right.CopyTo(pair[32..]);
        return Hash(pair);
    }

    internal static void Absorb(Span<ulong> state, ReadOnlySpan<byte> block)
    {
        for (int i = 0; i < RateInBytes / 8; i++)
            state[i] ^= BinaryPrimitives.ReadUInt64LittleEndian(block[(i * 8)..]);

        KeccakPermutation.Permute(state);
    }

    internal static Bytes32 Finish(Span<ulong> state, ReadOnlySpan<byte> tail)
    {
        Span<byte> block = stackalloc byte[RateInBytes];
        block.Clear();
        tail.CopyTo(block);
        block[tail.Length] = 0x01;
        block[RateInBytes - 1] |= 0x80;
        Absorb(state, block);

        if (BitConverter.IsLittleEndian)
            return Bytes32.FromSpan(MemoryMarshal.AsBytes(state[..4]));

        Span<byte> digest = stackalloc byte[32];
        for (int i = 0; i < 4; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(digest[(i * 8)..], state[i]);
        return Bytes32.FromSpan(digest);
    }
}
