using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace Commonhold.Ethereum;

/// <summary>Thirty-two bytes: a digest, a topic, a storage word. Ordered as bytes, so also as big-endian numbers.</summary>
[JsonConverter(typeof(Bytes32JsonConverter))]
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Bytes32 : IComparable<Bytes32>, IParsable<Bytes32>
{
    public const int Length = 32;

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly ulong _third;
    private readonly ulong _fourth;

    public static Bytes32 Zero => default;

    public bool IsZero => this == default;

    /// <exception cref="ArgumentException">The span does not hold exactly 32 bytes.</exception>
    public static Bytes32 FromSpan(ReadOnlySpan<byte> bytes) =>
        bytes.Length == Length
            ? MemoryMarshal.Read<Bytes32>(bytes)
            : throw new ArgumentException($"A Bytes32 takes 32 bytes, not {bytes.Length}.", nameof(bytes));

    /// <summary>The big-endian form of a number from 0 to 2²⁵⁶ − 1.</summary>
    public static Bytes32 FromUInt256(BigInteger value)
    {
        if (value.Sign < 0 || value.GetByteCount(isUnsigned: true) > Length)
            throw new ArgumentOutOfRangeException(nameof(value), "The number does not fit 256 bits.");

        Span<byte> word = stackalloc byte[Length];
        word.Clear();
        int count = value.GetByteCount(isUnsigned: true);
        value.TryWriteBytes(word[(Length - count)..], out _, isUnsigned: true, isBigEndian: true);
        return FromSpan(word);
    }

    /// <summary>Parses <c>0x</c> and 64 hexadecimal digits.</summary>
    /// <exception cref="FormatException">The text is anything else.</exception>
    public static Bytes32 Parse(string text) =>
        TryParse(text, out Bytes32 value)
            ? value
            : throw new FormatException($"'{Hex.Shorten(text)}' is not 0x followed by 64 hexadecimal digits.");

    public static bool TryParse([NotNullWhen(true)] string? text, out Bytes32 value)
    {
        value = default;
        Span<byte> bytes = stackalloc byte[Length];
        if (text is null || !Hex.TryDecode(text, bytes))
            return false;

        value = FromSpan(bytes);
        return true;
    }

    static Bytes32 IParsable<Bytes32>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<Bytes32>.TryParse(string? s, IFormatProvider? provider, out Bytes32 result) => TryParse(s, out result);

    [UnscopedRef]
    public ReadOnlySpan<byte> AsSpan() =>
        MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.AsRef(in this), 1));

    public void CopyTo(Span<byte> destination) => AsSpan().CopyTo(destination);

    public byte[] ToArray() => AsSpan().ToArray();

    public BigInteger ToUInt256() => new(AsSpan(), isUnsigned: true, isBigEndian: true);

    public int CompareTo(Bytes32 other) => AsSpan().SequenceCompareTo(other.AsSpan());

    public static bool operator <(Bytes32 left, Bytes32 right) => left.CompareTo(right) < 0;

    public static bool operator >(Bytes32 left, Bytes32 right) => left.CompareTo(right) > 0;

    public static bool operator <=(Bytes32 left, Bytes32 right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Bytes32 left, Bytes32 right) => left.CompareTo(right) >= 0;

    public override string ToString() => Hex.Encode(AsSpan());
}
