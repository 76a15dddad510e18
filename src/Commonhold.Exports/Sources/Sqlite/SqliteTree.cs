namespace Commonhold.Exports.Sources.Sqlite;

/// <summary>One table's b-tree (file format §1.6): a walk over all rows in the order of their rowids, and the way to a single one.</summary>
/// <remarks>Every offset is held to its page and every page number to the file. A walk sees a page once, so cycles and chains that are
/// shared end in a refusal; rowids must grow, so a cell is seen once. A look-up goes down a bounded number of levels.</remarks>
internal sealed class SqliteTree(SqlitePages pages, uint root, SourceLimits limits)
{
    private const byte Interior = 5;
    private const byte Leaf = 13;
    private const int MaxLevels = 24;

    private readonly int _usable = pages.Header.Usable;
    private readonly Level[] _levels = new Level[MaxLevels];
    private ulong[]? _seen;
    private int _depth;
    private long _lastRowId;
    private bool _hasRow;
    private long _followed;

    /// <summary>Reads the next row of the walk into <paramref name="row"/>; false after the last.</summary>
    public bool Next(SqliteRow row)
    {
        if (_seen is null)
        {
            _seen = new ulong[(pages.Header.Pages / 64) + 1];
            Enter(root);
        }

        while (_depth > 0)
        {
            ref var level = ref _levels[_depth - 1];
            var page = new SqlitePage(pages, level.Page);
            if (page.Kind == Leaf)
            {
                if (level.At < page.Cells)
                {
                    ReadRow(page, level.At++, row, isWalk: true);
                    if (_hasRow && row.RowId <= _lastRowId)
                        throw SqliteRefusal.Damaged(pages.Name, "has rows out of order");
                    (_hasRow, _lastRowId) = (true, row.RowId);
                    return true;
                }
            }
            else if (level.At <= page.Cells)
            {
                Enter(page.Child(level.At++));
                continue;
            }

            _depth--;
        }

        return false;
    }

    /// <summary>Reads the row of this rowid; false when the table has none.</summary>
    public bool Find(long rowId, SqliteRow row)
    {
        var number = root;
        for (var depth = 0; depth < MaxLevels; depth++)
        {
            var page = new SqlitePage(pages, number);
            int low = 0, high = page.Cells;
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (page.RowId(middle) < rowId)
                    low = middle + 1;
                else
                    high = middle;
            }

            if (page.Kind == Interior)
            {
                number = page.Child(low);
                continue;
            }

            if (low == page.Cells || page.RowId(low) != rowId)
                return false;
            ReadRow(page, low, row, isWalk: false);
            return true;
        }

