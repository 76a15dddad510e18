using Commonhold.Exports.Csv;
using Commonhold.Exports.Tables.Cells;
using Commonhold.Exports.Tables.Definitions;
using Commonhold.Exports.Zip;

namespace Commonhold.Exports.Tables;

/// <summary>Reads the rows of one table of the cleaned form: exactly its columns, each value in plain form and within its constraints.</summary>
internal sealed class PackageRows
{
    private const string Hint = "Clean the export again with this version of the program.";
    private readonly CsvReader _reader;
    private readonly TableDefinition _table;
    private readonly FieldType[] _types;
    private readonly FieldCheck[] _checks;
    private readonly CellScratch _scratch;

    public PackageRows(CsvReader reader, TableDefinition table, FieldCheck[] checks, CellScratch scratch)
    {
        (_reader, _table, _checks, _scratch) = (reader, table, checks, scratch);
        _types = [.. table.Fields.Select(f => f.Type.Plain)];
        ReadHeader();
    }

    /// <summary>Fills the row with the next one of the file; false at its end.</summary>
    public bool Fill(RowBuffer row)
    {
        if (!_reader.Read())
            return false;
        if (_reader.FieldCount != _types.Length)
            throw new ExportRefusedException(
                _reader.FieldCount > _types.Length ? "export.row_too_wide" : "export.row_too_narrow",
                $"{_table.FileName}, row {_reader.RowNumber:N0} has {_reader.FieldCount} columns; its header has {_types.Length}.", Hint);
        row.Clear();
        for (var i = 0; i < _types.Length; i++)
        {
            var value = _reader.Value(i);
            var plain = default(PlainCell);
            if (!value.IsEmpty && !_types[i].TryPlain(value, _scratch, out plain))
                throw Fault(i, $"is not of the type {_types[i].Name}");

            // One value, one spelling: or the same row would have two keys.
            if (!plain.Text.SequenceEqual(value))
                throw Fault(i, "is not in plain form");
            if (_checks[i].Fault(plain) is { } fault)
                throw Fault(i, fault);
            row.Add(plain.Text, plain.Ticks);
        }

        return true;
    }

    private void ReadHeader()
    {
        if (!_reader.Read())
            throw new ExportRefusedException("export.header", $"{_table.FileName} has no header.", Hint);
        for (var i = 0; i < _reader.FieldCount; i++)
        {
            var column = _reader.Value(i);
            if (i < _table.Header.Count && column.SequenceEqual(_table.Header[i]))
                continue;
            if (_table.Header.Any(Holds(column.ToArray())))
                throw new ExportRefusedException("export.header", $"{_table.FileName} has the column {ZipFormat.Show(column)} twice or in another place.", Hint);
            throw new ExportRefusedException(
                "export.not_cleaned", $"{_table.FileName} has the column {ZipFormat.Show(column)}, which this schema does not have.",
                "Contribute with `commonhold contribute`: it leaves out what is private.");
        }

        if (_reader.FieldCount < _table.Header.Count)
            throw new ExportRefusedException(
                "export.header", $"{_table.FileName} lacks the column {ZipFormat.Show(_table.Header[_reader.FieldCount])}.", Hint);
    }

    private static Func<byte[], bool> Holds(byte[] column) => name => name.AsSpan().SequenceEqual(column);

    private ExportRefusedException Fault(int field, string fault) =>
        RowFault.Field(_table.FileName, _reader.RowNumber, _table.Fields[field].Name, fault, isCleaned: true);
}
