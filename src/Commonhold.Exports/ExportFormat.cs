namespace Commonhold.Exports;

/// <summary>What a file was taken for, how surely, and by what sign.</summary>
/// <param name="Evidence">A sentence for people: <c>statistics.csv, comments.csv and checkfile.csv are there.</c></param>
public sealed record Recognition(ExportFormat Format, FormatConfidence Confidence, string Evidence);

/// <summary>One schema of exports: how its files are told, read, cleaned, keyed and valued. One folder a format.</summary>
/// <remarks>
/// Everything read is hostile. <see cref="Read"/> reads the provider's own form on the member's machine and the cleaned form
/// everywhere; what it writes as cleaned holds only what the format's definition names, so what is unknown cannot leave.
/// A pass is bound by inflating and parsing and runs synchronously on the calling thread, in flat memory.
/// </remarks>
public abstract class ExportFormat
{
    private RecordKind?[]? _byCode;

    /// <summary>Short and stable: <c>reddit</c>; also the folder's name in small letters.</summary>
    public abstract string Name { get; }

    /// <summary>The dataset's schema name: <c>reddit-export-v1</c>.</summary>
    public abstract string Schema { get; }

    /// <summary>For people: <c>Reddit account export</c>.</summary>
    public abstract string Title { get; }

    /// <summary>What places are called, plural: <c>communities</c>, <c>domains</c>.</summary>
    public virtual string PlaceWord => "places";

    /// <summary>The kinds of records that are valued; codes are unique.</summary>
    public abstract IReadOnlyList<RecordKind> Kinds { get; }

    /// <summary>Looks at names and first bytes alone; null when it is surely another format.</summary>
    public abstract Recognition? Recognise(ExportSource source);

    /// <summary>Reads the whole export once.</summary>
    /// <param name="visitor">Is shown the account, then every valued record; null to read for the checks and the summary alone.</param>
    /// <param name="cleaned">Takes the cleaned form, the same bytes for the same input; null to read only. On a refusal (a failed
    /// check in the reading too) what was written must be thrown away.</param>
    /// <returns>The reading; a failed check is in it.</returns>
    /// <exception cref="ExportRefusedException">It cannot be read.</exception>
    public abstract ExportReading Read(ExportSource source, RecordVisitor? visitor, Stream? cleaned, CancellationToken cancellationToken);

    /// <summary>Writes a made-up export in the provider's own form; the same bytes for the same options.</summary>
    public abstract void WriteSample(Stream output, SampleOptions options);

    /// <summary>What the provider would call that file: <c>export_calm_otter_1_20250301.zip</c>.</summary>
    public abstract string SampleFileName(SampleOptions options);

    /// <summary>The tables of the cleaned form, and what never is in it.</summary>
    public abstract FormatDescription Describe();

    /// <summary>The first rows of each table of a made-up export, the same for the same options; empty when none can be made up.</summary>
    /// <param name="rows">Most rows of one table.</param>
    public IReadOnlyList<TableSample> SampleTables(SampleOptions options, int rows) => CleanedSample.Read(this, options, rows);

    /// <summary>The kind with that code; null when the format has none.</summary>
    public RecordKind? KindOf(byte code) => (_byCode ??= ByCode())[code];

    /// <summary>Reads for the checks, the summary and the visitor's records; an expected refusal is returned.</summary>
    public ExportResult<ExportReading> TryRead(ExportSource source, RecordVisitor? visitor = null, CancellationToken cancellationToken = default) =>
        ExportResult.Of(() => Read(source, visitor, null, cancellationToken));

    /// <summary>Writes the cleaned form; a failed check is a refusal here, because nothing that fails may leave.</summary>
    public ExportResult<CleanedExport> TryClean(ExportSource source, Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        return ExportResult.Of(() =>
        {
            var counted = new Zip.CountingStream(output);
            var reading = Read(source, null, counted, cancellationToken);
            return reading.Refusal is { } refusal
                ? throw new ExportRefusedException(refusal)
                : new CleanedExport(reading, reading.Private, counted.Count);
        });
    }

    public override string ToString() => Schema;

    private RecordKind?[] ByCode()
    {
        var byCode = new RecordKind?[byte.MaxValue + 1];
        foreach (var kind in Kinds)
            byCode[kind.Code] = byCode[kind.Code] is null ? kind : throw new InvalidOperationException($"{Schema} uses code {kind.Code} twice.");
        return byCode;
    }
}

/// <summary>Which of the made-up accounts, and how much of it.</summary>
/// <param name="Seed">Another seed makes other people.</param>
/// <param name="Account">Accounts of one seed share nothing that only one person can have.</param>
/// <param name="Rows">About how many records of the main kind.</param>
public sealed record SampleOptions(ulong Seed = 1, int Account = 0, int Rows = 100);
