using System.Buffers.Binary;
using System.Text.Json;

namespace Commonhold.Exports.Sources.Json;

/// <summary>Follows a document's tokens down a tree of places and notes where the wanted values stand.</summary>
/// <remarks>In every object that matters a name may stand once: two values under one name mean one thing to one program and another
/// to the next.</remarks>
internal sealed class JsonWalker(JsonPlace root, int fields, SourceLimits limits, string name)
{
    private const int FewNames = 24;

    private readonly JsonPlace _root = root;
    private readonly Frame[] _frames = new Frame[limits.MaxDepth];
    private readonly Value[] _values = new Value[fields];
    private readonly OtherFieldSet _others = new();
    private readonly List<Value> _joined = [];
    private readonly List<int> _filled = [];
    private readonly ulong[] _known = new ulong[16];
    private ulong[] _names = new ulong[64];
    private int _knownCount;
    private int _namesCount;
    private int _depth;
    private JsonPlace? _next = root;

    /// <summary>Where the unit begins that is being read; −1 outside of one.</summary>
    public int UnitStart { get; private set; } = -1;

    public List<(int Start, int Length)> Inner { get; } = [];

    /// <summary>Names in records that nobody asked for.</summary>
    public IReadOnlyCollection<string> OtherFields => _others.Names;

    /// <summary>The document's value has ended.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Forgets the values of the last unit.</summary>
    public void NextUnit()
    {
        foreach (var slot in _filled)
            _values[slot] = default;
        _filled.Clear();
        _joined.Clear();
        Inner.Clear();
    }

    /// <summary>Starts on another document.</summary>
    public void Restart()
    {
        NextUnit();
        (_depth, _next, IsDone, UnitStart, _namesCount) = (0, _root, false, -1, 0);
    }

    /// <summary>The buffer was moved by so much.</summary>
    public void Moved(int by)
    {
        if (UnitStart >= 0)
            UnitStart -= by;
    }

    public ref readonly Value this[int slot] => ref _values[slot];

    public IReadOnlyList<Value> Joined => _joined;

