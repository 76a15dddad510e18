using Commonhold.Exports.Zip;

namespace Commonhold.Exports.Reddit;

/// <summary>Reddit's account export: a flat archive of CSV files, the same in its cleaned form.</summary>
/// <remarks>
/// Trusts nothing in the archive. Before a byte is inflated, local headers are held against the central directory and names,
/// counts, sizes and ratios are refused that no export has; the pass then inflates every file once, holds it to its declared
/// size and checksum, and reads the CSV row by row in flat memory.
/// </remarks>
public sealed class RedditFormat : ExportFormat
{
    /// <summary>As in <see cref="ExportAccount.Platform"/>.</summary>
    public const string Platform = "reddit";

    public override string Name => RedditFiles.Definition.Name;

    public override string Schema => RedditFiles.Definition.Schema;

    public override string Title => RedditFiles.Definition.Title;

    public override string PlaceWord => RedditFiles.Definition.Places;

    public override IReadOnlyList<RecordKind> Kinds => RedditFiles.Kinds;

    public override Recognition? Recognise(ExportSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (!source.IsArchive || source.Find("statistics.csv") is null)
            return null;
        var authored = source.Find("comments.csv") ?? source.Find("posts.csv");
        if (authored is null)
            return null;
        return source.Find("checkfile.csv") is null
            ? new Recognition(this, FormatConfidence.Provisional, $"statistics.csv and {authored.Name} are there, checkfile.csv is not.")
            : new Recognition(this, FormatConfidence.Confirmed, $"statistics.csv, {authored.Name} and checkfile.csv are there.");
    }

    public override ExportReading Read(ExportSource source, RecordVisitor? visitor, Stream? cleaned, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);

        // Reddit's own archives keep the rules that cleaned ones keep.
        var strict = source.IsStrict ? source : ExportSource.OpenArchive(source.Raw, source.Limits);
        var writer = cleaned is null ? null : new ZipWriter(cleaned);
        var reading = new RedditPass(strict, RedditFiles.Identify(strict.Entries), visitor, writer, cancellationToken).Run();
        writer?.Finish();
        return reading;
    }

    public override void WriteSample(Stream output, SampleOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Sample(options).Write(output);
    }

    public override string SampleFileName(SampleOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Sample(options).FileName;
    }

    public override FormatDescription Describe() => new(
        [.. RedditFiles.All.Where(k => k.Secret is null && k != RedditFiles.Checkfile).Select(k => new TableDescription(
            k.Name, $"{k.Name}.csv", null, k.Record,
            [.. k.Header.Split(',').Where(c => k.PrivateReason(c) is null)
                .Select(c => new ColumnDescription(c, null, k.IsDated && c == "date" ? "datetime" : "string", k.RequiredColumns.Contains(c)))], []))],
        [
            .. RedditFiles.All.SelectMany(k => k.Header.Split(',').Where(c => k.Secret is null && k.PrivateReason(c) is not null)
                .GroupBy(c => k.PrivateReason(c)!).Select(g => new KeptBack($"{k.Name}.csv", [.. g], g.Key))),
            .. RedditFiles.Definition.PrivateStatistics.Select(p => new KeptBack($"{RedditFiles.Statistics.Name}.csv", [p.Key], p.Value)),
            new KeptBack($"{RedditFiles.Statistics.Name}.csv", ["any row that is not known"], "may hold anything"),
            .. RedditFiles.All.Where(k => k.Secret is not null).Select(k => new KeptBack($"{k.Name}.csv", [], k.Secret!)),
        ]);

    private static SampleExport Sample(SampleOptions options) => new(options.Seed, options.Account, options.Rows);
}
