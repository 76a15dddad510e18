using System.Buffers;

namespace Commonhold.Ethereum;

/// <summary>Solidity's non-standard packed mode, <c>abi.encodePacked</c>. There is no decoding: it is ambiguous.</summary>
public static class AbiPacked
{
    /// <exception cref="ArgumentException">A value does not fit its type, or the type cannot be packed (tuples and arrays
    /// of dynamic elements or of arrays of them, which Solidity refuses too).</exception>
    public static byte[] Encode(IReadOnlyList<AbiType> types, IReadOnlyList<AbiValue> values)
    {
        if (types.Count != values.Count)
            throw new ArgumentException($"{values.Count} values for {types.Count} types.");

        var output = new ArrayBufferWriter<byte>();
        for (int i = 0; i < types.Count; i++)
            Write(types[i], values[i], output);
        return output.WrittenSpan.ToArray();
    }

    private static void Write(AbiType type, AbiValue value, ArrayBufferWriter<byte> output)
    {
        switch (type)
        {
            case AbiIntegerType integer:
                output.Write(AbiEncoder.Encode(type, value).AsSpan(32 - (integer.Bits / 8)));
                break;
            case AbiBoolType:
                output.Write(AbiEncoder.Encode(type, value).AsSpan(31));
                break;
            case AbiAddressType:
                output.Write(AbiEncoder.Expect<AbiAddress>(type, value).Value.AsSpan());
                break;
            case AbiBytesType { Length: int length }:
                output.Write(AbiEncoder.FixedBytes(type, length, value));
                break;
            case AbiBytesType:
                output.Write(AbiEncoder.Expect<AbiBytes>(type, value).Value.Span);
                break;
            case AbiStringType:
                output.Write(AbiEncoder.Expect<AbiText>(type, value).Utf8.Span);
                break;
            case AbiArrayType { Element: AbiIntegerType or AbiBoolType or AbiAddressType or AbiBytesType { Length: not null } } array:
                // Elements of arrays keep their padding.
                foreach (AbiValue item in AbiEncoder.Items(array, value))
                    output.Write(AbiEncoder.Encode(array.Element, item));
                break;
            default:
                throw new ArgumentException($"{type} cannot be packed.");
        }
    }
}
