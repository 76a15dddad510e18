namespace Commonhold.Exports;

/// <summary>What a text that a person wrote is worth, 0 to 255.</summary>
/// <remarks>Text counts by the different pairs of letters in it, which grow with what is said and not with padding or repetition:
/// 160 pairs, about three sentences, are full quality.</remarks>
internal static class TextQuality
{
    private const int FullPairs = 160;

    public static byte Of(ReadOnlySpan<byte> text)
    {
        Span<ulong> seen = stackalloc ulong[64];
        seen.Clear();
        return Scale(CountPairs(text, seen));
    }

    /// <summary>Of two texts that belong together, a title and its body.</summary>
    public static byte Of(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        Span<ulong> seen = stackalloc ulong[64];
        seen.Clear();
        return Scale(CountPairs(first, seen) + CountPairs(second, seen));
    }

    private static byte Scale(int pairs) => (byte)(Math.Min(pairs, FullPairs) * byte.MaxValue / FullPairs);

    // New pairs of neighbouring bytes, by their place in a table of 4,096 bits; stops when nothing more can be gained.
    private static int CountPairs(ReadOnlySpan<byte> text, Span<ulong> seen)
    {
        if (text.IsEmpty)
            return 0;
        var pairs = 0;
        uint pair = text[0];
        foreach (var letter in text[1..])
        {
            if (pairs >= FullPairs)
                break;
            pair = ((pair << 8) | letter) & 0xFFFF;
            var place = (pair * 0x9E3779B1u) >> 20;
            ref var word = ref seen[(int)(place >> 6)];

            // Counted without a branch: which pairs are new cannot be predicted, and this runs for every letter.
            pairs += (int)(~(word >> (int)place) & 1);
            word |= 1UL << (int)place;
        }

        return pairs;
    }
}
