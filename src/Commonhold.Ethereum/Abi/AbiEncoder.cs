using System.Buffers.Binary;

namespace Commonhold.Ethereum;

/// <summary>Encodes values as Solidity's <c>abi.encode</c> does.</summary>
public static class AbiEncoder
{
    /// <exception cref="ArgumentException">A value does not fit its type.</exception>
    public static byte[] Encode(IReadOnlyList<AbiType> types, IReadOnlyList<AbiValue> values)
    {
        byte[] output = new byte[SizeOf(types, values)];
        WriteSequence(types.Count, i => types[i], values, output);
        return output;
    }

    public static byte[] Encode(AbiType type, AbiValue value) => Encode([type], [value]);

    private static int SizeOf(IReadOnlyList<AbiType> types, IReadOnlyList<AbiValue> values)
    {
        if (types.Count != values.Count)
            throw new ArgumentException($"{values.Count} values for {types.Count} types.");

        long size = 0;
        for (int i = 0; i < types.Count; i++)
            size += types[i].HeadSize + (types[i].IsDynamic ? TailSize(types[i], values[i]) : 0);
        return checked((int)size);
    }

    private static long TailSize(AbiType type, AbiValue value)
    {
        switch (type)
        {
            case AbiBytesType:
                return 32 + Padded(Expect<AbiBytes>(type, value).Value.Length);
            case AbiStringType:
                return 32 + Padded(Expect<AbiText>(type, value).Utf8.Length);
            case AbiArrayType array:
                IReadOnlyList<AbiValue> items = Items(array, value);
                long size = (array.Length is null ? 32 : 0) + ((long)array.Element.HeadSize * items.Count);
                if (array.Element.IsDynamic)
                    size += items.Sum(item => TailSize(array.Element, item));
                return size;
            case AbiTupleType tuple:
                IReadOnlyList<AbiValue> parts = Items(tuple, value);
                return tuple.Components.Select(
                    (c, i) => c.Type.HeadSize + (c.Type.IsDynamic ? TailSize(c.Type, parts[i]) : 0)).Sum();
            default:
                throw new ArgumentException($"{type} has no tail.");
        }
    }

    /// <summary>Writes heads, then tails, and returns the bytes written.</summary>
    private static int WriteSequence(int count, Func<int, AbiType> typeAt, IReadOnlyList<AbiValue> values, Span<byte> output)
    {
        int tail = 0;
        for (int i = 0; i < count; i++)
            tail += typeAt(i).HeadSize;

        int head = 0;
        for (int i = 0; i < count; i++)
        {
            AbiType type = typeAt(i);
            if (type.IsDynamic)
            {
                WriteLength(tail, output.Slice(head, 32));
                tail += Write(type, values[i], output[tail..]);
            }
            else
            {
                Write(type, values[i], output.Slice(head, type.HeadSize));
            }

            head += type.HeadSize;
        }

        return tail;
    }

    private static int Write(AbiType type, AbiValue value, Span<byte> output)
    {
        switch (type)
        {
            case AbiIntegerType integer:
                AbiWords.WriteInteger(integer, Expect<AbiInteger>(type, value).Value, output[..32]);
                return 32;
            case AbiBoolType:
                output[31] = Expect<AbiBool>(type, value).Value ? (byte)1 : (byte)0;
                return 32;
            case AbiAddressType:
                Expect<AbiAddress>(type, value).Value.CopyTo(output[12..]);
                return 32;
            case AbiBytesType { Length: int length }:
                FixedBytes(type, length, value).CopyTo(output);
                return 32;
            case AbiBytesType:
                return WriteBytes(Expect<AbiBytes>(type, value).Value.Span, output);
            case AbiStringType:
                return WriteBytes(Expect<AbiText>(type, value).Utf8.Span, output);
            case AbiArrayType array:
                IReadOnlyList<AbiValue> items = Items(array, value);
                int prefix = array.Length is null ? 32 : 0;
                if (prefix > 0)
                    WriteLength(items.Count, output[..32]);
                return prefix + WriteSequence(items.Count, _ => array.Element, items, output[prefix..]);
            case AbiTupleType tuple:
                return WriteSequence(tuple.Components.Count, i => tuple.Components[i].Type, Items(tuple, value), output);
            default:
                throw new ArgumentException($"{type} cannot be encoded.");
        }
    }

    private static int WriteBytes(ReadOnlySpan<byte> bytes, Span<byte> output)
    {
        WriteLength(bytes.Length, output[..32]);
        bytes.CopyTo(output[32..]);
        return 32 + Padded(bytes.Length);
    }

    private static void WriteLength(int length, Span<byte> word) => BinaryPrimitives.WriteInt32BigEndian(word[28..], length);

    internal static int Padded(int length) => checked(length + 31) & ~31;

    internal static ReadOnlySpan<byte> FixedBytes(AbiType type, int length, AbiValue value)
    {
        ReadOnlyMemory<byte> bytes = Expect<AbiBytes>(type, value).Value;
        return bytes.Length == length ? bytes.Span : throw new ArgumentException($"{bytes.Length} bytes do not fit {type}.");
    }

    internal static IReadOnlyList<AbiValue> Items(AbiArrayType type, AbiValue value)
    {
        IReadOnlyList<AbiValue> items = Expect<AbiList>(type, value).Items;
        return type.Length is null || items.Count == type.Length
            ? items
            : throw new ArgumentException($"{items.Count} items for {type}.");
    }

    internal static IReadOnlyList<AbiValue> Items(AbiTupleType type, AbiValue value)
    {
        IReadOnlyList<AbiValue> items = Expect<AbiList>(type, value).Items;
        return items.Count == type.Components.Count ? items : throw new ArgumentException($"{items.Count} items for {type}.");
    }

    internal static T Expect<T>(AbiType type, AbiValue value)
        where T : AbiValue =>
        value as T ?? throw new ArgumentException($"{Hex.Shorten(value?.ToString())} is not a value of {type}.");
}
