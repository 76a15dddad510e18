using System.Buffers.Binary;
using System.Numerics;

namespace Commonhold.Ethereum;

/// <summary>A byte string or a list of items: all that RLP knows.</summary>
public sealed class RlpItem
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly RlpItem[]? _items;

    private RlpItem(ReadOnlyMemory<byte> bytes, RlpItem[]? items)
    {
        _bytes = bytes;
        _items = items;
    }

    public static RlpItem Empty { get; } = new(default, null);

    public bool IsList => _items is not null;

    public static RlpItem Bytes(ReadOnlyMemory<byte> bytes) => new(bytes, null);

    public static RlpItem List(params RlpItem[] items) => new(default, items);

    /// <summary>A scalar: big-endian without leading zeros, zero as the empty string.</summary>
    public static RlpItem Number(ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return new RlpItem(bytes[(BitOperations.LeadingZeroCount(value) / 8)..].ToArray(), null);
    }

    /// <inheritdoc cref="Number(ulong)"/>
    public static RlpItem Number(BigInteger value) =>
        value.Sign < 0 ? throw new ArgumentOutOfRangeException(nameof(value), "RLP has no negative numbers.")
        : value.IsZero ? Empty
        : new RlpItem(value.ToByteArray(isUnsigned: true, isBigEndian: true), null);

    /// <exception cref="RlpException">This is a list.</exception>
    public ReadOnlyMemory<byte> AsBytes() => IsList ? throw new RlpException("A byte string was expected, not a list.") : _bytes;

    /// <exception cref="RlpException">This is a byte string.</exception>
    public IReadOnlyList<RlpItem> AsList() => _items ?? throw new RlpException("A list was expected, not a byte string.");

    /// <exception cref="RlpException">Not a scalar without leading zeros of at most <paramref name="maxBytes"/> bytes.</exception>
    public BigInteger AsNumber(int maxBytes = 32)
    {
        ReadOnlySpan<byte> bytes = AsBytes().Span;
        if (bytes.Length > maxBytes)
            throw new RlpException($"A number of {bytes.Length} bytes, where at most {maxBytes} may be.");
        if (bytes is [0, ..])
            throw new RlpException("A number with leading zeros.");

        return new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
    }

    public ulong AsUInt64() => (ulong)AsNumber(8);
}
