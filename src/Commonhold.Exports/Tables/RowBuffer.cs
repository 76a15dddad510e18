using Commonhold.Exports.Tables.Definitions;

namespace Commonhold.Exports.Tables;

/// <summary>One row of a table in plain form, whichever way it came: values behind one another, empty for none.</summary>
internal sealed class RowBuffer
{
    private readonly int[] _ends;
    private readonly long[] _ticks;
    private byte[] _bytes = new byte[4096];

    public RowBuffer(TableDefinition table)
    {
        Table = table;
        _ends = new int[table.Fields.Count];
        _ticks = new long[table.Fields.Count];
    }

    public TableDefinition Table { get; }

    /// <summary>Fields that were added so far.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of all values.</summary>
    public int Length => Count == 0 ? 0 : _ends[Count - 1];

    public ReadOnlySpan<byte> this[int field]
    {
        get
        {
            var start = field == 0 ? 0 : _ends[field - 1];
            return _bytes.AsSpan(start, _ends[field] - start);
        }
    }

    /// <summary>Of dates and times; 0 for none.</summary>
    public long Ticks(int field) => _ticks[field];

    public void Clear() => Count = 0;

    public void Add(ReadOnlySpan<byte> value, long ticks)
    {
        var start = Length;
        if (start + value.Length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, start + value.Length));
        value.CopyTo(_bytes.AsSpan(start));
        _ends[Count] = start + value.Length;
        _ticks[Count++] = ticks;
    }
}
