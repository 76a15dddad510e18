using System.Xml;

namespace Commonhold.Exports.Sources.Xml;

/// <summary>The names of a document, each kept once, and not more of them than a real export can have: the table lives as long as
/// the reader, so names made up by the million would fill the memory.</summary>
internal sealed class BoundedNameTable(string file, SourceLimits limits) : XmlNameTable
{
    private const int MaxNameChars = 1024;

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private HashSet<string>.AlternateLookup<ReadOnlySpan<char>>? _byText;

    public override string Add(char[] array, int offset, int length) => Add(array.AsSpan(offset, length));

    public override string Add(string array) => Add(array.AsSpan());

    public override string? Get(char[] array, int offset, int length) => Get(array.AsSpan(offset, length));

    public override string? Get(string array) => Get(array.AsSpan());

    private HashSet<string>.AlternateLookup<ReadOnlySpan<char>> ByText => _byText ??= _names.GetAlternateLookup<ReadOnlySpan<char>>();

    private string? Get(ReadOnlySpan<char> name) =>
        name.IsEmpty ? string.Empty : ByText.TryGetValue(name, out var known) ? known : null;

    private string Add(ReadOnlySpan<char> name)
    {
        if (Get(name) is { } known)
            return known;
        if (_names.Count == limits.MaxNames || name.Length > MaxNameChars)
            throw new ExportRefusedException(
                "export.too_many_names", $"{file} has more than {limits.MaxNames:N0} different names, or one of more than {MaxNameChars:N0} characters.", SourceRefusal.Hint);
        var added = name.ToString();
        _names.Add(added);
        return added;
    }
}
