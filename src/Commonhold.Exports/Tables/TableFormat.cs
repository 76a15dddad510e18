using Commonhold.Exports.Tables.Definitions;
using Commonhold.Exports.Tables.Samples;

namespace Commonhold.Exports.Tables;

/// <summary>A format that is a definition in data: this reads, cleans, keys and values it.</summary>
/// <remarks>
/// The provider's own form is read on the member's machine by the definition's sources, and only what they map can be in the
/// cleaned form: a deterministic zip with <c>datapackage.json</c> and one CSV a table. A source opened by the strict rules (at a
/// validator) is read in the cleaned form or refused, so nothing but ZIP and CSV is parsed there.
/// </remarks>
internal sealed class TableFormat : ExportFormat
{
    private readonly FormatDefinition _definition;
    private readonly ISampleGenerator _samples;

    public TableFormat(FormatDefinition definition, ISampleGenerator samples)
    {
        (_definition, _samples) = (definition, samples);
        Kinds = [.. definition.Tables.Select(t => t.Kind)];
    }

    public override string Name => _definition.Format;

    public override string Schema => _definition.Schema;

    public override string Title => _definition.Title;

    public override string PlaceWord => _definition.PlaceWord;

    public override IReadOnlyList<RecordKind> Kinds { get; }

    internal FormatDefinition Definition => _definition;

    internal ISampleGenerator Samples => _samples;

    /// <summary>The format whose <c>format.json</c> is in that folder of this project.</summary>
    public static TableFormat Load(string folder, ISampleGenerator samples)
    {
        using var resource = typeof(TableFormat).Assembly.GetManifestResourceStream($"{folder}/format.json")
            ?? throw new InvalidOperationException($"There is no {folder}/format.json.");
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        return new TableFormat(FormatDefinition.Parse(bytes.ToArray()), samples);
    }

    public override Recognition? Recognise(ExportSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (PackageJson.CleanedSchema(source) is { } schema)
            return schema == Schema ? new Recognition(this, FormatConfidence.Confirmed, $"{PackageJson.FileName} names {Schema}.") : null;
        if (source.IsStrict)
            return null;
        var plan = SourcePlan.Make(_definition, source, SourcesFor(source));
        return plan.Confidence is { } confidence ? new Recognition(this, confidence, $"{plan.Evidence}.") : null;
    }

    public override ExportReading Read(ExportSource source, RecordVisitor? visitor, Stream? cleaned, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        var pass = new TablePass(_definition, source, visitor, cleaned, cancellationToken);
        if (PackageJson.CleanedSchema(source) is not null)
            return pass.ReadCleaned();
        return source.IsStrict
            ? throw new ExportRefusedException(
                "export.not_cleaned", $"The archive is not a cleaned {Title}.", "Contribute with `commonhold contribute`: it leaves out what is private.")
            : pass.ReadSources(SourcePlan.Make(_definition, source, SourcesFor(source)));
    }

    public override void WriteSample(Stream output, SampleOptions options) => _samples.Write(output, options);

    public override string SampleFileName(SampleOptions options) => _samples.FileName(options);

    public override FormatDescription Describe() => new(
        [.. _definition.Tables.Select(t => new TableDescription(
            t.Name, t.FileName, t.Title, t.Kind, [.. t.Fields.Select(f => new ColumnDescription(f.Name, f.Title, f.Type.Name, f.Constraints.IsRequired))],
            t.Key.Count < t.Fields.Count ? [.. t.Key.Select(place => t.Fields[place].Name)] : []))],
        [
            .. _definition.Sources.SelectMany(s => s.Private.Select(p => (File: s.Files.Text, Column: p.Key, Because: p.Value))).Distinct()
                .GroupBy(p => (p.File, p.Because)).Select(g => new KeptBack(g.Key.File, [.. g.Select(p => p.Column)], g.Key.Because)),
            .. _definition.LeftOut.Select(l => new KeptBack(l.Files.Text, [], l.Because)),
        ]);

    // A member's own data package may name the files of its tables otherwise than the tables.
    private IReadOnlyList<SourceDefinition> SourcesFor(ExportSource source) =>
        _definition.IsGeneric ? [.. _definition.Sources, .. MemberPackage.Sources(_definition, source)] : _definition.Sources;
}
