using System.Buffers;
using System.Numerics;
using System.Runtime.Intrinsics;
using System.Text.Unicode;

namespace Commonhold.Exports.Csv;

/// <summary>Streaming RFC 4180 over UTF-8 bytes: one row in memory at a time, no string per field.</summary>
/// <remarks>
/// The delimiter is a comma unless another is named. A byte-order mark is skipped; CRLF and LF end rows; empty lines are skipped. Refused with their own codes: UTF-16, bytes that
/// are not UTF-8, NUL, a quote inside an unquoted field or text after a closing one, a carriage return alone, too many columns
/// (counted while the row is still arriving), a field or row that is too long. Holds at most <see cref="ExportLimits.MaxRowBytes"/>.
/// </remarks>
internal sealed class CsvReader(ExportLimits limits, byte delimiter = (byte)',') : IDisposable
{
    private const int FirstBufferBytes = 64 << 10;
    private const int NotMarked = -64;

    private readonly Field[] _fields = new Field[limits.MaxColumns];
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBufferBytes);
    private byte[] _unescaped = [];
    private int _unescapedLength;
    private ICsvSource _source = NoSource.Instance;
    private bool _ended;
    private int _row;
    private int _at;
    private int _end;
    private int _marked = NotMarked;
    private ulong _marks;
    private bool _isText;

    /// <summary>Fields of the row that was read last.</summary>
    public int FieldCount { get; private set; }

    /// <summary>Number of that row; the header is row 1.</summary>
    public long RowNumber { get; private set; }

    /// <summary>The bytes of the row without its line end.</summary>
    public ReadOnlySpan<byte> RawRow => _buffer.AsSpan(_row, _fields[FieldCount - 1].End);

    /// <summary>Starts on another file; buffers are kept.</summary>
    public void Reset(ICsvSource source)
    {
        (_source, _ended, _row, _at, _end, FieldCount, RowNumber, _isText) = (source, false, 0, 0, 0, 0, 0, true);
        while (_end < 4 && Fill())
        {
        }

        RefuseOtherFormats();
        if (_buffer.AsSpan(0, _end).StartsWith("\uFEFF"u8))
            _at = 3;
    }

    /// <summary>Reads the next row that is not an empty line; false at the end of the file.</summary>
    public bool Read()
    {
        do
        {
            _row = _at;
            FieldCount = 0;
            _unescapedLength = 0;
            if (_at == _end && !Fill())
                return false;
            RowNumber++;
            while (ReadField())
            {
            }
        }
        while (FieldCount == 1 && _fields[0].End == 0);

        if (!_isText && !Utf8.IsValid(RawRow))
            throw Refuse("export.encoding", "is not UTF-8");
        return true;
    }

    /// <summary>A field as it stands in the file, quotes included.</summary>
    public ReadOnlySpan<byte> Raw(int index)
    {
        ref readonly var field = ref _fields[index];
        return _buffer.AsSpan(_row + field.Start, field.End - field.Start);
    }

    /// <summary>A field's value. Valid until the next <see cref="Read"/>.</summary>
    public ReadOnlySpan<byte> Value(int index)
    {
        var field = _fields[index];
        return field.Form switch
        {
            Form.Plain => _buffer.AsSpan(_row + field.Start, field.End - field.Start),
            Form.Quoted => _buffer.AsSpan(_row + field.Start + 1, field.End - field.Start - 2),
            _ => Unescape(_buffer.AsSpan(_row + field.Start + 1, field.End - field.Start - 2)),
        };
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
        _buffer = [];
        _unescaped.AsSpan().Clear();
    }

    // Reads one field and what ends it; true when the row goes on.
    private bool ReadField()
    {
        if (FieldCount == _fields.Length)
            throw Refuse("export.row_too_wide", $"has more than {_fields.Length} columns");
        var start = _at - _row;
        var form = Form.Plain;
        if ((_at < _end || Fill()) && _buffer[_at] == '"')
            form = ReadQuoted(start);
        else
            ReadPlain(start);

        CheckFieldLength(start);
        _fields[FieldCount++] = new Field(start, _at - _row, form);
        if (_at == _end && !Fill())
            return false;

        var next = _buffer[_at++];
        if (next == delimiter)
            return true;
        if (next == '\n')
            return false;
        if (next == '\r')
        {
            if ((_at < _end || Fill()) && _buffer[_at] == '\n')
            {
                _at++;
                return false;
            }

            throw Refuse("export.line_ending", "has a carriage return without a line feed");
        }

        throw Refuse("export.quote", "has text after a closing quote");
    }

    private void ReadPlain(int start)
    {
        while (true)
        {
            if (SkipToMark())
            {
                if (_buffer[_at] == '"')
                    throw Refuse("export.quote", "has a quote inside a field that is not quoted");
                return;
            }

            CheckFieldLength(start);
            if (!Fill())
                return;
        }
    }

    // Moves to the next comma, quote or line end that is held, or to the end of what is held. Fields are short: one look at
    // 64 bytes serves several.
    private bool SkipToMark()
    {
        while (_at < _end)
        {
            if ((uint)(_at - _marked) >= 64)
                (_marked, _marks) = (_at, Marks(_buffer.AsSpan(_at, Math.Min(64, _end - _at))));
            var ahead = _marks >> (_at - _marked);
            if (ahead != 0)
            {
                _at += BitOperations.TrailingZeroCount(ahead);
                return true;
            }

            _at = Math.Min(_marked + 64, _end);
        }

        return false;
    }

    // A bit for each structural byte, the first byte lowest.
    private ulong Marks(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 64)
        {
            Span<byte> padded = stackalloc byte[64];
            bytes.CopyTo(padded);
            return Marks(padded);
        }

        var block = Vector512.Create(bytes);
        var marks = Vector512.Equals(block, Vector512.Create(delimiter)) | Vector512.Equals(block, Vector512.Create((byte)'"'))
            | Vector512.Equals(block, Vector512.Create((byte)'\n')) | Vector512.Equals(block, Vector512.Create((byte)'\r'));
        return marks.ExtractMostSignificantBits();
    }

    private Form ReadQuoted(int start)
    {
        var form = Form.Quoted;
        _at++;
        while (true)
        {
            var found = _buffer.AsSpan(_at, _end - _at).IndexOf((byte)'"');
            if (found < 0)
            {
                _at = _end;
                CheckFieldLength(start);
                if (!Fill())
                    throw Refuse("export.quote", "has a quote that is never closed");
                continue;
            }

            _at += found + 1;
            if ((_at < _end || Fill()) && _buffer[_at] == '"')
            {
                form = Form.Escaped;
                _at++;
                continue;
            }

            return form;
        }
    }

    private void CheckFieldLength(int start)
    {
        if (_at - _row - start > limits.MaxFieldBytes)
            throw Refuse("export.field_too_long", $"has a field of more than {limits.MaxFieldBytes:N0} bytes");
    }

    // Brings more of the file behind what is held; keeps the bytes of the row that is being read. False at the end.
    private bool Fill()
    {
        if (_ended)
            return false;
        _marked = NotMarked;
        if (_row > 0)
        {
            _buffer.AsSpan(_row, _end - _row).CopyTo(_buffer);
            (_at, _end, _row) = (_at - _row, _end - _row, 0);
            _isText = _isText || Utf8.IsValid(_buffer.AsSpan(0, _end));
        }

        if (_end == _buffer.Length)
            Grow();
        var room = _buffer.AsSpan(_end);
        var read = _source.Read(room);
        _ended = read == 0;
        var hasNul = room[..read].Contains((byte)0);

        // One look at all that came is cheaper than one at each row. Where it fails, perhaps only because a character is cut at
        // the end, rows are looked at one by one.
        _isText &= Utf8.IsValid(room[..read]);
        _end += read;
        if (hasNul)
        {
            // UTF-16 and archives hold NUL bytes too, and have better names.
            if (RowNumber == 0)
                RefuseOtherFormats();
            throw Refuse("export.nul_byte", "has a NUL byte");
        }

        return !_ended;
    }

    private void RefuseOtherFormats()
    {
        var head = _buffer.AsSpan(0, _end);
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            throw Refuse("export.utf16", "is UTF-16; an export is UTF-8");
        if (head.StartsWith("PK\x03\x04"u8))
            throw Refuse("export.nested_archive", "is an archive inside the archive");
    }

    private void Grow()
    {
        if (_buffer.Length >= limits.MaxRowBytes)
            throw Refuse("export.row_too_long", $"has more than {limits.MaxRowBytes:N0} bytes");
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, _end).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
        _buffer = larger;
    }

    private ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> quoted)
    {
        // Sized for the whole row at once, so that spans given out earlier stay where they are.
        if (_unescapedLength == 0 && _unescaped.Length < RawRow.Length * 2)
            _unescaped = new byte[RawRow.Length * 2];
        if (_unescapedLength + quoted.Length > _unescaped.Length)
            _unescapedLength = 0;
        var target = _unescaped.AsSpan(_unescapedLength);
        var length = 0;
        while (quoted.IndexOf((byte)'"') is >= 0 and var at)
        {
            quoted[..(at + 1)].CopyTo(target[length..]);
            length += at + 1;
            quoted = quoted[(at + 2)..];
        }

        quoted.CopyTo(target[length..]);
        length += quoted.Length;
        _unescapedLength += length;
        return target[..length];
    }

    private ExportRefusedException Refuse(string code, string what) => new(
        code,
        $"{_source.Name}, row {Math.Max(RowNumber, 1):N0} {what}.",
        "Pass the export as you received it; spreadsheets change files when they save them.");

    private enum Form : byte
    {
        Plain,
        Quoted,
        Escaped,
    }

    private readonly record struct Field(int Start, int End, Form Form);

    private sealed class NoSource : ICsvSource
    {
        public static NoSource Instance { get; } = new();

        public string Name => "";

        public int Read(Span<byte> buffer) => 0;
    }
}