    /// <summary>Takes the reader's token, which begins at <paramref name="start"/> and ends before <paramref name="end"/> of the buffer;
    /// true when it ends a unit.</summary>
    public bool Take(ref Utf8JsonReader reader, int start, int end)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                ref readonly var parent = ref _frames[_depth - 1];
                _next = parent.Node is { } inside ? Member(ref reader, inside) : null;
                return false;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                Enter(reader.TokenType == JsonTokenType.StartArray, start);
                return false;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                return Leave(end);
            default:
                return Scalar(ref reader, start, end);
        }
    }

    private JsonPlace? Place()
    {
        if (_depth == 0)
            return _next;
        ref var frame = ref _frames[_depth - 1];
        return !frame.IsArray ? _next : frame.Node?.Item(frame.Index++);
    }

    private void Enter(bool isArray, int start)
    {
        var node = Place();
        if (_depth == _frames.Length)
            throw new ExportRefusedException("export.too_deep", $"{name} holds objects more than {limits.MaxDepth} levels deep.", SourceRefusal.Hint);
        if (node is { IsUnit: true })
            UnitStart = start;
        _frames[_depth++] = new Frame
        {
            Node = node, IsArray = isArray, Start = start - Math.Max(UnitStart, 0), Names = _namesCount,
        };
    }

    private bool Leave(int end)
    {
        ref var frame = ref _frames[--_depth];
        var node = frame.Node;
        _namesCount = frame.Names;
        var start = frame.Start;
        frame = default;
        IsDone = _depth == 0;
        if (node is { Slot: >= 0, Joins: false })
            Fill(node.Slot, new Value(SourceKind.Structure, start, end - Math.Max(UnitStart, 0) - start, false, 0));
        return Ended(node, start, end);
    }

    private bool Scalar(ref Utf8JsonReader reader, int start, int end)
    {
        var node = Place();
        IsDone = _depth == 0;
        if (node is null)
            return false;
        if (node.IsUnit)
            UnitStart = start;
        var at = start - Math.Max(UnitStart, 0);
        if (node.Slot >= 0)
        {
            var value = reader.TokenType switch
            {
                JsonTokenType.String => new Value(SourceKind.Text, at + 1, end - start - 2, reader.ValueIsEscaped, 0),
                JsonTokenType.Number => new Value(SourceKind.Real, at, end - start, false, 0),
                JsonTokenType.True or JsonTokenType.False => new Value(SourceKind.Boolean, at, end - start, false, 0),
                _ => new Value(SourceKind.Null, 0, 0, false, 0),
            };
            if (!node.Joins)
                Fill(node.Slot, value);
            else if (value.Kind == SourceKind.Text)
                Join(node.Slot, value);
        }

        return Ended(node, at, end);
    }

    private bool Ended(JsonPlace? node, int start, int end)
    {
        if (node is null)
            return false;
        if (node.IsInner)
            Inner.Add((start, end - Math.Max(UnitStart, 0) - start));
        return node.IsUnit;
    }

    /// <summary>Ends the unit once its values were used.</summary>
    public void UnitIsOver() => UnitStart = -1;

    private void Fill(int slot, Value value)
    {
        _values[slot] = value with { IsThere = true };
        _filled.Add(slot);
    }

    private void Join(int slot, Value value)
    {
        if (!_values[slot].IsThere)
            Fill(slot, new Value(SourceKind.Text, 0, 0, false, 0) { IsJoined = true });
        _joined.Add(value with { Slot = slot });
    }

    private JsonPlace? Member(ref Utf8JsonReader reader, JsonPlace inside)
    {
        if (!reader.ValueIsEscaped)
        {
            return Member(reader.ValueSpan, inside);
        }

        Span<byte> unescaped = reader.ValueSpan.Length <= 512 ? stackalloc byte[512] : new byte[reader.ValueSpan.Length];
        return Member(unescaped[..JsonText.Unescape(reader.ValueSpan, unescaped)], inside);
    }

    private JsonPlace? Member(ReadOnlySpan<byte> member, JsonPlace inside)
    {
        var hash = HashOf(member);
        Once(hash);
        var node = inside.Member(member);
        if (node is null && inside.IsRecord && !_known.AsSpan().Contains(hash))
        {
            _others.Add(member);
            _known[_knownCount++ % _known.Length] = hash;
        }

        return node;
    }

    // Most names have 4 to 16 bytes: two words hold all of one, and one multiplication mixes them.
    private static ulong HashOf(ReadOnlySpan<byte> name)
    {
        if (name.Length is < 4 or > 16)
            return FastHash.Append(FastHash.Start, name);
        var (first, last) = name.Length >= 8
            ? (BinaryPrimitives.ReadUInt64LittleEndian(name), BinaryPrimitives.ReadUInt64LittleEndian(name[^8..]))
            : (BinaryPrimitives.ReadUInt32LittleEndian(name), (ulong)BinaryPrimitives.ReadUInt32LittleEndian(name[^4..]));
        var high = Math.BigMul(first ^ FastHash.Start, last ^ (0x9E3779B97F4A7C15 * (ulong)name.Length), out var low);
        return high ^ low;
    }

    // Names are told apart by their hashes: that two of them are equal is one in 2⁶⁴, and costs a refusal, not a doubt.
    private void Once(ulong hash)
    {
        ref var frame = ref _frames[_depth - 1];
        var count = _namesCount - frame.Names;
        if (frame.Many is { } many ? !many.Add(hash) : _names.AsSpan(frame.Names, count).Contains(hash))
            throw new ExportRefusedException("export.duplicate_name", $"{name} has an object that names the same thing twice.", SourceRefusal.Hint);
        if (frame.Many is not null)
        {
            if (frame.Many.Count > limits.MaxMembers)
                throw new ExportRefusedException("export.too_many_names", $"{name} has an object of more than {limits.MaxMembers:N0} names.", SourceRefusal.Hint);
            return;
        }

        if (count == FewNames)
        {
            frame.Many = [.. _names.AsSpan(frame.Names, count), hash];
            return;
        }

        if (_namesCount == _names.Length)
            Array.Resize(ref _names, _names.Length * 2);
        _names[_namesCount++] = hash;
    }

    /// <summary>Where a value stands in its unit.</summary>
    internal readonly record struct Value(SourceKind Kind, int Start, int Length, bool IsEscaped, int Slot)
    {
        public bool IsThere { get; init; }

        public bool IsJoined { get; init; }
    }

    private struct Frame
    {
        public JsonPlace? Node;
        public bool IsArray;
        public int Index;
        public int Start;
        public int Names;
        public HashSet<ulong>? Many;
    }
}
