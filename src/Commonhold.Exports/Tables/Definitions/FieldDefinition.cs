using Commonhold.Exports.Tables.Cells;

namespace Commonhold.Exports.Tables.Definitions;

/// <summary>One column of a table. Values are read by <paramref name="Type"/> and written by its plain form.</summary>
internal sealed record FieldDefinition(string Name, string? Title, string? Description, FieldType Type, FieldConstraints Constraints);

/// <summary>What a descriptor holds a column to; the texts of <paramref name="Enum"/> are plain.</summary>
internal sealed record FieldConstraints(
    bool IsRequired,
    bool IsUnique,
    int? MinLength,
    int? MaxLength,
    Bound? Minimum,
    Bound? Maximum,
    FieldPattern? Pattern,
    IReadOnlyList<byte[]>? Enum)
{
    public static FieldConstraints None { get; } = new(false, false, null, null, null, null, null, null);
}

/// <summary>A least or greatest value: where it stands in its type's order, and its plain form.</summary>
internal sealed record Bound(decimal Rank, string Text);