        throw SqliteRefusal.Damaged(pages.Name, "has a table with more levels than a file can hold");
    }

    private void Enter(uint number)
    {
        if (_depth == MaxLevels)
            throw SqliteRefusal.Damaged(pages.Name, "has a table with more levels than a file can hold");
        See(number);
        _ = new SqlitePage(pages, number);
        _levels[_depth++] = new Level { Page = number };
    }

    private void See(uint number)
    {
        if (number > pages.Header.Pages)
            throw SqliteRefusal.Damaged(pages.Name, $"points at page {number:N0} of {pages.Header.Pages:N0}");
        ref var word = ref _seen![number / 64];
        var bit = 1UL << (int)(number % 64);
        if ((word & bit) != 0)
            throw SqliteRefusal.Damaged(pages.Name, $"comes to page {number:N0} twice");
        word |= bit;
    }

    private void ReadRow(SqlitePage page, int cell, SqliteRow row, bool isWalk)
    {
        var bytes = page.Cell(cell);
        var header = SqliteNumber.ReadVarint(bytes, out var size);
        var rowIdBytes = SqliteNumber.ReadVarint(bytes[header..], out var rowId);
        if (header == 0 || rowIdBytes == 0 || size < 0)
            throw SqliteRefusal.Damaged(pages.Name, $"has a cell without a beginning on page {page.Number:N0}");
        if (size > limits.MaxRecordBytes)
            throw SourceRefusal.TooLong(pages.Name, limits.MaxRecordBytes);

        // A walk is bounded by the file; a long row that very many others point at is not.
        _followed += isWalk ? 0 : size;
        if (_followed > limits.MaxFileBytes)
            throw SourceRefusal.TooLarge(pages.Name, limits.MaxFileBytes);
        bytes = bytes[(header + rowIdBytes)..];
        var local = LocalBytes((int)size);
        if (bytes.Length < local + (local < size ? 4 : 0))
            throw SqliteRefusal.Damaged(pages.Name, $"has a cell that leaves page {page.Number:N0}");
        var target = row.Start(rowId, (int)size);
        bytes[..local].CopyTo(target);
        if (local < size)
            ReadOverflow(SqliteNumber.U32(bytes, local), target[local..], isWalk);
        row.Parse(pages.Name);
    }

    // §1.6: how much of a payload stays in its cell.
    private int LocalBytes(int size)
    {
        var most = _usable - 35;
        if (size <= most)
            return size;
        var least = ((_usable - 12) * 32 / 255) - 23;
        var fitting = least + ((size - least) % (_usable - 4));
        return fitting <= most ? fitting : least;
    }

    // The length is known beforehand, so a chain that bites its tail ends; in a walk it is found.
    private void ReadOverflow(uint number, Span<byte> target, bool isWalk)
    {
        while (target.Length > 0)
        {
            if (isWalk)
                See(number);
            var page = pages[number];
            var part = Math.Min(target.Length, _usable - 4);
            page.Slice(4, part).CopyTo(target);
            target = target[part..];
            number = SqliteNumber.U32(page, 0);
        }

        if (number != 0)
            throw SqliteRefusal.Damaged(pages.Name, "has a row that goes on behind its end");
    }

    private struct Level
    {
        public uint Page;
        public int At;
    }
}

/// <summary>A page of a table's b-tree.</summary>
internal readonly ref struct SqlitePage
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly string _name;
    private readonly int _pointers;

    public SqlitePage(SqlitePages pages, uint number)
    {
        Number = number;
        _name = pages.Name;
        _bytes = pages[number];
        var header = number == 1 ? SqliteHeader.Bytes : 0;
        Kind = _bytes[header];
        if (Kind is not (5 or 13))
            throw SqliteRefusal.Damaged(_name, $"has something else than a table on page {number:N0}");
        _pointers = header + (Kind == 5 ? 12 : 8);
        Cells = SqliteNumber.U16(_bytes, header + 3);
        if (_pointers + (2 * Cells) > _bytes.Length)
            throw SqliteRefusal.Damaged(_name, $"has more cells than fit on page {number:N0}");
    }

    public uint Number { get; }

    public byte Kind { get; }

    public int Cells { get; }

    /// <summary>The bytes from a cell's first to the page's last.</summary>
    public ReadOnlySpan<byte> Cell(int index)
    {
        var at = SqliteNumber.U16(_bytes, _pointers + (2 * index));
        if (at < _pointers + (2 * Cells) || at > _bytes.Length - 4)
            throw SqliteRefusal.Damaged(_name, $"has a cell outside of page {Number:N0}");
        return _bytes[at..];
    }

    /// <summary>The child left of a cell, or the last one.</summary>
    public uint Child(int index) =>
        index < Cells ? SqliteNumber.U32(Cell(index), 0) : SqliteNumber.U32(_bytes, _pointers - 4);

    public long RowId(int index)
    {
        var cell = Cell(index);
        var at = Kind == 5 ? 4 : SqliteNumber.ReadVarint(cell, out _);
        if (at == 0 || SqliteNumber.ReadVarint(cell[at..], out var rowId) == 0)
            throw SqliteRefusal.Damaged(_name, $"has a cell without a beginning on page {Number:N0}");
        return rowId;
    }
}
