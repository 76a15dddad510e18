using System.Text;

namespace Commonhold.Exports.Sources;

/// <summary>Names of fields that nobody asked for, found by their bytes so that a known one costs no string.</summary>
internal sealed class OtherFieldSet
{
    private const int MaxNames = 256;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _byText;
    private readonly List<string> _ordered = [];
    private readonly char[] _text = new char[256];

    public OtherFieldSet() => _byText = _names.GetAlternateLookup<ReadOnlySpan<char>>();

    public IReadOnlyCollection<string> Names => _ordered;

    public void Add(ReadOnlySpan<byte> utf8)
    {
        if (_ordered.Count == MaxNames)
            return;
        if (utf8.Length > _text.Length)
            utf8 = utf8[.._text.Length];
        var text = _text.AsSpan(0, Encoding.UTF8.GetChars(utf8, _text));
        if (_byText.Add(text))
            _ordered.Add(text.ToString());
    }
}
