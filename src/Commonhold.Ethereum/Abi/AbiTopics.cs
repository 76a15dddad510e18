namespace Commonhold.Ethereum;

/// <summary>Topics of indexed event parameters.</summary>
internal static class AbiTopics
{
    public static bool FitsTopic(AbiType type) => type is AbiIntegerType or AbiBoolType or AbiAddressType or AbiBytesType { Length: not null };

    /// <summary>The value itself, or the digest of its in-place encoding.</summary>
    // Solidity ABI specification, "Encoding of Indexed Event Parameters".
    public static Bytes32 Encode(AbiType type, AbiValue value)
    {
        if (FitsTopic(type))
            return Bytes32.FromSpan(AbiEncoder.Encode(type, value));

        var hasher = new IncrementalKeccak256();
        Append(type, value, hasher, isTopLevel: true);
        return hasher.Finish();
    }

    private static void Append(AbiType type, AbiValue value, IncrementalKeccak256 hasher, bool isTopLevel)
    {
        switch (type)
        {
            case AbiBytesType { Length: null }:
                AppendBytes(AbiEncoder.Expect<AbiBytes>(type, value).Value.Span, hasher, isTopLevel);
                break;
            case AbiStringType:
                AppendBytes(AbiEncoder.Expect<AbiText>(type, value).Utf8.Span, hasher, isTopLevel);
                break;
            case AbiArrayType array:
                foreach (AbiValue item in AbiEncoder.Items(array, value))
                    Append(array.Element, item, hasher, isTopLevel: false);
                break;
            case AbiTupleType tuple:
                IReadOnlyList<AbiValue> items = AbiEncoder.Items(tuple, value);
                for (int i = 0; i < items.Count; i++)
                    Append(tuple.Components[i].Type, items[i], hasher, isTopLevel: false);
                break;
            default:
                hasher.Append(AbiEncoder.Encode(type, value));
                break;
        }
    }

    private static void AppendBytes(ReadOnlySpan<byte> bytes, IncrementalKeccak256 hasher, bool isTopLevel)
    {
        hasher.Append(bytes);
        // Alone they are hashed bare; inside arrays and structs they are padded to words, without a length.
        if (!isTopLevel)
            hasher.Append(stackalloc byte[AbiEncoder.Padded(bytes.Length) - bytes.Length]);
    }
}
