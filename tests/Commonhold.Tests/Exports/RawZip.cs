using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Commonhold.Tests.Exports;

/// <summary>One entry of a hand-made archive, honest unless told otherwise.</summary>
internal sealed record RawEntry(string Name, byte[] Content)
{
    public ushort Method { get; init; } = 8;

    public ushort Flags { get; init; }

    public uint Attributes { get; init; } = 0x8180u << 16;

    public string? LocalName { get; init; }

    public uint? DeclaredSize { get; init; }

    public uint? DeclaredCrc { get; init; }

    public byte[] CentralExtra { get; init; } = [];

    public long? HeaderOffset { get; init; }

    public ushort Disk { get; init; }
}

/// <summary>Writes archives byte by byte, right or wrong as the test wants them.</summary>
internal static class RawZip
{
    public static byte[] Write(IReadOnlyList<RawEntry> entries, byte[]? before = null, byte[]? gap = null, byte[]? comment = null, int? count = null)
    {
        var output = new MemoryStream();
        output.Write(before ?? []);
        var central = new MemoryStream();
        foreach (var entry in entries)
        {
            var offset = entry.HeaderOffset ?? output.Position;
            var data = entry.Method == 8 ? Deflate(entry.Content) : entry.Content;
            var crc = entry.DeclaredCrc ?? Crc(entry.Content);
            var size = entry.DeclaredSize ?? (uint)entry.Content.Length;
            if (entry.HeaderOffset is null)
            {
                var localName = Encoding.Latin1.GetBytes(entry.LocalName ?? entry.Name);
                Put(output, 0x04034b50u, (ushort)20, entry.Flags, entry.Method, (ushort)0, (ushort)33, crc, (uint)data.Length, size,
                    (ushort)localName.Length, (ushort)0);
                output.Write(localName);
                output.Write(data);
            }

            var name = Encoding.Latin1.GetBytes(entry.Name);
            Put(central, 0x02014b50u, (ushort)(20 | (3 << 8)), (ushort)20, entry.Flags, entry.Method, (ushort)0, (ushort)33, crc,
                (uint)data.Length, size, (ushort)name.Length, (ushort)entry.CentralExtra.Length, (ushort)0, entry.Disk, (ushort)0,
                entry.Attributes, (uint)offset);
            central.Write(name);
            central.Write(entry.CentralExtra);
        }

        output.Write(gap ?? []);
        var start = (uint)output.Position;
        central.WriteTo(output);
        var total = (ushort)(count ?? entries.Count);
        Put(output, 0x06054b50u, (ushort)0, (ushort)0, total, total, (uint)central.Length, start, (ushort)(comment?.Length ?? 0));
        output.Write(comment ?? []);
        return output.ToArray();
    }

    public static byte[] Deflate(byte[] content)
    {
        var output = new MemoryStream();
        using (var deflate = new DeflateStream(output, CompressionLevel.Optimal))
            deflate.Write(content);
        return output.ToArray();
    }

    private static uint Crc(byte[] content)
    {
        // The plain bit by bit form, as another opinion on the table-driven one under test.
        var crc = uint.MaxValue;
        foreach (var b in content)
        {
            crc ^= b;
            for (var i = 0; i < 8; i++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        return ~crc;
    }

    private static void Put(MemoryStream output, params object[] numbers)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (var number in numbers)
        {
            if (number is uint wide)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(bytes, wide);
                output.Write(bytes);
            }
            else
            {
                BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)number);
                output.Write(bytes[..2]);
            }
        }
    }
}
