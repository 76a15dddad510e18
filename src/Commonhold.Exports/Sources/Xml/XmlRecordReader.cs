using System.Buffers;
using System.Text.Unicode;
using System.Xml;

namespace Commonhold.Exports.Sources.Xml;

/// <summary>Streams elements of an XML document of any size, with their attributes, one held at a time.</summary>
/// <remarks>
/// A DTD is passed over unread: nothing is declared, so no entity but the five of XML can be named and none expands; nothing outside
/// the document is fetched. UTF-8 whatever the declaration says. Refused: what is not well-formed, and what is longer,
/// deeper, or has more different names than the limits. A path is <c>HealthData/Record</c>, from the root; elements deeper
/// down are not meant by it. See <see cref="XmlFields"/> for fields.
/// </remarks>
internal sealed class XmlRecordReader : IRecordReader
{
    private readonly string _name;
    private readonly SourceLimits _limits;
    private readonly MeteredText _text;
    private readonly XmlReader _xml;
    private readonly XmlFields[] _selections;
    private readonly int[] _matched;
    private readonly (bool IsThere, int Start, int Length)[] _values;
    private char[] _chars = new char[1024];
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(4096);
    private int _length;
    private bool _ended;

    public XmlRecordReader(Stream stream, string name, RecordSelection selection, SourceLimits? limits = null)
        : this(stream, name, [selection], limits)
    {
    }

    public XmlRecordReader(Stream stream, string name, IReadOnlyList<RecordSelection> selections, SourceLimits? limits = null)
    {
        _name = name;
        _limits = limits ?? SourceLimits.Default;
        var names = new BoundedNameTable(name, _limits);
        _selections = [.. selections.Select(s => new XmlFields(s, names))];
        _matched = new int[_selections.Length];
        _values = new (bool, int, int)[selections.Max(s => s.Fields.Count)];
        _text = new MeteredText(stream, name, _limits);
        _xml = XmlReader.Create(_text, new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Ignore,
            XmlResolver = null,
            MaxCharactersInDocument = _limits.MaxFileBytes + _limits.MaxRecordBytes,
            MaxCharactersFromEntities = 1,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            IgnoreWhitespace = true,
            ConformanceLevel = ConformanceLevel.Document,
            NameTable = names,
        });
    }

    public long Number { get; private set; }

    public int Selection { get; private set; }

    public IReadOnlyCollection<string> OtherFields => _selections[Selection].OtherFields;

    public bool Read()
    {
        Array.Clear(_values);
        _length = 0;
        try
        {
            while (!_ended && Next(endsPiece: true))
            {
                if (_xml.NodeType == XmlNodeType.Element && Enters() is { } selection)
                {
                    Selection = Array.IndexOf(_selections, selection);
                    ReadRecord(selection);
                    if (++Number > _limits.MaxRecords)
                        throw SourceRefusal.TooMany(_name, _limits.MaxRecords);
                    return true;
                }
            }
        }
        catch (XmlException broken)
        {
            throw new ExportRefusedException(
                "export.xml", $"{_name} is not well-formed XML: line {broken.LineNumber:N0}, column {broken.LinePosition:N0}.", SourceRefusal.Hint);
        }

        _ended = true;
        return false;
    }

    public bool TryGet(int field, out SourceValue value)
    {
        var (isThere, start, length) = _values[field];
        value = isThere ? SourceValue.Text(_bytes.AsSpan(start, length)) : default;
        return isThere;
    }

    public void Dispose()
    {
        _xml.Dispose();
        _text.Dispose();
        _chars.AsSpan().Clear();
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes, clearArray: true);
        _bytes = [];
        _ended = true;
    }

    private bool Next(bool endsPiece)
    {
        if (endsPiece)
            _text.Mark();
        if (!_xml.Read())
            return false;
        if (_xml.Depth >= _limits.MaxDepth)
            throw new ExportRefusedException("export.too_deep", $"{_name} holds elements more than {_limits.MaxDepth} levels deep.", SourceRefusal.Hint);
        return true;
    }

    // Follows the paths into the element that was just reached; the selection whose records it is one of.
    private XmlFields? Enters()
    {
        XmlFields? found = null;
        var depth = _xml.Depth;
        for (var i = 0; i < _selections.Length; i++)
        {
            var path = _selections[i].Path;
            _matched[i] = Math.Min(_matched[i], depth);
            if (_matched[i] != depth || depth >= path.Count || !ReferenceEquals(path[depth], _xml.Name))
                continue;
            _matched[i]++;
            if (_matched[i] == path.Count)
                found ??= _selections[i];
        }

        return found;
    }

    private void ReadRecord(XmlFields fields)
    {
        var depth = _xml.Depth;
        var isEmpty = _xml.IsEmptyElement;
        while (_xml.MoveToNextAttribute())
        {
            var slot = fields.Slot(_xml.Name);
            if (slot >= 0)
                Keep(slot);
        }

        // Without fields in children the element's end is found by the pass that looks for the next record.
        if (isEmpty || fields.Children.Count == 0)
            return;
        while (Next(endsPiece: false) && _xml.Depth > depth)
        {
            if (_xml.NodeType == XmlNodeType.Element && _xml.Depth == depth + 1)
                ReadChild(fields);
        }
    }

    private void ReadChild(XmlFields fields)
    {
        for (var i = 0; i < fields.Children.Count; i++)
        {
            var child = fields.Children[i];
            if (!ReferenceEquals(child.Element, _xml.Name) || _values[child.Slot].IsThere)
                continue;
            if ((child.Key is null || Has(child.Key, child.KeyValue)) && _xml.MoveToAttribute(child.Attribute))
                Keep(child.Slot);
            _xml.MoveToElement();
        }
    }

    private bool Has(string attribute, string value) =>
        _xml.MoveToAttribute(attribute) && _chars.AsSpan(0, Take()).SequenceEqual(value);

    // The value goes from the reader's buffer to ours without becoming a string.
    private void Keep(int slot)
    {
        var count = Take();
        var room = _length + (count * 3);
        if (room > _bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(room);
            _bytes.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes, clearArray: true);
            _bytes = larger;
        }

        Utf8.FromUtf16(_chars.AsSpan(0, count), _bytes.AsSpan(_length), out _, out var written);
        _values[slot] = (true, _length, written);
        _length += written;
    }

    private int Take()
    {
        var count = 0;
        for (int read; (read = _xml.ReadValueChunk(_chars, count, _chars.Length - count)) > 0;)
        {
            count += read;
            if (count == _chars.Length)
                Array.Resize(ref _chars, _chars.Length * 2);
        }

        return count;
    }
}
