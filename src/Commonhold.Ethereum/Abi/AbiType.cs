namespace Commonhold.Ethereum;

/// <summary>A type of the Solidity ABI. Equal when the canonical names are equal.</summary>
public abstract class AbiType : IEquatable<AbiType>
{
    private protected AbiType(string canonicalName, bool isDynamic, long headSize)
    {
        CanonicalName = canonicalName;
        IsDynamic = isDynamic;
        // Fixed arrays multiply: a type whose values could not be held in memory is refused when it is made.
        HeadSize = headSize <= MaxHeadSize ? (int)headSize : throw new FormatException("The ABI type is too large.");
    }

    internal const int MaxHeadSize = 1 << 28;

    /// <summary>As in signatures: <c>uint256</c>, <c>(address,bytes)[2]</c>.</summary>
    public string CanonicalName { get; }

    /// <summary>Whether the head holds an offset instead of the value.</summary>
    public bool IsDynamic { get; }

    /// <summary>Bytes taken in the head: 32 for a dynamic type, else those of the whole value.</summary>
    public int HeadSize { get; }

    public static AbiType Bool { get; } = new AbiBoolType();

    public static AbiType Address { get; } = new AbiAddressType();

    public static AbiType Bytes { get; } = new AbiBytesType(null);

    public static AbiType Bytes32 { get; } = new AbiBytesType(32);

    public static AbiType Text { get; } = new AbiStringType();

    public static AbiType UInt256 { get; } = new AbiIntegerType(256, isSigned: false);

    /// <summary>Parses a canonical name; <c>uint</c> and <c>int</c> stand for their 256-bit forms.</summary>
    /// <exception cref="FormatException">Not a type.</exception>
    public static AbiType Parse(string name) => AbiTypeParser.ParseType(name);

    public static AbiType Array(AbiType element) => new AbiArrayType(element, null);

    public static AbiType FixedArray(AbiType element, int length) => new AbiArrayType(element, length);

    public static AbiType Tuple(params AbiParameter[] components) => new AbiTupleType(components);

    public bool Equals(AbiType? other) => other is not null && other.CanonicalName == CanonicalName;

    public sealed override bool Equals(object? obj) => Equals(obj as AbiType);

    public sealed override int GetHashCode() => CanonicalName.GetHashCode(StringComparison.Ordinal);

    public sealed override string ToString() => CanonicalName;
}

/// <summary><c>uint8</c> … <c>uint256</c>, <c>int8</c> … <c>int256</c>.</summary>
public sealed class AbiIntegerType : AbiType
{
    public AbiIntegerType(int bits, bool isSigned)
        : base((isSigned ? "int" : "uint") + bits, isDynamic: false, 32)
    {
        if (bits is < 8 or > 256 || bits % 8 != 0)
            throw new FormatException($"An integer of {bits} bits is not an ABI type.");

        Bits = bits;
        IsSigned = isSigned;
    }

    public int Bits { get; }

    public bool IsSigned { get; }
}

public sealed class AbiBoolType : AbiType
{
    internal AbiBoolType()
        : base("bool", isDynamic: false, 32)
    {
    }
}

public sealed class AbiAddressType : AbiType
{
    internal AbiAddressType()
        : base("address", isDynamic: false, 32)
    {
    }
}

/// <summary><c>bytes1</c> … <c>bytes32</c>, or <c>bytes</c> when <see cref="Length"/> is null.</summary>
public sealed class AbiBytesType : AbiType
{
    public AbiBytesType(int? length)
        : base("bytes" + length, isDynamic: length is null, 32)
    {
        if (length is < 1 or > 32)
            throw new FormatException($"bytes{length} is not an ABI type.");

        Length = length;
    }

    public int? Length { get; }
}

public sealed class AbiStringType : AbiType
{
    internal AbiStringType()
        : base("string", isDynamic: true, 32)
    {
    }
}

/// <summary><c>T[k]</c>, or <c>T[]</c> when <see cref="Length"/> is null.</summary>
public sealed class AbiArrayType : AbiType
{
    public AbiArrayType(AbiType element, int? length)
        : base($"{element.CanonicalName}[{length}]", length is null || element.IsDynamic, HeadSizeOf(element, length))
    {
        Element = element;
        Length = length;
    }

    public AbiType Element { get; }

    public int? Length { get; }

    private static long HeadSizeOf(AbiType element, int? length)
    {
        if (length < 0)
            throw new FormatException("An array has no negative length.");

        return length is null || element.IsDynamic ? 32 : (long)element.HeadSize * length.Value;
    }
}

/// <summary>A tuple; Solidity's structs are tuples whose components have names.</summary>
public sealed class AbiTupleType : AbiType
{
    public AbiTupleType(IReadOnlyList<AbiParameter> components)
        : base(
            "(" + string.Join(',', components.Select(c => c.Type.CanonicalName)) + ")",
            components.Any(c => c.Type.IsDynamic),
            components.Any(c => c.Type.IsDynamic) ? 32 : components.Sum(c => (long)c.Type.HeadSize))
    {
        Components = [.. components];
    }

    public IReadOnlyList<AbiParameter> Components { get; }
}
