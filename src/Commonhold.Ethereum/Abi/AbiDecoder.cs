using System.Buffers.Binary;

namespace Commonhold.Ethereum;

/// <summary>Decodes what <c>abi.encode</c> produced, from sources that may lie.</summary>
/// <remarks>Every offset and length is checked against the data; no byte is read twice, so overlapping tails cannot multiply;
/// padding must be zero; list elements are counted against <see cref="MaxElements"/>, so elements of no size cannot either.
/// Time and memory are therefore linear in the data. Bytes that nothing points to are allowed, as Solidity allows them.</remarks>
public static class AbiDecoder
{
    /// <summary>Most list elements in one decoding, over all lists.</summary>
    public const int MaxElements = 1 << 22;

    /// <exception cref="AbiException">The data are not an encoding of the types.</exception>
    public static IReadOnlyList<AbiValue> Decode(IReadOnlyList<AbiType> types, ReadOnlySpan<byte> data)
    {
        ArgumentNullException.ThrowIfNull(types);
        var reader = new Reader(data.Length);
        return reader.ReadSequence(types.Count, i => types[i], data);
    }

    /// <inheritdoc cref="Decode(IReadOnlyList{AbiType}, ReadOnlySpan{byte})"/>
    public static AbiValue Decode(AbiType type, ReadOnlySpan<byte> data) => Decode([type], data)[0];

    private ref struct Reader(int unreadBytes)
    {
        private int _unreadBytes = unreadBytes;
        private int _unreadElements = MaxElements;

        public AbiValue[] ReadSequence(int count, Func<int, AbiType> typeAt, ReadOnlySpan<byte> data)
        {
            _unreadElements -= count;
            if (_unreadElements < 0)
                throw new AbiException($"More than {MaxElements} elements.");

            var values = new AbiValue[count];
            int head = 0;
            for (int i = 0; i < count; i++)
            {
                AbiType type = typeAt(i);
                values[i] = Read(type, type.IsDynamic ? data[Offset(data, head)..] : Slice(data, head, type.HeadSize));
                head += type.HeadSize;
            }

            return values;
        }

        private AbiValue Read(AbiType type, ReadOnlySpan<byte> data)
        {
            switch (type)
            {
                case AbiIntegerType integer:
                    return new AbiInteger(AbiWords.ReadInteger(integer, Take(data, 0, 32)));
                case AbiBoolType:
                    return new AbiBool(AbiWords.ReadBool(Take(data, 0, 32)));
                case AbiAddressType:
                    return new AbiAddress(AbiWords.ReadAddress(Take(data, 0, 32)));
                case AbiBytesType { Length: int length }:
                    return new AbiBytes(AbiWords.ReadFixedBytes(Take(data, 0, 32), length));
                case AbiBytesType:
                    return new AbiBytes(ReadBytes(data));
                case AbiStringType:
                    return new AbiText(ReadBytes(data));
                case AbiArrayType { Length: int length } array:
                    return new AbiList(ReadArray(array.Element, length, data));
                case AbiArrayType array:
                    return new AbiList(ReadArray(array.Element, ReadLength(Take(data, 0, 32)), data[32..]));
                case AbiTupleType tuple:
                    return new AbiList(ReadSequence(tuple.Components.Count, i => tuple.Components[i].Type, data));
                default:
                    throw new AbiException($"{type} cannot be decoded.");
            }
        }

        private AbiValue[] ReadArray(AbiType element, int length, ReadOnlySpan<byte> data)
        {
            // Checked before the array is allocated: a length is the cheapest lie.
            if ((long)element.HeadSize * length > data.Length)
                throw new AbiException($"An array of {length} elements in {data.Length} bytes.");

            return ReadSequence(length, _ => element, data);
        }

        private byte[] ReadBytes(ReadOnlySpan<byte> data)
        {
            int length = ReadLength(Take(data, 0, 32));
            if (length > data.Length - 32)
                throw new AbiException($"{length} bytes announced where {data.Length - 32} are left.");

            ReadOnlySpan<byte> padded = Take(data, 32, AbiEncoder.Padded(length));
            return AbiWords.IsZero(padded[length..]) ? padded[..length].ToArray() : throw new AbiException("Padding is not zero.");
        }

        private int Offset(ReadOnlySpan<byte> data, int head)
        {
            int offset = ReadLength(Take(data, head, 32));
            return offset <= data.Length ? offset : throw new AbiException($"An offset of {offset} in {data.Length} bytes.");
        }

        private ReadOnlySpan<byte> Take(ReadOnlySpan<byte> data, int start, int count)
        {
            _unreadBytes -= count;
            return _unreadBytes >= 0 ? Slice(data, start, count) : throw new AbiException("Tails overlap.");
        }

        private static ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> data, int start, int count) =>
            count <= data.Length - start
                ? data.Slice(start, count)
                : throw new AbiException($"{count} bytes expected at {start}, where {data.Length} are.");

        private static int ReadLength(ReadOnlySpan<byte> word)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(word[28..]);
            return length >= 0 && AbiWords.IsZero(word[..28]) && length <= int.MaxValue - 64
                ? length
                : throw new AbiException($"{Hex.Encode(word)} is no offset or length within the data.");
        }
    }
}
