using Commonhold.Exports.Tables.Cells;
using Commonhold.Exports.Tables.Definitions;

namespace Commonhold.Exports.Tables;

/// <summary>Holds plain values against the constraints of one column.</summary>
internal sealed class FieldCheck(FieldDefinition field, CellScratch scratch)
{
    // Eight bytes a value: a repetition is found but for one in 10¹¹ rows, and that the other way round costs nobody a row.
    private const int MaxUnique = 1 << 22;
    private readonly HashSet<ulong>? _seen = field.Constraints.IsUnique ? [] : null;

    /// <summary>What is wrong with the value; null when nothing is.</summary>
    public string? Fault(PlainCell plain)
    {
        var constraints = field.Constraints;
        if (plain.Text.IsEmpty)
            return constraints.IsRequired ? "is required and missing" : null;
        if (ReferenceEquals(constraints, FieldConstraints.None))
            return null;
        if ((constraints.MinLength ?? constraints.MaxLength) is not null && LengthFault(plain.Text) is { } length)
            return length;
        if ((constraints.Minimum is not null || constraints.Maximum is not null) && RangeFault(plain) is { } range)
            return range;
        if (constraints.Enum is { } values && !IsAmong(plain.Text, values))
            return "is none of the values that are allowed";
        if (constraints.Pattern is { } pattern && !pattern.Matches(scratch.Chars(plain.Text)))
            return $"does not match the pattern {pattern.Text}";
        return _seen is null ? null : RepetitionFault(plain.Text);
    }

    // In characters of Unicode, not in bytes.
    private string? LengthFault(ReadOnlySpan<byte> text)
    {
        var length = 0;
        foreach (var b in text)
            length += (b & 0xC0) != 0x80 ? 1 : 0;
        return length < field.Constraints.MinLength ? $"has {length} characters, fewer than {field.Constraints.MinLength}"
            : length > field.Constraints.MaxLength ? $"has {length} characters, more than {field.Constraints.MaxLength}"
            : null;
    }

    private string? RangeFault(PlainCell plain)
    {
        if (field.Type.Rank(plain) is not { } rank)
            return "is not a number";
        return field.Constraints.Minimum is { } least && rank < least.Rank ? $"is less than {least.Text}"
            : field.Constraints.Maximum is { } most && rank > most.Rank ? $"is greater than {most.Text}"
            : null;
    }

    private static bool IsAmong(ReadOnlySpan<byte> text, IReadOnlyList<byte[]> values)
    {
        foreach (var value in values)
        {
            if (text.SequenceEqual(value))
                return true;
        }

        return false;
    }

    private string? RepetitionFault(ReadOnlySpan<byte> text)
    {
        if (_seen!.Count == MaxUnique)
            throw new ExportRefusedException(
                "export.too_many_rows", $"The column '{field.Name}' must be unique, which is checked for {MaxUnique:N0} rows at most.", "Ask the operator whether larger exports can be taken.");
        return _seen.Add(FastHash.Append(FastHash.Start, text)) ? null : "stands in an earlier row, and must be unique";
    }
}
