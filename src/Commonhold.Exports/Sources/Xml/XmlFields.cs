using System.Text.Unicode;
using System.Xml;

namespace Commonhold.Exports.Sources.Xml;

/// <summary>A selection's fields: an attribute of the record (<c>type</c>), or an attribute of a child element that another
/// attribute picks out (<c>MetadataEntry[key='HKWasUserEntered']/value</c>; the first such child counts).</summary>
internal sealed class XmlFields
{
    private readonly List<(string Name, int Slot)> _attributes = [];
    private readonly List<Child> _children = [];
    private readonly OtherFieldSet _others = new();

    public XmlFields(RecordSelection selection, XmlNameTable names)
    {
        Path = [.. selection.Path.Split('/').Select(names.Add)];
        for (var slot = 0; slot < selection.Fields.Count; slot++)
        {
            var field = selection.Fields[slot];
            if (field.Split('/') is [var child, var attribute])
                _children.Add(Parse(field, child, names.Add(attribute), slot, names));
            else if (field.Contains('/', StringComparison.Ordinal))
                throw new ArgumentException($"'{field}' stands deeper than a child.");
            else
                _attributes.Add((names.Add(field), slot));
        }
    }

    /// <summary>Names of the elements from the root to the record.</summary>
    public IReadOnlyList<string> Path { get; }

    /// <summary>The fields that stand in child elements.</summary>
    public IReadOnlyList<Child> Children => _children;

    public IReadOnlyCollection<string> OtherFields => _others.Names;

    /// <summary>The slot of an attribute; −1 when nobody asked for it. Names come from the table, so they are one object each.</summary>
    public int Slot(string name)
    {
        foreach (var (known, slot) in _attributes)
        {
            if (ReferenceEquals(known, name))
                return slot;
        }

        _attributes.Add((name, -1));
        Span<byte> utf8 = stackalloc byte[256];
        Utf8.FromUtf16(name, utf8, out _, out var written);
        _others.Add(utf8[..written]);
        return -1;
    }

    private static Child Parse(string field, string child, string attribute, int slot, XmlNameTable names)
    {
        var bracket = child.IndexOf('[', StringComparison.Ordinal);
        if (bracket < 0)
            return new Child(names.Add(child), null, "", attribute, slot);
        if (child[(bracket + 1)..].Split('=') is not [var key, ['\'', .. var value, '\'', ']']])
            throw new ArgumentException($"'{field}' is no path of this language.");
        return new Child(names.Add(child[..bracket]), names.Add(key), value, attribute, slot);
    }

    internal sealed record Child(string Element, string? Key, string KeyValue, string Attribute, int Slot);
}
