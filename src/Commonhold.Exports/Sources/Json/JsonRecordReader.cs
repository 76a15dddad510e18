using System.Text.Json;

namespace Commonhold.Exports.Sources.Json;

/// <summary>Streams the records out of a JSON document of any size, one held at a time.</summary>
/// <remarks>
/// The document is read once, by .NET's own <see cref="Utf8JsonReader"/>, and to its end: what follows the last record is held to
/// the grammar too. Refused: anything but strict JSON in UTF-8, a name that stands twice in an object that is looked into, and what is longer,
/// deeper or more than the limits. See <see cref="JsonPlan"/> for paths.
/// </remarks>
internal sealed class JsonRecordReader : IRecordReader
{
    private readonly string _name;
    private readonly JsonForm _form;
    private readonly SourceLimits _limits;
    private readonly JsonPlan _plan;
    private readonly JsonBuffer _buffer;
    private readonly JsonWalker _walker;
    private readonly JsonWalker _inner;
    private readonly JsonReaderOptions _options;
    private readonly bool[] _isOuter;
    private readonly int _maxHeld;
    private readonly JsonValues _values;
    private JsonReaderState _state;
    private int _unit;
    private int _record;
    private int _nextInner;
    private bool _started;
    private bool _ended;

    public JsonRecordReader(Stream stream, string name, RecordSelection selection, JsonForm form = JsonForm.Plain, SourceLimits? limits = null)
    {
        _name = name;
        _form = form;
        _limits = limits ?? SourceLimits.Default;
        _plan = new JsonPlan(selection);
        _buffer = new JsonBuffer(stream, name, _limits);
        _walker = new JsonWalker(_plan.Document, selection.Fields.Count, _limits, name);
        _inner = new JsonWalker(_plan.Record, selection.Fields.Count, _limits, name);
        _isOuter = [.. selection.Fields.Select(f => f.StartsWith('^') || !_plan.HasContainer)];
        _maxHeld = _plan.HasContainer ? _limits.MaxContainerBytes : _limits.MaxRecordBytes;
        _values = new JsonValues(selection.Fields.Count);

        // The walker counts levels and has the better message; the reader's own bound is behind it.
        _options = new JsonReaderOptions { MaxDepth = _limits.MaxDepth + 1 };
        _state = new JsonReaderState(_options);
    }

    public long Number { get; private set; }

    public int Selection => 0;

    public IReadOnlyCollection<string> OtherFields => (_plan.HasContainer ? _inner : _walker).OtherFields;

    public bool Read()
    {
        _values.Next();
        while (true)
        {
            if (_plan.HasContainer && _nextInner < _walker.Inner.Count)
            {
                ReadInner(_walker.Inner[_nextInner++]);
                return Counted();
            }

            if (!ReadUnit())
                return false;
            if (!_plan.HasContainer)
            {
                _record = _unit;
                return Counted();
            }
        }
    }

    public bool TryGet(int field, out SourceValue value)
    {
        var (walker, start) = _isOuter[field] ? (_walker, _unit) : (_inner, _record);
        return _values.TryGet(walker, field, _buffer.Slice(start, _buffer.At - start), _buffer.At - _unit, out value);
    }

    public void Dispose()
    {
        _buffer.Dispose();
        _values.Clear();
        _ended = true;
    }

    private bool Counted()
    {
        if (++Number > _limits.MaxRecords)
            throw SourceRefusal.TooMany(_name, _limits.MaxRecords);
        return true;
    }

    // Goes on to the end of the next unit; false at the end of the document.
    private bool ReadUnit()
    {
        if (_ended)
            return false;
        if (!_started)
            Start();
        _walker.UnitIsOver();
        _walker.NextUnit();
        _nextInner = 0;
        while (!_walker.IsDone)
        {
            var held = _buffer.Rest;
            var origin = _buffer.At;
            var reader = new Utf8JsonReader(held, _buffer.IsLast, _state);
            var unitEnded = false;
            try
            {
                while (!unitEnded && !_walker.IsDone && reader.Read())
                    unitEnded = _walker.Take(ref reader, origin + (int)reader.TokenStartIndex, origin + (int)reader.BytesConsumed);
            }
            catch (JsonException broken)
            {
                throw NotJson(broken);
            }

            _buffer.At = origin + (int)reader.BytesConsumed;
            _state = reader.CurrentState;
            if (unitEnded)
            {
                _unit = _walker.UnitStart;
                if (_buffer.At - _unit > _maxHeld)
                    throw SourceRefusal.TooLong(_name, _maxHeld);
                return true;
            }

            if (!_walker.IsDone)
                Fill();
        }

        End();
        return false;
    }

    private void Fill()
    {
        var keep = _walker.UnitStart >= 0 ? _walker.UnitStart : _buffer.At;
        _walker.Moved(_buffer.Fill(keep, _maxHeld));
    }

    private void ReadInner((int Start, int Length) span)
    {
        _record = _unit + span.Start;
        if (span.Length > _limits.MaxRecordBytes)
            throw SourceRefusal.TooLong(_name, _limits.MaxRecordBytes);
        _inner.Restart();
        var reader = new Utf8JsonReader(_buffer.Slice(_record, span.Length), _options);
        while (!_inner.IsDone && reader.Read())
            _inner.Take(ref reader, (int)reader.TokenStartIndex, (int)reader.BytesConsumed);
    }

    private void Start()
    {
        _started = true;
        _buffer.Fill(0, _maxHeld);
        if (_buffer.Rest.StartsWith("\uFEFF"u8))
            _buffer.At += 3;
        if (_form == JsonForm.Plain)
            return;
        if (!JsonAssignment.TryParse(_buffer.Rest, out var length, out _))
        {
            throw new ExportRefusedException(
                "export.json_invalid", $"{_name} does not begin with an assignment such as window.YTD.tweets.part0 =.", SourceRefusal.Hint);
        }

        _buffer.At += length;
    }

    // Behind the document there may be space, and a semicolon where it is a script.
    private void End()
    {
        var semicolons = _form == JsonForm.Assignment ? 1 : 0;
        while (true)
        {
            foreach (var left in _buffer.Rest)
            {
                if (left is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') && (left != ';' || semicolons-- == 0))
                    throw new ExportRefusedException("export.json_invalid", $"{_name} goes on behind its JSON.", SourceRefusal.Hint);
            }

            _buffer.At = _buffer.End;
            if (_buffer.IsLast)
                break;
            _buffer.Fill(_buffer.At, _maxHeld);
        }

        _ended = true;
    }

    private ExportRefusedException NotJson(JsonException broken)
    {
        var head = _buffer.Slice(0, Math.Min(_buffer.End, 4));
        return head.StartsWith("PK\x03\x04"u8)
            ? new ExportRefusedException("export.nested_archive", $"{_name} is an archive.", "Pass the inner archive itself.")
            : new ExportRefusedException(
                "export.json_invalid", $"{_name} is not JSON: line {(broken.LineNumber ?? 0) + 1:N0}, byte {broken.BytePositionInLine ?? 0:N0}.", SourceRefusal.Hint);
    }
}
