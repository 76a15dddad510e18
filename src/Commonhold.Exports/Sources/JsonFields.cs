using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Commonhold.Exports.Sources;

/// <summary>Takes the wanted fields out of one JSON record that is held in memory; the rest is passed over.</summary>
internal sealed class JsonFields
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64 };

    private readonly Node _root = new();
    private readonly Value[] _values;
    private readonly OtherFieldSet _others = new();
    private ReadOnlyMemory<byte> _record;
    private byte[] _unescaped = [];
    private int _unescapedLength;

    /// <param name="arePaths">A dot in a field's name leads into an object; otherwise it is part of the name.</param>
    public JsonFields(IReadOnlyList<string> fields, bool arePaths)
    {
        _values = new Value[fields.Count];
        for (var i = 0; i < fields.Count; i++)
        {
            var node = _root;
            foreach (var part in arePaths ? fields[i].Split('.') : [fields[i]])
                node = node.AddChild(part);
            node.Field = i;
        }
    }

    public IReadOnlyCollection<string> OtherFields => _others.Names;

    public bool TryGet(int field, out SourceValue value)
    {
        var found = _values[field];
        var bytes = (found.IsUnescaped ? _unescaped.AsSpan() : _record.Span).Slice(found.Start, found.Length);
        value = found.Form switch
        {
            Form.Boolean => SourceValue.Boolean(bytes[0] == 't'),
            Form.Number => Number(bytes),
            Form.Text => SourceValue.Text(bytes),
            Form.Structure => SourceValue.Json(bytes),
            _ => SourceValue.Null,
        };
        return found.Form != Form.Missing;
    }

    /// <summary>Reads one record, which must be an object; throws <see cref="JsonException"/> when it is not JSON.</summary>
    /// <param name="record">Stays where it is until the next call.</param>
    public void Read(ReadOnlyMemory<byte> record)
    {
        _record = record;
        _unescapedLength = 0;
        if (_unescaped.Length < record.Length)
            _unescaped = new byte[Math.Max(record.Length, 4096)];
        Array.Clear(_values);
        var reader = new Utf8JsonReader(record.Span, Options);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("The record is not an object.");
        ReadObject(ref reader, _root);
        if (reader.Read())
            throw new JsonException("Something follows the record.");
    }

    private void ReadObject(ref Utf8JsonReader reader, Node node)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var child = node.Find(ref reader);
            if (child is null)
            {
                if (node == _root)
                    _others.Add(reader.ValueSpan);
                reader.Skip();
                continue;
            }

            reader.Read();
            if (child.Field >= 0)
                Keep(reader, child.Field);
            if (reader.TokenType == JsonTokenType.StartObject && child.HasChildren)
                ReadObject(ref reader, child);
            else
                reader.Skip();
        }
    }

    // The reader comes by value: it may be walked to the end of an object without moving the caller's.
    private void Keep(Utf8JsonReader reader, int field)
    {
        var start = (int)reader.TokenStartIndex;
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                _values[field] = new Value(Form.Null, 0, 0, false);
                break;
            case JsonTokenType.True or JsonTokenType.False:
                _values[field] = new Value(Form.Boolean, start, reader.ValueSpan.Length, false);
                break;
            case JsonTokenType.Number:
                _values[field] = new Value(Form.Number, start, reader.ValueSpan.Length, false);
                break;
            case JsonTokenType.String when reader.ValueIsEscaped:
                var length = reader.CopyString(_unescaped.AsSpan(_unescapedLength));
                if (_unescaped.AsSpan(_unescapedLength, length).Contains((byte)0))
                    throw new JsonException("A text has a NUL character.");
                _values[field] = new Value(Form.Text, _unescapedLength, length, true);
                _unescapedLength += length;
                break;
            case JsonTokenType.String:
                _values[field] = new Value(Form.Text, start + 1, reader.ValueSpan.Length, false);
                break;
            default:
                reader.Skip();
                _values[field] = new Value(Form.Structure, start, (int)reader.BytesConsumed - start, false);
                break;
        }
    }

    private static SourceValue Number(ReadOnlySpan<byte> literal)
    {
        if (Utf8Parser.TryParse(literal, out long integer, out var used) && used == literal.Length)
            return SourceValue.FromInteger(integer, literal);
        _ = Utf8Parser.TryParse(literal, out double real, out _);
        return SourceValue.FromReal(real, literal);
    }

    private enum Form : byte
    {
        Missing,
        Null,
        Boolean,
        Number,
        Text,
        Structure,
    }

    private readonly record struct Value(Form Form, int Start, int Length, bool IsUnescaped);

    private sealed class Node
    {
        private readonly List<(byte[] Name, Node Node)> _children = [];

        public int Field { get; set; } = -1;

        public bool HasChildren => _children.Count > 0;

        public Node AddChild(string name)
        {
            var utf8 = Encoding.UTF8.GetBytes(name);
            foreach (var (known, node) in _children)
            {
                if (known.AsSpan().SequenceEqual(utf8))
                    return node;
            }

            var added = new Node();
            _children.Add((utf8, added));
            return added;
        }

        public Node? Find(ref Utf8JsonReader reader)
        {
            foreach (var (name, node) in _children)
            {
                if (reader.ValueTextEquals(name))
                    return node;
            }

            return null;
        }
    }
}
