using Commonhold.Exports.Tables.Definitions;

namespace Commonhold.Exports.Tables;

/// <summary>Writes a table of the cleaned form: RFC 4180, CRLF, quotes only where they are needed.</summary>
internal sealed class PlainCsvWriter(Stream output)
{
    private readonly byte[] _buffer = new byte[32 << 10];
    private int _length;

    public void WriteHeader(TableDefinition table)
    {
        for (var i = 0; i < table.Header.Count; i++)
            WriteField(table.Header[i], i, table.Header.Count);
        Put("\r\n"u8);
    }

    public void Write(RowBuffer row)
    {
        for (var i = 0; i < row.Count; i++)
            WriteField(row[i], i, row.Count);
        Put("\r\n"u8);
    }

    public void Flush()
    {
        output.Write(_buffer, 0, _length);
        _length = 0;
    }

    private void WriteField(ReadOnlySpan<byte> field, int place, int count)
    {
        if (place > 0)
            Put(","u8);

        // A row of one empty field would be an empty line.
        if (!field.ContainsAny(",\"\r\n"u8) && !(field.IsEmpty && count == 1))
        {
            Put(field);
            return;
        }

        Put("\""u8);
        while (field.IndexOf((byte)'"') is >= 0 and var at)
        {
            Put(field[..(at + 1)]);
            Put("\""u8);
            field = field[(at + 1)..];
        }

        Put(field);
        Put("\""u8);
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _buffer.Length - _length)
            Flush();
        if (bytes.Length > _buffer.Length)
        {
            output.Write(bytes);
            return;
        }

        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }
}
