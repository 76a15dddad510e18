namespace Commonhold.Exports;

/// <summary>Whether an archive is as the provider made it or was rewritten by cleaning.</summary>
public enum ExportProfile
{
    /// <summary>Holds at least one private file, column or row; must not leave the member's machine.</summary>
    Original,

    /// <summary>Cleaning it would drop nothing.</summary>
    Cleaned,
}

/// <summary>How well the columns agree with the headers that are known.</summary>
public enum FormatConfidence
{
    /// <summary>A column we know is missing, or the file's header is known at second hand only.</summary>
    Provisional,

    /// <summary>Everything needed is there; columns were added or moved.</summary>
    Compatible,

    /// <summary>The header is one that was seen in real exports, to the letter.</summary>
    Confirmed,
}

/// <summary>What the export itself says of one of its files: Reddit's <c>checkfile.csv</c> lists digests.</summary>
public enum FileIntegrity
{
    /// <summary>The SHA-256 is the listed one: sent unchanged.</summary>
    Matches,

    /// <summary>The archive carries no digest for it: altered by cleaning, or its format has none.</summary>
    NotChecked,

    /// <summary>The SHA-256 differs from the listed one.</summary>
    Differs,

    /// <summary>Present in an original archive but not listed.</summary>
    NotListed,

    /// <summary>Listed but not present.</summary>
    Missing,
}

public enum CheckOutcome
{
    Passed,
    Failed,
    NotChecked,
}

/// <summary>One named check with its evidence; <paramref name="Refusal"/> is set exactly when it failed.</summary>
public sealed record StructureCheck(string Name, CheckOutcome Outcome, string Evidence, ExportRefusal? Refusal = null);

/// <summary>One file of the archive as read; sizes in bytes.</summary>
public sealed record FileReading(
    string Name,
    string Kind,
    long Bytes,
    long Rows,
    FormatConfidence Confidence,
    FileIntegrity Integrity)
{
    /// <summary>Hexadecimal; set where the export lists digests of its files itself.</summary>
    public string? Sha256 { get; init; }
}

/// <summary>A file (or one column, or rows of it) that cleaning leaves behind, and why.</summary>
public sealed record DroppedItem(string File, string? Column, long Rows, string Reason);

/// <summary>What an export holds, for people: counts only, no text.</summary>
/// <param name="ByKind">Most rows first.</param>
/// <param name="ByKindAndMonth">In the order of <paramref name="ByKind"/>, then by month.</param>
/// <param name="PlaceWord">What places are called, plural: <c>communities</c>.</param>
public sealed record ExportSummary(
    ExportAccount Account,
    long Rows,
    long Bytes,
    IReadOnlyList<(string Kind, long Rows)> ByKind,
    IReadOnlyList<(string Month, long Rows)> ByMonth,
    IReadOnlyList<(string Kind, string Month, long Rows)> ByKindAndMonth,
    IReadOnlyList<(string Place, long Rows)> TopPlaces,
    int Places,
    string PlaceWord);

/// <summary>The outcome of one pass over an export.</summary>
public sealed record ExportReading(
    ExportAccount Account,
    ExportProfile Profile,
    FormatConfidence Confidence,
    IReadOnlyList<FileReading> Files,
    IReadOnlyList<StructureCheck> Checks,
    IReadOnlyList<DroppedItem> Private,
    ContentDigest Content)
{
    /// <summary>Counts for people; made when first asked for, since a validator never does.</summary>
    public ExportSummary Summary => LazySummary.Value;

    /// <summary>Sentences on what should be looked at before anything is sent.</summary>
    public IReadOnlyList<string> Notes =>
        [.. Files.Where(f => f.Confidence == FormatConfidence.Provisional).Select(f => f.Name).Distinct().Select(name =>
            $"{name} is in a form that is known at second hand, or lacks a usual column: look at its cleaned form before you send it.")];

    internal Lazy<ExportSummary> LazySummary { get; init; } =
        new(() => throw new InvalidOperationException("Only a pass over an export has a summary."));

    /// <summary>The first failed check's refusal; null when none failed.</summary>
    public ExportRefusal? Refusal => Checks.FirstOrDefault(c => c.Outcome == CheckOutcome.Failed)?.Refusal;
}

/// <summary>A cleaned export: what was read, what was left behind, and the size of what was written.</summary>
public sealed record CleanedExport(ExportReading Original, IReadOnlyList<DroppedItem> Dropped, long Bytes)
{
    public ExportSummary Summary => Original.Summary;
}
