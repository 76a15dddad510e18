using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace Commonhold.Ethereum;

/// <summary>An account or contract: 20 bytes, written with the EIP-55 checksum.</summary>
[JsonConverter(typeof(AddressJsonConverter))]
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public readonly record struct Address : IComparable<Address>, IParsable<Address>
{
    public const int Length = 20;

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly uint _third;

    public static Address Zero => default;

    public bool IsZero => this == default;

    /// <exception cref="ArgumentException">The span does not hold exactly 20 bytes.</exception>
    public static Address FromSpan(ReadOnlySpan<byte> bytes) =>
        bytes.Length == Length
            ? MemoryMarshal.Read<Address>(bytes)
            : throw new ArgumentException($"An address takes 20 bytes, not {bytes.Length}.", nameof(bytes));

    /// <summary>The account of an uncompressed public key, given without its leading 0x04.</summary>
    public static Address FromPublicKey(ReadOnlySpan<byte> xy64)
    {
        if (xy64.Length != 64)
            throw new ArgumentException($"A public key takes 64 bytes, not {xy64.Length}.", nameof(xy64));

        return FromSpan(Keccak256.Hash(xy64).AsSpan()[12..]);
    }

    /// <summary>Where <paramref name="deployer"/>'s CREATE with that nonce puts its contract.</summary>
    public static Address OfContract(Address deployer, ulong nonce)
    {
        byte[] encoded = Rlp.Encode(RlpItem.List(RlpItem.Bytes(deployer.ToArray()), RlpItem.Number(nonce)));
        return FromSpan(Keccak256.Hash(encoded).AsSpan()[12..]);
    }

    /// <summary>Where CREATE2 puts its contract (EIP-1014).</summary>
    public static Address OfContract2(Address deployer, Bytes32 salt, Bytes32 initCodeHash)
    {
        Span<byte> input = stackalloc byte[1 + Length + 64];
        input[0] = 0xff;
        deployer.CopyTo(input[1..]);
        salt.CopyTo(input[21..]);
        initCodeHash.CopyTo(input[53..]);
        return FromSpan(Keccak256.Hash(input).AsSpan()[12..]);
    }

    /// <summary>Parses <c>0x</c> and 40 digits; digits of mixed case must carry a right EIP-55 checksum.</summary>
    /// <exception cref="FormatException">The text is anything else.</exception>
    public static Address Parse(string text) =>
        TryParse(text, out Address value)
            ? value
            : throw new FormatException($"'{Hex.Shorten(text)}' is not an address, or its checksum is wrong (EIP-55).");

    public static bool TryParse([NotNullWhen(true)] string? text, out Address value)
    {
        value = default;
        Span<byte> bytes = stackalloc byte[Length];
        if (text is null || !Hex.TryDecode(text, bytes))
            return false;

        Address parsed = FromSpan(bytes);
        ReadOnlySpan<char> digits = text.AsSpan(2);
        bool mixed = digits.IndexOfAnyInRange('a', 'f') >= 0 && digits.IndexOfAnyInRange('A', 'F') >= 0;
        if (mixed && parsed.ToString() != text)
            return false;

        value = parsed;
        return true;
    }

    static Address IParsable<Address>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<Address>.TryParse(string? s, IFormatProvider? provider, out Address result) => TryParse(s, out result);

    [UnscopedRef]
    public ReadOnlySpan<byte> AsSpan() =>
        MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.AsRef(in this), 1));

    public void CopyTo(Span<byte> destination) => AsSpan().CopyTo(destination);

    public byte[] ToArray() => AsSpan().ToArray();

    public int CompareTo(Address other) => AsSpan().SequenceCompareTo(other.AsSpan());

    public static bool operator <(Address left, Address right) => left.CompareTo(right) < 0;

    public static bool operator >(Address left, Address right) => left.CompareTo(right) > 0;

    public static bool operator <=(Address left, Address right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Address left, Address right) => left.CompareTo(right) >= 0;

    /// <summary>The lower-case form, for keys in databases and URLs.</summary>
    public string ToLowerString() => Hex.Encode(AsSpan());

    /// <summary>The checksummed form.</summary>
    public override string ToString()
    {
        // EIP-55: a letter is upper case when the matching nibble of keccak(lower-case digits) is 8 or more.
        Span<char> text = stackalloc char[2 + (Length * 2)];
        Span<byte> ascii = stackalloc byte[Length * 2];
        text[0] = '0';
        text[1] = 'x';
        Convert.TryToHexStringLower(AsSpan(), text[2..], out _);
        for (int i = 0; i < ascii.Length; i++)
            ascii[i] = (byte)text[i + 2];

        Bytes32 digest = Keccak256.Hash(ascii);
        ReadOnlySpan<byte> hash = digest.AsSpan();
        for (int i = 0; i < ascii.Length; i++)
        {
            int nibble = i % 2 == 0 ? hash[i / 2] >> 4 : hash[i / 2] & 15;
            if (nibble >= 8)
                text[i + 2] = char.ToUpperInvariant(text[i + 2]);
        }

        return text.ToString();
    }
}
