using System.Numerics;
using System.Text;

namespace Commonhold.Ethereum;

/// <summary>A value of the Solidity ABI: integer, bool, address, bytes, string, or a list (array or tuple).</summary>
/// <remarks>Values convert implicitly from .NET's types; the <c>As…</c> readers throw <see cref="AbiException"/> when the value
/// is of another kind or out of range, because what a contract returned is not the caller's bug.</remarks>
public abstract class AbiValue : IEquatable<AbiValue>
{
    private protected AbiValue()
    {
    }

    public static AbiValue List(params AbiValue[] items) => new AbiList(items);

    public static AbiValue List(IEnumerable<AbiValue> items) => new AbiList([.. items]);

    public static AbiValue From(BigInteger value) => new AbiInteger(value);

    public static AbiValue From(bool value) => new AbiBool(value);

    public static AbiValue From(Address value) => new AbiAddress(value);

    public static AbiValue From(Bytes32 value) => new AbiBytes(value.ToArray());

    public static AbiValue From(ReadOnlyMemory<byte> value) => new AbiBytes(value);

    public static AbiValue From(string value) => new AbiText(value);

    public static implicit operator AbiValue(BigInteger value) => From(value);

    public static implicit operator AbiValue(ulong value) => new AbiInteger(value);

    public static implicit operator AbiValue(long value) => new AbiInteger(value);

    public static implicit operator AbiValue(int value) => new AbiInteger(value);

    public static implicit operator AbiValue(bool value) => From(value);

    public static implicit operator AbiValue(Address value) => From(value);

    public static implicit operator AbiValue(Bytes32 value) => From(value);

    public static implicit operator AbiValue(byte[] value) => new AbiBytes(value);

    public static implicit operator AbiValue(ReadOnlyMemory<byte> value) => From(value);

    public static implicit operator AbiValue(string value) => From(value);

    public static implicit operator AbiValue(AbiValue[] value) => new AbiList(value);

    public BigInteger AsInteger() => this is AbiInteger integer ? integer.Value : throw WrongKind("an integer");

    public ulong AsUInt64() => (ulong)AsIntegerWithin(ulong.MinValue, ulong.MaxValue);

    public long AsInt64() => (long)AsIntegerWithin(long.MinValue, long.MaxValue);

    public int AsInt32() => (int)AsIntegerWithin(int.MinValue, int.MaxValue);

    public bool AsBool() => this is AbiBool value ? value.Value : throw WrongKind("a bool");

    public Address AsAddress() => this is AbiAddress address ? address.Value : throw WrongKind("an address");

    public ReadOnlyMemory<byte> AsBytes() => this is AbiBytes bytes ? bytes.Value : throw WrongKind("bytes");

    public Bytes32 AsBytes32() =>
        this is AbiBytes { Value.Length: 32 } bytes ? Bytes32.FromSpan(bytes.Value.Span) : throw WrongKind("bytes32");

    /// <summary>Bytes that are not UTF-8 read as U+FFFD: anyone may emit them on chain, and a reader must not stop there.</summary>
    public string AsText() => this is AbiText text ? text.Value : throw WrongKind("a string");

    public IReadOnlyList<AbiValue> AsList() => this is AbiList list ? list.Items : throw WrongKind("a list");

    public abstract bool Equals(AbiValue? other);

    public sealed override bool Equals(object? obj) => Equals(obj as AbiValue);

    public abstract override int GetHashCode();

    private AbiException WrongKind(string expected) => new($"{Hex.Shorten(ToString())} is not {expected}.");

    private BigInteger AsIntegerWithin(BigInteger least, BigInteger most)
    {
        BigInteger value = AsInteger();
        return value >= least && value <= most ? value : throw new AbiException($"{value} is not between {least} and {most}.");
    }
}

public sealed class AbiInteger(BigInteger value) : AbiValue
{
    public BigInteger Value { get; } = value;

    public override bool Equals(AbiValue? other) => other is AbiInteger integer && integer.Value == Value;

    public override int GetHashCode() => Value.GetHashCode();

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

public sealed class AbiBool(bool value) : AbiValue
{
    public bool Value { get; } = value;

    public override bool Equals(AbiValue? other) => other is AbiBool b && b.Value == Value;

    public override int GetHashCode() => Value.GetHashCode();

    public override string ToString() => Value ? "true" : "false";
}

public sealed class AbiAddress(Address value) : AbiValue
{
    public Address Value { get; } = value;

    public override bool Equals(AbiValue? other) => other is AbiAddress address && address.Value == Value;

    public override int GetHashCode() => Value.GetHashCode();

    public override string ToString() => Value.ToString();
}

/// <summary>A <c>bytes</c> or <c>bytesN</c> value.</summary>
public sealed class AbiBytes(ReadOnlyMemory<byte> value) : AbiValue
{
    public ReadOnlyMemory<byte> Value { get; } = value;

    public override bool Equals(AbiValue? other) => other is AbiBytes bytes && bytes.Value.Span.SequenceEqual(Value.Span);

    public override int GetHashCode() => Contents.HashOf(Value.Span);

    public override string ToString() => Hex.Encode(Value.Span);
}

/// <summary>A <c>string</c>, kept as the bytes that stand on chain, so that hashes of it agree.</summary>
public sealed class AbiText : AbiValue
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="ArgumentException">The text holds a lone surrogate, which UTF-8 cannot express.</exception>
    public AbiText(string text) => Utf8 = Strict.GetBytes(text);

    public AbiText(ReadOnlyMemory<byte> utf8) => Utf8 = utf8;

    public ReadOnlyMemory<byte> Utf8 { get; }

    public string Value => Encoding.UTF8.GetString(Utf8.Span);

    public override bool Equals(AbiValue? other) => other is AbiText text && text.Utf8.Span.SequenceEqual(Utf8.Span);

    public override int GetHashCode() => Contents.HashOf(Utf8.Span);

    public override string ToString() => Value;
}

/// <summary>The values of an array or a tuple, in order.</summary>
public sealed class AbiList(AbiValue[] items) : AbiValue
{
    public IReadOnlyList<AbiValue> Items { get; } = items;

    public override bool Equals(AbiValue? other) => other is AbiList list && list.Items.SequenceEqual(Items);

    public override int GetHashCode() => Items.Aggregate(Items.Count, HashCode.Combine);

    public override string ToString() =>
        "[" + string.Join(", ", Items.Take(8)) + (Items.Count > 8 ? $", … {Items.Count} items]" : "]");
}

file static class Contents
{
    public static int HashOf(ReadOnlySpan<byte> bytes)
    {
        var hash = new HashCode();
        hash.AddBytes(bytes);
        return hash.ToHashCode();
    }
}
