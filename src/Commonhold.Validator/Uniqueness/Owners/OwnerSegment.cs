using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Commonhold.Validator.Uniqueness.Owners;

/// <summary>A file of keys in rising order, each with its account; written once and never changed.</summary>
/// <remarks>In memory is one number for each page of 4 KiB (1.6 MB for 10⁸ keys); a lookup reads one page. Each page is held to its
/// checksum when it is read: a broken disk is an error and not an answer.
/// <code>page 0: "CHOWNERS" ‖ u32 version=1 ‖ u32 pages ‖ u64 keys ‖ u32 highest account ‖ u32 CRC-32C; then the pages;
/// then the first key of each page, u64; then u32 CRC-32C of those</code></remarks>
internal sealed class OwnerSegment : IDisposable
{
    public const string Extension = ".owners";
    internal const ulong Magic = 0x5352454E574F4843;
    internal const uint Version = 1;
    private const int PagesAtOnce = 64;
    private readonly SafeFileHandle _file;
    private readonly ulong[] _firstKeys;
    private readonly byte[] _page = new byte[OwnerPage.BufferBytes];
    private int _pageInBuffer = -1;

    private OwnerSegment(string path, SafeFileHandle file, ulong[] firstKeys, long count, uint highestAccount) =>
        (Path, _file, _firstKeys, Count, HighestAccount) = (path, file, firstKeys, count, highestAccount);

    public string Path { get; }

    public long Count { get; }

    public uint HighestAccount { get; }

    public long Bytes => RandomAccess.GetLength(_file);

    public static OwnerSegment Open(string path)
    {
        var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.RandomAccess);
        try
        {
            Span<byte> header = stackalloc byte[32];
            ReadWhole(file, header, 0, path);
            if (BinaryPrimitives.ReadUInt64LittleEndian(header) != Magic || BinaryPrimitives.ReadUInt32LittleEndian(header[8..]) != Version
                || BinaryPrimitives.ReadUInt32LittleEndian(header[28..]) != Checksum(header[..28]))
                throw Broken(path, "its header is not one");
            var pages = BinaryPrimitives.ReadUInt32LittleEndian(header[12..]);
            var end = OwnerPage.Bytes * (1L + pages);
            if (RandomAccess.GetLength(file) != end + (8L * pages) + 4)
                throw Broken(path, "it is cut");
            var firstKeys = new ulong[pages];
            Span<byte> checksum = stackalloc byte[4];
            ReadWhole(file, MemoryMarshal.AsBytes(firstKeys.AsSpan()), end, path);
            ReadWhole(file, checksum, end + (8L * pages), path);
            if (BinaryPrimitives.ReadUInt32LittleEndian(checksum) != Checksum(MemoryMarshal.AsBytes(firstKeys.AsSpan())))
                throw Broken(path, "its list of pages has another checksum");
            return new OwnerSegment(
                path, file, firstKeys, BinaryPrimitives.ReadInt64LittleEndian(header[16..]), BinaryPrimitives.ReadUInt32LittleEndian(header[24..]));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Looks up the rising keys that have no account yet. One thread at a time.</summary>
    /// <param name="accounts">Of each key, 0 where none is known; filled in where this file knows one.</param>
    public void Find(ReadOnlySpan<ulong> keys, Span<uint> accounts)
    {
        var page = 0;
        for (var i = 0; i < keys.Length; i++)
        {
            if (accounts[i] != 0 || _firstKeys.Length == 0 || keys[i] < _firstKeys[0])
                continue;
            page = PageOf(keys[i], page);
            if (_pageInBuffer != page)
            {
                _pageInBuffer = -1;
                Load(page, _page.AsSpan(0, OwnerPage.Bytes));
                _pageInBuffer = page;
            }

            accounts[i] = OwnerPage.Find(_page, keys[i]);
        }
    }

    /// <summary>All keys in order, a page at a time; has its own buffers, so it can run beside lookups.</summary>
    public IEnumerable<(ulong[] Keys, uint[] Accounts, int Count)> ReadPages()
    {
        var bytes = new byte[(OwnerPage.Bytes * PagesAtOnce) + 16];
        var keys = new ulong[OwnerPage.MaxKeys];
        var accounts = new uint[OwnerPage.MaxKeys];
        for (var page = 0; page < _firstKeys.Length; page += PagesAtOnce)
        {
            var pages = Math.Min(PagesAtOnce, _firstKeys.Length - page);
            ReadWhole(_file, bytes.AsSpan(0, pages * OwnerPage.Bytes), OwnerPage.Bytes * (1L + page), Path);
            for (var i = 0; i < pages; i++)
            {
                if (!OwnerPage.IsIntact(bytes.AsSpan(i * OwnerPage.Bytes, OwnerPage.Bytes)))
                    throw Broken(Path, $"page {page + i} has another checksum");
                yield return (keys, accounts, OwnerPage.Read(bytes.AsSpan(i * OwnerPage.Bytes), keys, accounts));
            }
        }
    }

    public void Forget()
    {
        _pageInBuffer = -1;
        Disk.Forget(_file);
    }

    public void Dispose() => _file.Dispose();

    internal static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = 0u;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return crc;
    }

    private void Load(int page, Span<byte> buffer)
    {
        ReadWhole(_file, buffer, OwnerPage.Bytes * (1L + page), Path);
        if (!OwnerPage.IsIntact(buffer))
            throw Broken(Path, $"page {page} has another checksum");
    }

    // The last page whose first key is not above the key. Keys come in order, so the search goes up from the page before.
    private int PageOf(ulong key, int from)
    {
        var step = 1;
        var low = from;
        while (low + step < _firstKeys.Length && _firstKeys[low + step] <= key)
        {
            low += step;
            step <<= 1;
        }

        var high = Math.Min(low + step, _firstKeys.Length);
        while (high - low > 1)
        {
            var middle = (low + high) >>> 1;
            if (_firstKeys[middle] <= key)
                low = middle;
            else
                high = middle;
        }

        return low;
    }

    private static void ReadWhole(SafeFileHandle file, Span<byte> buffer, long offset, string path)
    {
        while (!buffer.IsEmpty)
        {
            var read = RandomAccess.Read(file, buffer, offset);
            if (read == 0)
                throw Broken(path, "it is cut");
            buffer = buffer[read..];
            offset += read;
        }
    }

    private static InvalidDataException Broken(string path, string why) =>
        new($"The row index cannot be read: {System.IO.Path.GetFileName(path)}: {why}.");
}
