using System.Buffers.Text;
using System.Text;

namespace Commonhold.Age;

/// <summary>Canonical base64 without padding, as headers use it (age v1, "Conventions").</summary>
internal static class UnpaddedBase64
{
    internal static string Encode(ReadOnlySpan<byte> data) => Convert.ToBase64String(data).TrimEnd('=');

    /// <summary>Null unless <paramref name="text"/> is the one canonical encoding of some bytes.</summary>
    internal static byte[]? TryDecode(ReadOnlySpan<byte> text)
    {
        // A lone last character carries six bits: no byte ends there.
        if (text.Length % 4 == 1 || text.Contains((byte)'=')) return null;

        Span<byte> padded = text.Length <= 256 ? stackalloc byte[260] : new byte[text.Length + 3];
        text.CopyTo(padded);
        var length = text.Length;
        while (length % 4 != 0) padded[length++] = (byte)'=';

        var data = new byte[length / 4 * 3];
        var status = Base64.DecodeFromUtf8(padded[..length], data, out var consumed, out var written);
        if (status != System.Buffers.OperationStatus.Done || consumed != length) return null;

        // The decoder skips white space and forgives spare bits; one file must have one encoding.
        var decoded = data[..written];
        Span<byte> again = length <= 256 ? stackalloc byte[260] : new byte[length];
        Base64.EncodeToUtf8(decoded, again, out _, out var encoded);
        return encoded == length && again[..text.Length].SequenceEqual(text) ? decoded : null;
    }

    internal static byte[]? TryDecode(string text) => TryDecode(Encoding.ASCII.GetBytes(text));
}
