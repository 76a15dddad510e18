using System.Diagnostics.CodeAnalysis;

namespace Commonhold.Ethereum;

/// <summary>Hexadecimal with the <c>0x</c> prefix, as Ethereum's JSON-RPC writes bytes ("unformatted data").</summary>
public static class Hex
{
    public static string Encode(ReadOnlySpan<byte> bytes) => "0x" + Convert.ToHexStringLower(bytes);

    /// <summary>Decodes <c>0x…</c> text of an even number of digits.</summary>
    /// <exception cref="FormatException">The prefix is missing, a digit is wrong or their number is odd.</exception>
    public static byte[] Decode(string text) =>
        TryDecode(text, out byte[]? bytes) ? bytes : throw new FormatException($"'{Shorten(text)}' is not 0x-hex.");

    public static bool TryDecode([NotNullWhen(true)] string? text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text is null || text.Length % 2 != 0 || !text.StartsWith("0x", StringComparison.Ordinal))
            return false;

        byte[] buffer = new byte[(text.Length - 2) / 2];
        if (!TryDecode(text, buffer))
            return false;

        bytes = buffer;
        return true;
    }

    /// <summary>Decodes into a buffer that the text must fill exactly.</summary>
    internal static bool TryDecode(ReadOnlySpan<char> text, Span<byte> destination) =>
        text.Length == 2 + (destination.Length * 2)
        && text.StartsWith("0x", StringComparison.Ordinal)
        && Convert.FromHexString(text[2..], destination, out _, out int written) == System.Buffers.OperationStatus.Done
        && written == destination.Length;

    /// <summary>What an error message may show of a hostile text.</summary>
    internal static string Shorten(string? text) =>
        text is null ? "null" : text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 77), "...");
}
