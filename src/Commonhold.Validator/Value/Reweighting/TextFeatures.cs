using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Commonhold.Validator.Value.Reweighting;

/// <summary>A text as 256 small whole numbers: hashed 3-, 4- and 5-grams of its letters, of length 127.</summary>
/// <remarks>Feature hashing (Weinberger and others 2009) with a sign bit, in whole numbers but for one correctly rounded square root, so
/// that every validator gets the same vector. It says what a text is about well enough to find its community; words cannot be read
/// off it, yet a vector of a known text can be recognised: so vectors are kept only where a vote turned re-weighting on.</remarks>
internal static class TextFeatures
{
    public const int Dimensions = 256;

    private const int Length = 127;
    private const int Shortest = 3;
    private const int Longest = 5;
    private const int MostBytes = 4096;

    /// <param name="text">UTF-8; the first 4,096 bytes count.</param>
    /// <param name="vector">Takes <see cref="Dimensions"/> numbers; all zero for a text without three letters.</param>
    public static void Of(ReadOnlySpan<byte> text, Span<sbyte> vector)
    {
        Span<int> counts = stackalloc int[Dimensions];
        counts.Clear();
        Span<byte> letters = stackalloc byte[MostBytes];
        letters = letters[..Letters(text, letters)];
        for (var i = 0; i + Shortest <= letters.Length; i++)
        {
            var gram = 14695981039346656037UL;
            for (var n = 0; n < Longest && i + n < letters.Length; n++)
            {
                gram = (gram ^ letters[i + n]) * 1099511628211;
                if (n + 1 >= Shortest)
                    Count(gram, counts);
            }
        }

        var square = 0L;
        foreach (var count in counts)
            square += (long)count * count;
        vector.Clear();
        if (square == 0)
            return;
        var scale = Length / Math.Sqrt(square);
        for (var d = 0; d < Dimensions; d++)
            vector[d] = (sbyte)Math.Round(counts[d] * scale);
    }

    /// <summary>The cosine of two vectors times about 127²; most alike is most.</summary>
    public static int Dot(ReadOnlySpan<sbyte> one, ReadOnlySpan<sbyte> other)
    {
        ref var a = ref MemoryMarshal.GetReference(one[..Dimensions]);
        ref var b = ref MemoryMarshal.GetReference(other[..Dimensions]);
        var sum = Vector256<int>.Zero;
        for (var d = 0; d < Dimensions; d += Vector256<sbyte>.Count)
        {
            var (aLow, aHigh) = Vector256.Widen(Vector256.LoadUnsafe(ref a, (nuint)d));
            var (bLow, bHigh) = Vector256.Widen(Vector256.LoadUnsafe(ref b, (nuint)d));

            // Products are below 2¹⁴, so a sum of two still fits sixteen bits.
            var (low, high) = Vector256.Widen((aLow * bLow) + (aHigh * bHigh));
            sum += low + high;
        }

        return Vector256.Sum(sum);
    }

    // FNV-1a mixes its high bits best (Fowler, Noll, Vo): eight of them say where, one says which sign.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Count(ulong gram, Span<int> counts)
    {
        gram ^= gram >> 29;
        gram *= 0xBF58476D1CE4E5B9;
        counts[(int)(gram >> 56)] += (gram & (1UL << 55)) == 0 ? 1 : -1;
    }

    // Small letters, anything else a single space; bytes beyond ASCII stay as they are.
    private static int Letters(ReadOnlySpan<byte> text, Span<byte> letters)
    {
        var length = 0;
        foreach (var b in text[..Math.Min(text.Length, MostBytes)])
        {
            var letter = b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b | 0x20) : b;
            if (letter is >= (byte)'a' and <= (byte)'z' or >= (byte)'0' and <= (byte)'9' or >= 0x80)
                letters[length++] = letter;
            else if (length > 0 && letters[length - 1] != ' ')
                letters[length++] = (byte)' ';
        }

        return length;
    }
}
