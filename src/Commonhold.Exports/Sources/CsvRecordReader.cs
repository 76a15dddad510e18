using System.Text;
using Commonhold.Exports.Csv;
using Commonhold.Exports.Zip;

namespace Commonhold.Exports.Sources;

/// <summary>Records of a CSV file: the first row names the columns, in any order.</summary>
internal sealed class CsvRecordReader : IRecordReader
{
    private readonly CsvReader _reader;
    private readonly string _name;
    private readonly int _columns;
    private readonly int[] _at;
    private readonly List<string> _others = [];

    public CsvRecordReader(
        Stream content, string name, RecordSelection selection, ExportLimits limits, byte delimiter = (byte)',')
    {
        _name = name;
        _reader = new CsvReader(limits, delimiter);
        _reader.Reset(new StreamCsvSource(name, content));
        _at = new int[selection.Fields.Count];
        Array.Fill(_at, -1);
        if (!_reader.Read())
            return;
        _columns = _reader.FieldCount;
        for (var column = 0; column < _columns; column++)
        {
            var title = Encoding.UTF8.GetString(_reader.Value(column));
            var field = IndexOf(selection.Fields, title);
            if (field < 0)
                _others.Add(title);
            else if (_at[field] >= 0)
                throw new ExportRefusedException(
                    "export.header", $"{_name} names the column {ZipFormat.Show(_reader.Value(column))} twice.", "Pass the export as you received it.");
            else
                _at[field] = column;
        }
    }

    /// <summary>The row's number; the header is row 1.</summary>
    public long Number => _reader.RowNumber;

    public int Selection => 0;

    public IReadOnlyCollection<string> OtherFields => _others;

    /// <summary>Whether the header names the field.</summary>
    public bool HasColumn(int field) => _at[field] >= 0;

    public bool Read()
    {
        if (!_reader.Read())
            return false;
        if (_reader.FieldCount != _columns)
            throw new ExportRefusedException(
                _reader.FieldCount > _columns ? "export.row_too_wide" : "export.row_too_narrow",
                $"{_name}, row {_reader.RowNumber:N0} has {_reader.FieldCount} columns; its header has {_columns}.",
                "Pass the export as you received it.");
        return true;
    }

    public bool TryGet(int field, out SourceValue value)
    {
        var at = _at[field];
        value = at >= 0 ? SourceValue.Text(_reader.Value(at)) : default;
        return at >= 0;
    }

    public void Dispose() => _reader.Dispose();

    private static int IndexOf(IReadOnlyList<string> fields, string name)
    {
        for (var i = 0; i < fields.Count; i++)
        {
            if (string.Equals(fields[i], name, StringComparison.Ordinal))
                return i;
        }

        return -1;
    }
}
