namespace Commonhold.Exports.Sources.Sqlite;

/// <summary>Streams the rows of one table of an SQLite database, with values of rows in other tables that they point at.</summary>
/// <remarks>
/// Our own reader of the file format (sqlite.org/fileformat2.html), in managed code over any seekable stream: a hostile file meets
/// bounds checks and not a C library, and its plaintext needs no file on disk. It reads tables with rowids and nothing else: no index,
/// no freed page, no query. The selection's path is the table; a field is a column (<c>visit_time</c>) or a column of the row
/// whose rowid a column holds (<c>urls[url].title</c>). A column or other table that is not there gives no value; the table itself must be.
/// What stands only in a write-ahead log (<c>-wal</c>) beside the file is not read; <see cref="Note"/> says so.
/// </remarks>
internal sealed class SqliteRecordReader : IRecordReader
{
    private readonly Stream _stream;
    private readonly string _name;
    private readonly RecordSelection _selection;
    private readonly SourceLimits _limits;
    private readonly List<Join> _joins = [];
    private readonly Field[] _fields;
    private SqlitePages? _pages;
    private SqliteTree? _tree;
    private SqliteRow? _row;
    private string[] _others = [];

    public SqliteRecordReader(Stream stream, string name, RecordSelection selection, SourceLimits? limits = null)
    {
        if (!stream.CanSeek)
            throw new ArgumentException("A database is read at many places: its stream must be seekable.", nameof(stream));
        (_stream, _name, _selection, _limits) = (stream, name, selection, limits ?? SourceLimits.Default);
        _fields = [.. selection.Fields.Select(Parse)];
    }

    public long Number { get; private set; }

    public int Selection => 0;

    public IReadOnlyCollection<string> OtherFields => _others;

    public string? Note => _pages is { Header.HasWriteAheadLog: true }
        ? $"what its program wrote last may still stand in {_name}-wal, which is not read: close the program before you copy the file"
        : null;

    public bool Read()
    {
        if (_tree is null)
            Open();
        foreach (var join in _joins)
            join.State = JoinState.Unknown;
        if (!_tree!.Next(_row!))
            return false;
        if (++Number > _limits.MaxRecords)
            throw SourceRefusal.TooMany(_name, _limits.MaxRecords);
        return true;
    }

    public bool TryGet(int field, out SourceValue value)
    {
        value = default;
        ref readonly var wanted = ref _fields[field];
        if (wanted.Join is not { } join)
            return wanted.Column?.TryGet(_row!, out value) ?? false;
        if (wanted.Column is null)
            return false;
        if (join.State == JoinState.Unknown)
            join.State = Follow(join) ? JoinState.Found : JoinState.Missing;
        return join.State == JoinState.Found && wanted.Column.TryGet(join.Row!, out value);
    }

    public void Dispose()
    {
        _pages?.Dispose();
        _tree = null;
        _row = null;
    }

    private bool Follow(Join join)
    {
        if (join.Tree is null || join.By is null || !join.By.TryGet(_row!, out var rowId) || rowId.Kind != SourceKind.Integer)
            return false;

        // Rows that follow each other often point at the same one.
        return (join.HasRow && join.Row!.RowId == rowId.Integer) || (join.HasRow = join.Tree.Find(rowId.Integer, join.Row!));
    }

    private void Open()
    {
        _pages = new SqlitePages(_stream, _name);
        string[] wanted = [_selection.Path, .. _joins.Select(j => j.Table)];
        var tables = SqliteTable.Find(_pages, wanted, _limits);
        if (!tables.TryGetValue(_selection.Path, out var table))
            throw SqliteRefusal.Schema(_name, $"has no table {_selection.Path}");
        _row = new SqliteRow(_pages.Header.Encoding);
        _tree = new SqliteTree(_pages, table.Root, _limits);
        foreach (var join in _joins)
        {
            if (!tables.TryGetValue(join.Table, out join.Definition))
                continue;
            join.By = table.Column(join.Column);
            join.Tree = new SqliteTree(_pages, join.Definition.Root, _limits);
            join.Row = new SqliteRow(_pages.Header.Encoding);
        }

        for (var i = 0; i < _fields.Length; i++)
            _fields[i].Column = (_fields[i].Join is { } join ? join.Definition : table)?.Column(_fields[i].Name);
        _others = [.. table.Columns.Select(c => c.Name).Where(n => !_fields.Any(f =>
            (f.Join?.Column ?? f.Name).Equals(n, StringComparison.OrdinalIgnoreCase)))];
    }

    // urls[url].title
    private Field Parse(string field)
    {
        var open = field.IndexOf('[', StringComparison.Ordinal);
        var close = field.IndexOf("].", StringComparison.Ordinal);
        if (open < 0)
            return new Field { Name = field };
        if (open == 0 || close < open + 2 || close + 2 == field.Length)
            throw new ArgumentException($"'{field}' is no path of this language.");
        var (table, column) = (field[..open], field[(open + 1)..close]);
        var join = _joins.Find(j => j.Table == table && j.Column == column);
        if (join is null)
            _joins.Add(join = new Join(table, column));
        return new Field { Name = field[(close + 2)..], Join = join };
    }

    private enum JoinState : byte
    {
        Unknown,
        Found,
        Missing,
    }

    private struct Field
    {
        public string Name;
        public Join? Join;
        public SqliteColumn? Column;
    }

    private sealed class Join(string table, string column)
    {
        public string Table => table;

        public string Column => column;

        public SqliteTable? Definition;
        public SqliteColumn? By;
        public SqliteTree? Tree;
        public SqliteRow? Row;
        public JoinState State;
        public bool HasRow;
    }
}
