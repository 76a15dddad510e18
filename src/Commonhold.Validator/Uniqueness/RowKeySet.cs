using System.Runtime.InteropServices;

namespace Commonhold.Validator.Uniqueness;

/// <summary>A set of row keys as one sorted array: eight bytes a row, and set operations in one walk.</summary>
internal sealed class RowKeySet
{
    private readonly ulong[] _keys;

    private RowKeySet(ulong[] sorted) => _keys = sorted;

    public static RowKeySet Empty { get; } = new([]);

    public int Count => _keys.Length;

    public ReadOnlySpan<ulong> Keys => _keys;

    /// <summary>Sorts the keys and drops those that stand twice.</summary>
    public static RowKeySet From(ReadOnlySpan<ulong> keys)
    {
        var sorted = keys.ToArray();
        Array.Sort(sorted);
        var count = 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            if (count == 0 || sorted[count - 1] != sorted[i])
                sorted[count++] = sorted[i];
        }

        return new RowKeySet(sorted[..count]);
    }

    public bool Contains(ulong key) => Array.BinarySearch(_keys, key) >= 0;

    public RowKeySet Union(RowKeySet other) => From([.. _keys, .. other._keys]);

    public RowKeySet Except(RowKeySet other) => new(Array.FindAll(_keys, k => !other.Contains(k)));

    /// <summary>How many keys both have.</summary>
    public int CountShared(RowKeySet other)
    {
        int shared = 0, i = 0, j = 0;
        while (i < _keys.Length && j < other._keys.Length)
        {
            if (_keys[i] == other._keys[j])
                (shared, i, j) = (shared + 1, i + 1, j + 1);
            else if (_keys[i] < other._keys[j])
                i++;
            else
                j++;
        }

        return shared;
    }

    /// <summary>The keys in order, eight little-endian bytes each.</summary>
    public byte[] ToBytes() => BitConverter.IsLittleEndian
        ? MemoryMarshal.AsBytes(_keys.AsSpan()).ToArray()
        : throw new PlatformNotSupportedException("Row keys are stored little-endian.");

    public static RowKeySet FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length % 8 == 0
        ? From(MemoryMarshal.Cast<byte, ulong>(bytes))
        : throw new ArgumentException("Row keys are eight bytes each.", nameof(bytes));
}
