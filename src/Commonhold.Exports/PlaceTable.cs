using System.Buffers;
using System.Text;

namespace Commonhold.Exports;

/// <summary>Gives every place of an export (community, domain, artist) a small number, without a string for each row.</summary>
/// <param name="limit">The most places an export may have.</param>
/// <param name="maxNameBytes">Longer names are no places.</param>
internal sealed class PlaceTable(int limit, int maxNameBytes)
{
    private readonly List<(int Start, int Length)> _names = [(0, 0)];
    private byte[] _text = new byte[4096];
    private int _textLength;
    private int[] _slots = new int[1024];

    /// <summary>How many there are.</summary>
    public int Count => _names.Count - 1;

    public ReadOnlySpan<byte> this[int id] => _text.AsSpan(_names[id].Start, _names[id].Length);

    public string NameOf(int id) => Encoding.UTF8.GetString(this[id]);

    /// <summary>The number of a name, whatever its case; 0 for an empty name, or one that is too long.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        if (name.Length == 0 || name.Length > maxNameBytes)
            return 0;
        Span<byte> lower = stackalloc byte[name.Length];
        if (Ascii.ToLower(name, lower, out var written) != OperationStatus.Done)
            LowerOther(name[written..], lower[written..]);

        var slot = SlotOf(lower);
        return _slots[slot] != 0 ? _slots[slot] : Add(lower);
    }

    // Only Latin letters have a case here; other bytes stay as they are.
    private static void LowerOther(ReadOnlySpan<byte> name, Span<byte> lower)
    {
        for (var i = 0; i < name.Length; i++)
            lower[i] = name[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(name[i] | 0x20) : name[i];
    }

    private int Add(ReadOnlySpan<byte> name)
    {
        if (_names.Count > limit)
            throw new ExportRefusedException(
                "export.too_many_places", $"The export names more than {limit:N0} communities, domains or the like.", "No account has been in so many.");
        if (_textLength + name.Length > _text.Length)
            Array.Resize(ref _text, _text.Length * 2);
        name.CopyTo(_text.AsSpan(_textLength));
        _names.Add((_textLength, name.Length));
        _textLength += name.Length;
        if (_names.Count * 2 > _slots.Length)
            Rehash();
        else
            _slots[SlotOf(name)] = _names.Count - 1;
        return _names.Count - 1;
    }

    private int SlotOf(ReadOnlySpan<byte> name)
    {
        var mask = _slots.Length - 1;
        var slot = (int)FastHash.Append(FastHash.Start, name) & mask;
        while (_slots[slot] != 0 && !this[_slots[slot]].SequenceEqual(name))
            slot = (slot + 1) & mask;
        return slot;
    }

    private void Rehash()
    {
        _slots = new int[_slots.Length * 2];
        for (var id = 1; id < _names.Count; id++)
            _slots[SlotOf(this[id])] = id;
    }
}
