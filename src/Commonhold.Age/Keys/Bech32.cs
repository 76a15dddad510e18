using System.Security.Cryptography;

namespace Commonhold.Age;

/// <summary>BIP 173 Bech32 as age uses it: no length limit, checksum constant 1, one case throughout.</summary>
internal static class Bech32
{
    private const string Alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private const int ChecksumLength = 6;

    // BIP 173, "Checksum".
    private static readonly uint[] Generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

    /// <summary>Encodes in lower case; the data may be secret, its text is then the caller's to guard.</summary>
    internal static string Encode(string prefix, ReadOnlySpan<byte> data)
    {
        var groups = new byte[((data.Length * 8) + 4) / 5 + ChecksumLength];
        Regroup(data, groups);
        var checksum = Polymod(prefix, groups) ^ 1;
        for (var i = 0; i < ChecksumLength; i++)
            groups[groups.Length - ChecksumLength + i] = (byte)((checksum >> (5 * (5 - i))) & 31);

        var text = string.Create(prefix.Length + 1 + groups.Length, (prefix, groups), static (span, state) =>
        {
            state.prefix.CopyTo(span);
            span[state.prefix.Length] = '1';
            for (var i = 0; i < state.groups.Length; i++)
                span[state.prefix.Length + 1 + i] = Alphabet[state.groups[i]];
        });
        CryptographicOperations.ZeroMemory(groups);
        return text;
    }

    /// <summary>Decodes into exactly <paramref name="data"/>; false when text, prefix, case, checksum or padding is wrong.</summary>
    internal static bool TryDecode(ReadOnlySpan<char> text, string prefix, Span<byte> data)
    {
        var groupCount = ((data.Length * 8) + 4) / 5 + ChecksumLength;
        if (text.Length != prefix.Length + 1 + groupCount) return false;

        var lower = text.ContainsAnyInRange('a', 'z');
        if (lower && text.ContainsAnyInRange('A', 'Z')) return false;
        if (text[prefix.Length] != '1') return false;
        if (!text[..prefix.Length].Equals(prefix, StringComparison.OrdinalIgnoreCase)) return false;

        Span<byte> groups = stackalloc byte[groupCount];
        for (var i = 0; i < groupCount; i++)
        {
            var symbol = text[prefix.Length + 1 + i];
            var value = char.IsAscii(symbol) ? Alphabet.IndexOf(char.ToLowerInvariant(symbol), StringComparison.Ordinal) : -1;
            if (value < 0) return false;
            groups[i] = (byte)value;
        }

        var valid = Polymod(prefix, groups) == 1 && TryUngroup(groups[..^ChecksumLength], data);
        CryptographicOperations.ZeroMemory(groups);
        return valid;
    }

    private static void Regroup(ReadOnlySpan<byte> data, Span<byte> groups)
    {
        var (bits, held, next) = (0u, 0, 0);
        foreach (var value in data)
        {
            bits = (bits << 8) | value;
            for (held += 8; held >= 5; held -= 5) groups[next++] = (byte)((bits >> (held - 5)) & 31);
        }

        if (held > 0) groups[next] = (byte)((bits << (5 - held)) & 31);
    }

    private static bool TryUngroup(ReadOnlySpan<byte> groups, Span<byte> data)
    {
        var (bits, held, next) = (0u, 0, 0);
        foreach (var value in groups)
        {
            bits = (bits << 5) | value;
            held += 5;
            if (held < 8) continue;
            held -= 8;
            data[next++] = (byte)(bits >> held);
        }

        // Padding must be zero, or two texts would name one key.
        return next == data.Length && (bits & ((1u << held) - 1)) == 0;
    }

    private static uint Polymod(string prefix, ReadOnlySpan<byte> groups)
    {
        var checksum = 1u;
        foreach (var symbol in prefix) checksum = Step(checksum, (uint)char.ToLowerInvariant(symbol) >> 5);
        checksum = Step(checksum, 0);
        foreach (var symbol in prefix) checksum = Step(checksum, (uint)char.ToLowerInvariant(symbol) & 31);
        foreach (var value in groups) checksum = Step(checksum, value);
        return checksum;
    }

    private static uint Step(uint checksum, uint value)
    {
        var top = checksum >> 25;
        checksum = ((checksum & 0x1ffffff) << 5) ^ value;
        for (var i = 0; i < Generator.Length; i++)
        {
            if (((top >> i) & 1) != 0) checksum ^= Generator[i];
        }

        return checksum;
    }
}
