using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using Commonhold.Exports.Sources.Json;

namespace Commonhold.Exports.Sources;

/// <summary>Records of a JSON Lines file: an object a line. With the path <c>$</c>, dots in fields lead into objects. Empty lines are passed over; a byte-order mark is skipped.</summary>
internal sealed class JsonLineRecordReader(Stream content, string name, RecordSelection selection, SourceLimits limits) : IRecordReader
{
    private const int FirstBufferBytes = 64 << 10;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64 };

    private readonly JsonWalker _walker = new(
        (selection.Path == "$" ? new JsonPlan(selection) : new JsonPlan(selection.Fields)).Document, selection.Fields.Count, limits, name);

    private readonly JsonValues _values = new(selection.Fields.Count);
    private ReadOnlyMemory<byte> _line;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBufferBytes);
    private int _at;
    private int _end;
    private bool _ended;

    /// <summary>The line's number.</summary>
    public long Number { get; private set; }

    public int Selection => 0;

    public IReadOnlyCollection<string> OtherFields => _walker.OtherFields;

    public bool TryGet(int field, out SourceValue value) => _values.TryGet(_walker, field, _line.Span, _line.Length, out value);

    public bool Read()
    {
        while (NextLine(out var line))
        {
            Number++;
            if (Number == 1 && line.Span.StartsWith("\uFEFF"u8))
                line = line[3..];
            if (line.Span.Trim(" \t\r"u8).IsEmpty)
                continue;
            if (!Utf8.IsValid(line.Span))
                throw Refuse("export.encoding", "is not UTF-8");
            Walk(line);
            return true;
        }

        return false;
    }

    public void Dispose()
    {
        _values.Clear();
        ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
        _buffer = [];
    }

    private void Walk(ReadOnlyMemory<byte> line)
    {
        _line = line[..^(line.Length - line.Span.TrimEnd(" \t\r"u8).Length)];
        _line = _line[(_line.Length - _line.Span.TrimStart(" \t"u8).Length)..];
        _walker.Restart();
        _values.Next();
        var reader = new Utf8JsonReader(_line.Span, Options);
        try
        {
            while (reader.Read())
                _walker.Take(ref reader, (int)reader.TokenStartIndex, (int)reader.BytesConsumed);
        }
        catch (JsonException)
        {
            throw Refuse("export.json_invalid", "is not one JSON object");
        }

        if (_line.Span[0] != '{')
            throw Refuse("export.json_invalid", "is not one JSON object");
    }

    private bool NextLine(out ReadOnlyMemory<byte> line)
    {
        var searched = _at;
        while (true)
        {
            var found = _buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n');
            if (found >= 0 || _ended)
            {
                var stop = found >= 0 ? searched + found : _end;
                line = _buffer.AsMemory(_at, stop - _at);
                var isLine = found >= 0 || stop > _at;
                _at = found >= 0 ? stop + 1 : stop;
                return isLine;
            }

            var held = _end - _at;
            Fill();
            searched = _at + held;
        }
    }

    private void Fill()
    {
        var held = _end - _at;
        if (held > limits.MaxRecordBytes)
            throw new ExportRefusedException(
                "export.row_too_long",
                $"{name}, line {Number + 1:N0} has more than {limits.MaxRecordBytes:N0} bytes.",
                "Pass the export as you received it.");
        if (held == _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(_at, held).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
            _buffer = larger;
        }
        else
        {
            _buffer.AsSpan(_at, held).CopyTo(_buffer);
        }

        (_at, _end) = (0, held);
        var read = content.Read(_buffer.AsSpan(_end));
        _ended = read == 0;
        _end += read;
    }

    private ExportRefusedException Refuse(string code, string what) => new(
        code, $"{name}, line {Number:N0} {what}.", "Pass the export as you received it.");
}
