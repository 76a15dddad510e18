using Commonhold.Exports;

namespace Commonhold.Client;

/// <summary>A member's file, opened as what the dataset takes.</summary>
internal sealed record ContributionFile(ExportFormat Format, ExportSource Source)
{
    /// <summary>Opens a file as the dataset's format; what is surely another kind of export is refused by name.</summary>
    public static Result<ContributionFile> Open(DatasetInfo dataset, ContributionPolicy policy, Stream export, ExportLimits limits)
    {
        if (dataset.Schema != Schema.Hash(dataset.SchemaName) || policy.Schema != dataset.SchemaName)
            return new Refusal("dataset.schema_unknown", $"The dataset takes '{dataset.SchemaName}', and its policy speaks of '{policy.Schema}'.", "Ask another node.");
        if (!PolicyFormat.Of(policy).TryGet(out ExportFormat? format, out Refusal? unknown))
            return unknown;
        ExportResult<ExportSource> opened = ExportResult.Of(
            () => ExportSource.Open(export, limits, export is FileStream file ? Path.GetFileName(file.Name) : null));
        if (!opened.IsAccepted)
            return opened.Refusal.ToRefusal();

        // Only what was recognised for certain is refused here: reading says better what is wrong with the rest.
        IReadOnlyList<Recognition> seen = ExportFormats.Recognise(opened.Value);
        if (seen is [{ Confidence: FormatConfidence.Confirmed } other, ..] && seen.All(r => r.Format.Schema != format.Schema))
            return new Refusal(
                "export.other_format",
                $"The file is a {other.Format.Title} ({other.Evidence}) and the dataset takes a {format.Title}.",
                $"Contribute it to a dataset of {other.Format.Schema}.");
        return new ContributionFile(format, opened.Value);
    }

    public Task<ExportResult<CleanedExport>> CleanAsync(Stream output, CancellationToken cancellationToken) =>
        Task.Run(() => Format.TryClean(Source, output, cancellationToken), cancellationToken);
}
