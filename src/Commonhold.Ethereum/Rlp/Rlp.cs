using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;

namespace Commonhold.Ethereum;

/// <summary>Recursive Length Prefix (Yellow Paper, appendix B): encoding, and strict canonical decoding.</summary>
/// <remarks>What decodes, encodes to the same bytes again. Depth is bounded, so hostile nesting cannot exhaust the stack,
/// and memory is linear in the input.</remarks>
public static class Rlp
{
    public const int MaxDepth = 64;

    public static byte[] Encode(RlpItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        var output = new ArrayBufferWriter<byte>();
        Write(item, output);
        return output.WrittenSpan.ToArray();
    }

    /// <exception cref="RlpException">The bytes are not one canonical item, or are nested deeper than <see cref="MaxDepth"/>.</exception>
    public static RlpItem Decode(ReadOnlyMemory<byte> data)
    {
        RlpItem item = Read(ref data, 0);
        return data.IsEmpty ? item : throw new RlpException($"{data.Length} bytes follow the item.");
    }

    private static void Write(RlpItem item, ArrayBufferWriter<byte> output)
    {
        if (item.IsList)
        {
            var payload = new ArrayBufferWriter<byte>();
            foreach (RlpItem child in item.AsList())
                Write(child, payload);
            WritePrefix(0xc0, payload.WrittenCount, output);
            output.Write(payload.WrittenSpan);
            return;
        }

        ReadOnlySpan<byte> bytes = item.AsBytes().Span;
        if (bytes is not [< 0x80])
            WritePrefix(0x80, bytes.Length, output);
        output.Write(bytes);
    }

    private static void WritePrefix(byte offset, int length, ArrayBufferWriter<byte> output)
    {
        if (length < 56)
        {
            output.Write([(byte)(offset + length)]);
            return;
        }

        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, length);
        bytes = bytes[(BitOperations.LeadingZeroCount((uint)length) / 8)..];
        output.Write([(byte)(offset + 55 + bytes.Length)]);
        output.Write(bytes);
    }

    private static RlpItem Read(ref ReadOnlyMemory<byte> data, int depth)
    {
        if (depth > MaxDepth)
            throw new RlpException($"Lists are nested deeper than {MaxDepth}.");
        if (data.IsEmpty)
            throw new RlpException("The data end where an item should start.");

        byte prefix = data.Span[0];
        if (prefix < 0x80)
            return RlpItem.Bytes(Take(ref data, 1));

        bool isList = prefix >= 0xc0;
        int shortLength = prefix - (isList ? 0xc0 : 0x80);
        data = data[1..];
        ReadOnlyMemory<byte> payload = Take(ref data, shortLength < 56 ? shortLength : ReadLength(ref data, shortLength - 55));

        if (!isList)
        {
            return payload.Length == 1 && payload.Span[0] < 0x80
                ? throw new RlpException("A single byte below 0x80 must stand for itself.")
                : RlpItem.Bytes(payload);
        }

        var items = new List<RlpItem>();
        while (!payload.IsEmpty)
            items.Add(Read(ref payload, depth + 1));
        return RlpItem.List([.. items]);
    }

    private static int ReadLength(ref ReadOnlyMemory<byte> data, int lengthOfLength)
    {
        ReadOnlySpan<byte> bytes = Take(ref data, lengthOfLength).Span;
        if (bytes[0] == 0)
            throw new RlpException("A length with leading zeros.");
        if (bytes.Length > 4)
            throw new RlpException("A length beyond the data.");

        uint length = 0;
        foreach (byte b in bytes)
            length = (length << 8) | b;
        return length < 56 ? throw new RlpException("A short length in the long form.")
            : length > int.MaxValue ? throw new RlpException("A length beyond the data.")
            : (int)length;
    }

    private static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> data, int count)
    {
        if (count > data.Length)
            throw new RlpException($"An item of {count} bytes, where {data.Length} are left.");

        ReadOnlyMemory<byte> taken = data[..count];
        data = data[count..];
        return taken;
    }
}
