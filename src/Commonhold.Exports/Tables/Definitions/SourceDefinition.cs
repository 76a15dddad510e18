using Commonhold.Exports.Tables.Transforms;

namespace Commonhold.Exports.Tables.Definitions;

/// <summary>One form of a provider's file: how it is told, read, and turned into rows of a table or into the account.</summary>
/// <param name="Table">Place of the table that it fills; -1 for an account source.</param>
/// <param name="Fields">Every field that it asks for, in the reader's language.</param>
/// <param name="Requires">Places in <paramref name="Fields"/> by which the form is told.</param>
/// <param name="Map">For each field of the table in its order; null where nothing fills it.</param>
/// <param name="Skip">Conditions on <paramref name="Fields"/>.</param>
/// <param name="Private">Known fields that stay behind, and why.</param>
internal sealed record SourceDefinition(
    int Table,
    FilePattern Files,
    string Reader,
    string Records,
    FormatConfidence Confidence,
    IReadOnlyList<string> Fields,
    IReadOnlyList<int> Requires,
    IReadOnlyList<MapEntry?> Map,
    AccountMap? Account,
    IReadOnlyList<Condition> Skip,
    IReadOnlyDictionary<string, string> Private)
{
    public byte Delimiter { get; init; } = (byte)',';
}

/// <summary>Where a field's value comes from: the first of <paramref name="From"/> that is not empty, then each transform.</summary>
internal sealed record MapEntry(IReadOnlyList<int> From, IReadOnlyList<Transform> Transforms, OnInvalid OnInvalid, byte[]? Constant);

/// <summary>What happens to a row of which a field cannot be used.</summary>
internal enum OnInvalid
{
    Refuse,
    Skip,
    Empty,
}

internal sealed record AccountMap(MapEntry? Id, MapEntry? RegisteredAt, MapEntry? ExportedAt);

/// <summary>A provider's file that is not looked into, and why.</summary>
internal sealed record LeftOutFile(FilePattern Files, string Because);
