using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Commonhold.Validator.Uniqueness.Texts;

/// <summary>MinHash (Broder 1997) over 5-grams of letters: of two texts, the share of equal numbers in their signatures estimates the share
/// of equal 5-grams.</summary>
/// <remarks>All numbers depend on the validators' key: nobody else can make texts that collide, or look a text up. 250 permutations
/// for 25 bands of 10, and one more to sample by. Sixteen permutations go at a time where the processor has 512-bit registers,
/// else eight.</remarks>
internal sealed class MinHash
{
    public const int ShingleLetters = 5;
    public const int Bands = 25;
    public const int RowsOfBand = 10;
    public const int Permutations = 256;

    /// <summary>Bits of a band's digest: among 10⁹ stored ones, one lookup in four million hits by chance.</summary>
    private const int BandBits = 52;

    private readonly uint[] _multipliers = new uint[Permutations];
    private readonly uint[] _masks = new uint[Permutations];
    private readonly SipKey _band;
    private readonly ulong _shingle0;
    private readonly ulong _shingle1;

    public MinHash(ReadOnlySpan<byte> validatorsKey)
    {
        var secret = HMACSHA256.HashData(validatorsKey, "text of anyone"u8);
        _band = SipKey.From(secret);
        _shingle0 = BinaryPrimitives.ReadUInt64LittleEndian(secret.AsSpan(16));
        _shingle1 = BinaryPrimitives.ReadUInt64LittleEndian(secret.AsSpan(24));
        for (var i = 0; i < Permutations; i++)
        {
            var number = SipHash.Compute(_band, [(byte)i]);
            _multipliers[i] = (uint)number | 1;
            _masks[i] = (uint)(number >> 32);
        }
    }

    /// <summary>One number for each 5-gram of the letters.</summary>
    /// <returns>How many.</returns>
    public int Shingles(ReadOnlySpan<char> letters, Span<uint> shingles)
    {
        if (letters.Length < ShingleLetters)
            return 0;
        var four = 0UL;
        for (var i = 0; i < ShingleLetters - 1; i++)
            four = (four << 16) | letters[i];
        for (var i = ShingleLetters - 1; i < letters.Length; i++)
        {
            var high = Math.BigMul(four ^ _shingle0, letters[i] ^ _shingle1, out var low);
            shingles[i - ShingleLetters + 1] = (uint)((high ^ low) >> 16);
            four = (four << 16) | letters[i];
        }

        return letters.Length - ShingleLetters + 1;
    }

    /// <summary>A number that texts share as often as they share 5-grams.</summary>
    public uint Rank(ReadOnlySpan<uint> shingles)
    {
        var (mask, multiplier) = (_masks[Permutations - 1], _multipliers[Permutations - 1]);
        var least = uint.MaxValue;
        foreach (var shingle in shingles)
            least = Math.Min(least, (shingle ^ mask) * multiplier);
        return (uint)(SipHash.Compute(_band, MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref least, 1))) >> 32);
    }

    /// <summary>The least number of each permutation.</summary>
    public void Sign(ReadOnlySpan<uint> shingles, Span<uint> signature)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(signature.Length, Permutations);
        if (Vector512.IsHardwareAccelerated)
            Sign512(shingles, signature);
        else
            Sign256(shingles, signature);
    }

    /// <summary>The keyed digests of the bands: two texts share one when ten numbers in a row are equal.</summary>
    public ulong[] BandsOf(ReadOnlySpan<uint> signature)
    {
        var bands = new ulong[Bands];
        Span<byte> input = stackalloc byte[1 + (4 * RowsOfBand)];
        for (var band = 0; band < Bands; band++)
        {
            input[0] = (byte)band;
            MemoryMarshal.AsBytes(signature.Slice(band * RowsOfBand, RowsOfBand)).CopyTo(input[1..]);
            bands[band] = SipHash.Compute(_band, input) >> (64 - BandBits);
        }

        return bands;
    }

    // Four registers of running minima at a time, so that a shingle is loaded once for 64 permutations.
    private void Sign512(ReadOnlySpan<uint> shingles, Span<uint> signature)
    {
        for (var at = 0; at < Permutations; at += 64)
        {
            var (a0, a1, a2, a3) = (Vector512.Create(_multipliers, at), Vector512.Create(_multipliers, at + 16), Vector512.Create(_multipliers, at + 32), Vector512.Create(_multipliers, at + 48));
            var (b0, b1, b2, b3) = (Vector512.Create(_masks, at), Vector512.Create(_masks, at + 16), Vector512.Create(_masks, at + 32), Vector512.Create(_masks, at + 48));
            Vector512<uint> m0 = Vector512<uint>.AllBitsSet, m1 = m0, m2 = m0, m3 = m0;
            foreach (var shingle in shingles)
            {
                var x = Vector512.Create(shingle);
                m0 = Vector512.Min(m0, (x ^ b0) * a0);
                m1 = Vector512.Min(m1, (x ^ b1) * a1);
                m2 = Vector512.Min(m2, (x ^ b2) * a2);
                m3 = Vector512.Min(m3, (x ^ b3) * a3);
            }

            m0.CopyTo(signature[at..]);
            m1.CopyTo(signature[(at + 16)..]);
            m2.CopyTo(signature[(at + 32)..]);
            m3.CopyTo(signature[(at + 48)..]);
        }
    }

    internal void Sign256(ReadOnlySpan<uint> shingles, Span<uint> signature)
    {
        for (var at = 0; at < Permutations; at += 32)
        {
            var (a0, a1, a2, a3) = (Vector256.Create(_multipliers, at), Vector256.Create(_multipliers, at + 8), Vector256.Create(_multipliers, at + 16), Vector256.Create(_multipliers, at + 24));
            var (b0, b1, b2, b3) = (Vector256.Create(_masks, at), Vector256.Create(_masks, at + 8), Vector256.Create(_masks, at + 16), Vector256.Create(_masks, at + 24));
            Vector256<uint> m0 = Vector256<uint>.AllBitsSet, m1 = m0, m2 = m0, m3 = m0;
            foreach (var shingle in shingles)
            {
                var x = Vector256.Create(shingle);
                m0 = Vector256.Min(m0, (x ^ b0) * a0);
                m1 = Vector256.Min(m1, (x ^ b1) * a1);
                m2 = Vector256.Min(m2, (x ^ b2) * a2);
                m3 = Vector256.Min(m3, (x ^ b3) * a3);
            }

            m0.CopyTo(signature[at..]);
            m1.CopyTo(signature[(at + 8)..]);
            m2.CopyTo(signature[(at + 16)..]);
            m3.CopyTo(signature[(at + 24)..]);
        }
    }
}
