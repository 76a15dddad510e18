using Commonhold.Exports.Csv;

namespace Commonhold.Exports.Reddit;

/// <summary>Writes the kept columns of rows, each field as it stood in the original.</summary>
internal sealed class RowCopier(Stream output)
{
    private readonly byte[] _buffer = new byte[32 << 10];
    private int _length;

    public void Write(CsvReader reader, int[] columns)
    {
        for (var i = 0; i < columns.Length; i++)
        {
            if (i > 0)
                Put(","u8);
            var field = reader.Raw(columns[i]);

            // A row of one empty field would be an empty line.
            Put(field.IsEmpty && columns.Length == 1 ? "\"\""u8 : field);
        }

        Put("\r\n"u8);
    }

    public void Flush()
    {
        output.Write(_buffer, 0, _length);
        _length = 0;
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
