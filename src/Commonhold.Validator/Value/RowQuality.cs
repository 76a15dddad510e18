using Commonhold.Exports.Reddit;

namespace Commonhold.Validator.Value;

/// <summary>What a row is worth within its cell, 0 to 255.</summary>
/// <remarks>Text counts by the different pairs of letters in it, which grow with what is said and not with padding or repetition:
/// 160 pairs, about three sentences, are full quality.</remarks>
internal static class RowQuality
{
    private const int FullPairs = 160;

    public static byte Of(in ExportRow row, KindValue kind) => kind.Code switch
    {
        1 => Post(row[RedditColumn.Title], row[RedditColumn.Body]),
        2 => Text(row[RedditColumn.Body]),
        3 or 4 => row[RedditColumn.Direction] is var d && (d.SequenceEqual("up"u8) || d.SequenceEqual("down"u8))
            ? (byte)ValueFunction.FullQuality
            : (byte)0,
        _ => ValueFunction.FullQuality,
    };

    public static byte Text(ReadOnlySpan<byte> text)
    {
        if (IsGone(text))
            return 0;
        Span<ulong> seen = stackalloc ulong[64];
        seen.Clear();
        return Scale(CountPairs(text, seen));
    }

    private static byte Post(ReadOnlySpan<byte> title, ReadOnlySpan<byte> body)
    {
        if (IsGone(title) || body.SequenceEqual("[deleted]"u8) || body.SequenceEqual("[removed]"u8))
            return 0;
        Span<ulong> seen = stackalloc ulong[64];
        seen.Clear();
        return Scale(CountPairs(title, seen) + CountPairs(body, seen));
    }

    private static bool IsGone(ReadOnlySpan<byte> text) =>
        text.IsEmpty || text.SequenceEqual("[deleted]"u8) || text.SequenceEqual("[removed]"u8);

    private static byte Scale(int pairs) =>
        (byte)(Math.Min(pairs, FullPairs) * ValueFunction.FullQuality / FullPairs);

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
