using System.Buffers;
using System.Text;

namespace Commonhold.Validator.Uniqueness.Texts;

/// <summary>What is left of a text when case, white space, punctuation and look-alikes are taken out: letters and digits in a row.</summary>
/// <remarks>All of those can be changed without changing what a reader sees, so none of them may tell a copy from its original:
/// invisible characters and accents fall away, and the Cyrillic and Greek letters that look Latin count as Latin.</remarks>
internal static class NormalText
{
    /// <summary>Letters that are looked at; what follows in a longer text is not.</summary>
    public const int MaxLetters = 16_384;

    private const string LookAlikes = "аaвbгrеeзeкkмmнhоoрpсcтtуyхxіiјjѕsԁdαaβbεeικkνvοoρpτtυuχx";
    private static readonly char[] Ascii = [.. Enumerable.Range(0, 128).Select(c => char.IsAsciiLetterOrDigit((char)c) ? char.ToLowerInvariant((char)c) : '\0')];
    private static readonly Dictionary<char, char> Latin = MakeLatin();

    /// <summary>Writes the letters of a UTF-8 text; broken bytes are skipped.</summary>
    /// <returns>How many there are, at most the length of <paramref name="letters"/>.</returns>
    public static int Read(ReadOnlySpan<byte> text, Span<char> letters)
    {
        var count = 0;
        for (var i = 0; i < text.Length && count < letters.Length;)
        {
            if (text[i] < 128)
            {
                letters[count] = Ascii[text[i++]];
                count += letters[count] == 0 ? 0 : 1;
                continue;
            }

            var status = Rune.DecodeFromUtf8(text[i..], out var rune, out var used);
            i += used;
            if (status == OperationStatus.Done && Rune.IsLetterOrDigit(rune))
                count += Write(Rune.ToLowerInvariant(rune), letters[count..]);
        }

        return count;
    }

    private static int Write(Rune rune, Span<char> letters)
    {
        Span<char> units = stackalloc char[2];
        var length = rune.EncodeToUtf16(units);
        if (length > letters.Length)
            return 0;
        letters[0] = length == 1 && Latin.TryGetValue(units[0], out var latin) ? latin : units[0];
        if (length == 2)
            letters[1] = units[1];
        return length;
    }

    private static Dictionary<char, char> MakeLatin()
    {
        Dictionary<char, char> latin = [];
        for (var i = 0; i + 1 < LookAlikes.Length; i += 2)
            latin[LookAlikes[i]] = LookAlikes[i + 1];

        // Small letters with accents, U+00E0 to U+00FF; separate accents are no letters and fall away.
        const string Bases = "aaaaaa?ceeeeiiii?nooooo?ouuuuy?y";
        for (var i = 0; i < Bases.Length; i++)
        {
            if (Bases[i] != '?')
                latin[(char)(0xE0 + i)] = Bases[i];
        }

        return latin;
    }
}
