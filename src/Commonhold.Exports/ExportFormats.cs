using Commonhold.Exports.Tables;
using Commonhold.Exports.Tables.Definitions;
using Commonhold.Exports.Tables.Samples;

namespace Commonhold.Exports;

/// <summary>Every format that this program knows.</summary>
public static class ExportFormats
{
    /// <summary>In the order in which they are asked to recognise a file.</summary>
    public static IReadOnlyList<ExportFormat> All { get; } =
    [
        new Reddit.RedditFormat(),
    ];

    /// <summary>The format of a dataset's schema; null when this program does not know it.</summary>
    /// <param name="descriptor">The dataset's own Frictionless descriptor, for a schema that is none of ours.</param>
    /// <exception cref="ExportRefusedException">The descriptor cannot be used, or describes a schema that is ours.</exception>
    public static ExportFormat? ForSchema(string schema, ReadOnlyMemory<byte> descriptor = default)
    {
        var known = All.FirstOrDefault(f => f.Schema == schema);
        if (descriptor.IsEmpty)
            return known;
        if (known is not null)
            throw new ExportRefusedException(
                "descriptor.invalid", $"The schema '{schema}' is one of ours and cannot be described otherwise.", "Give the dataset's schema a name of its own.");
        var definition = FormatDefinition.ParseDescriptor(schema, descriptor.Span);
        return new TableFormat(definition, new GenericSamples(definition));
    }

    /// <summary>What a file may be, surest first; empty when no format knows it.</summary>
    public static IReadOnlyList<Recognition> Recognise(ExportSource source) =>
        [.. All.Select(f => f.Recognise(source)).OfType<Recognition>().OrderByDescending(r => r.Confidence)];

    /// <summary>The one format that a file is of; a refusal when none knows it, or two know it equally well.</summary>
    public static ExportResult<Recognition> RecogniseOne(ExportSource source)
    {
        var found = Recognise(source);
        if (found.Count == 1 || (found.Count > 1 && found[0].Confidence > found[1].Confidence))
            return new ExportResult<Recognition>(found[0]);
        const string Hint = "Pass the export as you received it, unopened.";
        return new ExportResult<Recognition>(found.Count == 0
            ? new ExportRefusal("export.not_recognised", $"The file is no export that is known: looked for {string.Join("; ", All.Select(f => f.Title))}.", Hint)
            : new ExportRefusal("export.not_recognised", $"The file may be {string.Join(" or ", found.Select(r => $"{r.Format.Title} ({r.Evidence})"))}", Hint));
    }
}
