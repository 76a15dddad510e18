using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Commonhold.Validator.Uniqueness.Owners;

/// <summary>Writes an <see cref="OwnerSegment"/>: complete and on the disk under its name, or not there at all.</summary>
internal sealed class OwnerSegmentWriter : IDisposable
{
    private const int Buffered = OwnerPage.MaxKeys;
    private readonly string _path;
    private readonly string _temporary;
    private readonly FileStream _file;
    private readonly int _accountBits;
    private readonly uint _highestAccount;
    private readonly List<ulong> _firstKeys = [];
    private readonly ulong[] _keys = new ulong[2 * Buffered];
    private readonly uint[] _accounts = new uint[2 * Buffered];
    private readonly byte[] _page = new byte[OwnerPage.BufferBytes];
    private int _start;
    private int _end;
    private int _guess = 256;
    private long _count;
    private ulong _last;

    public OwnerSegmentWriter(string path, uint highestAccount)
    {
        (_path, _temporary, _highestAccount) = (path, path + ".part", highestAccount);
        _accountBits = 32 - BitOperations.LeadingZeroCount(highestAccount);
        _file = new FileStream(_temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 18);
        _file.Write(new byte[OwnerPage.Bytes]);
    }

    /// <summary>Adds a key above all before it.</summary>
    public void Add(ulong key, uint account)
    {
        if ((_count > 0 && key <= _last) || account == 0 || account > _highestAccount)
            throw new ArgumentException("Keys rise, and accounts lie between 1 and the highest.", nameof(key));
        if (_end == _keys.Length)
            MakeRoom();
        (_keys[_end], _accounts[_end++]) = (key, account);
        (_last, _count) = (key, _count + 1);
    }

    /// <summary>Writes what is left, waits for the disk and gives the file its name.</summary>
    public OwnerSegment Finish()
    {
        while (_end > _start)
            WritePage();
        var firstKeys = MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_firstKeys));
        Span<byte> number = stackalloc byte[4];
        _file.Write(firstKeys);
        BinaryPrimitives.WriteUInt32LittleEndian(number, OwnerSegment.Checksum(firstKeys));
        _file.Write(number);

        Span<byte> header = stackalloc byte[32];
        BinaryPrimitives.WriteUInt64LittleEndian(header, OwnerSegment.Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], OwnerSegment.Version);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], _firstKeys.Count);
        BinaryPrimitives.WriteInt64LittleEndian(header[16..], _count);
        BinaryPrimitives.WriteUInt32LittleEndian(header[24..], _highestAccount);
        BinaryPrimitives.WriteUInt32LittleEndian(header[28..], OwnerSegment.Checksum(header[..28]));
        _file.Position = 0;
        _file.Write(header);
        _file.Flush(flushToDisk: true);
        _file.Dispose();
        File.Move(_temporary, _path, overwrite: true);
        Disk.FlushDirectory(Path.GetDirectoryName(_path)!);
        return OwnerSegment.Open(_path);
    }

    /// <summary>Closes the file; one that was not finished is taken away.</summary>
    public void Dispose()
    {
        _file.Dispose();
        File.Delete(_temporary);
    }

    private void MakeRoom()
    {
        while (_end - _start > Buffered)
            WritePage();
        _keys.AsSpan(_start, _end - _start).CopyTo(_keys);
        _accounts.AsSpan(_start, _end - _start).CopyTo(_accounts);
        (_start, _end) = (0, _end - _start);
    }

    private void WritePage()
    {
        var keys = _keys.AsSpan(_start, _end - _start);
        _guess = OwnerPage.CountThatFits(keys, _accountBits, _guess);
        OwnerPage.Write(_page, keys[.._guess], _accounts.AsSpan(_start, _guess), _accountBits);
        _firstKeys.Add(keys[0]);
        _file.Write(_page.AsSpan(0, OwnerPage.Bytes));
        _start += _guess;
    }
}
