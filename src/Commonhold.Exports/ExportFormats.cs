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
    /// <param name="descriptor">The dataset's own Frictionless descriptor, for the generic schema alone.</param>
    public static ExportFormat? ForSchema(string schema, ReadOnlyMemory<byte> descriptor = default) =>
        All.FirstOrDefault(f => f.Schema == schema);

    /// <summary>What a file may be, surest first; empty when no format knows it.</summary>
    public static IReadOnlyList<Recognition> Recognise(ExportSource source) =>
        [.. All.Select(f => f.Recognise(source)).OfType<Recognition>().OrderByDescending(r => r.Confidence)];
}
