using System.Buffers.Text;

namespace Commonhold.Exports.Sources.Json;

/// <summary>Gives out the values that a walker found in a record, their escapes resolved once.</summary>
internal sealed class JsonValues(int fields)
{
    private readonly (int Start, int Length)[] _texts = new (int, int)[fields];
    private byte[] _unescaped = [];
    private int _length;

    /// <summary>Forgets the texts of the last record.</summary>
    public void Next()
    {
        Array.Clear(_texts);
        _length = 0;
    }

    /// <summary>A field; false where the record does not have it.</summary>
    /// <param name="unit">What the walker's places are counted from.</param>
    /// <param name="most">Bytes of all that the record's texts stand in.</param>
    public bool TryGet(JsonWalker walker, int field, ReadOnlySpan<byte> unit, int most, out SourceValue value)
    {
        ref readonly var found = ref walker[field];
        value = default;
        if (!found.IsThere)
            return false;
        var bytes = unit.Slice(found.Start, found.Length);
        value = found switch
        {
            { IsJoined: true } => SourceValue.Text(Joined(walker, field, unit, most)),
            { Kind: SourceKind.Text, IsEscaped: true } => SourceValue.Text(Unescaped(field, bytes, most)),
            { Kind: SourceKind.Text } => SourceValue.Text(bytes),
            { Kind: SourceKind.Real } => Number(bytes),
            { Kind: SourceKind.Boolean } => SourceValue.Boolean(found.Length == 4),
            { Kind: SourceKind.Structure } => SourceValue.Json(bytes),
            _ => SourceValue.Null,
        };
        return true;
    }

    public void Clear() => _unescaped.AsSpan().Clear();

    private ReadOnlySpan<byte> Unescaped(int field, ReadOnlySpan<byte> bytes, int most)
    {
        ref var text = ref _texts[field];
        if (text.Length == 0)
        {
            text = (_length, JsonText.Unescape(bytes, Room(bytes.Length, most)));
            _length += text.Length;
        }

        return _unescaped.AsSpan(text.Start, text.Length);
    }

    private ReadOnlySpan<byte> Joined(JsonWalker walker, int field, ReadOnlySpan<byte> unit, int most)
    {
        ref var text = ref _texts[field];
        if (text.Length > 0)
            return _unescaped.AsSpan(text.Start, text.Length);
        var start = _length;
        foreach (var part in walker.Joined)
        {
            if (part.Slot != field)
                continue;
            var room = Room(part.Length + 1, most);
            var shift = _length > start ? 1 : 0;
            if (shift > 0)
                room[0] = (byte)'\n';
            _length += shift + JsonText.Unescape(unit.Slice(part.Start, part.Length), room[shift..]);
        }

        text = (start, _length - start);
        return _unescaped.AsSpan(text.Start, text.Length);
    }

    // What escapes resolve to is never longer than they are, so one record's texts fit a buffer of its size; it is made before the
    // first of them, so that none that was given out moves.
    private Span<byte> Room(int length, int most)
    {
        if (_length == 0 && _unescaped.Length < most)
            _unescaped = new byte[Math.Max(most, 4096)];
        return _unescaped.AsSpan(_length, length);
    }

    private static SourceValue Number(ReadOnlySpan<byte> literal)
    {
        if (Utf8Parser.TryParse(literal, out long integer, out var used) && used == literal.Length)
            return SourceValue.FromInteger(integer, literal);
        return SourceValue.FromReal(Utf8Parser.TryParse(literal, out double real, out used) && used == literal.Length ? real : double.NaN, literal);
    }
}
