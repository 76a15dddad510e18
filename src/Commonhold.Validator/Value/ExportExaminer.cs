using System.Diagnostics.CodeAnalysis;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Exports;
using Commonhold.Validator.Checks;
using Commonhold.Validator.Uniqueness;
using Commonhold.Validator.Uniqueness.IdTime;
using Commonhold.Validator.Uniqueness.Texts;
using Commonhold.Validator.Value.Reweighting;

namespace Commonhold.Validator.Value;

/// <summary>What an export is, reduced to what a validator remembers of it.</summary>
/// <param name="Content">The same for the same files, however they are zipped.</param>
/// <param name="Authored">Keys of what only one person can have written, comparable between accounts.</param>
/// <param name="History">Keys of what two people may have done by chance, but hardly thrice; comparable too.</param>
/// <param name="Sketch">A sample of its texts, for comparing them with others'.</param>
/// <param name="IdTime">Its ids beside the times at which the platform gave such.</param>
/// <param name="CellNames">Places in words: for the member's eyes, never for the report.</param>
/// <param name="Texts">Vectors of a few texts, where re-weighting is on.</param>
internal sealed record ExaminedExport(
    ExportFormat Format,
    ExportReading Reading,
    ContentDigest Content,
    RowSet Rows,
    RowKeySet Authored,
    RowKeySet History,
    TextSketch Sketch,
    IdTimeCheck IdTime,
    CellNames CellNames,
    IReadOnlyList<KeptText> Texts);

/// <summary>The outcome of an examination: an export, or why there is none.</summary>
/// <param name="Nullifier">Of the account; zero when the file was refused before the account was known.</param>
internal sealed record Examination(
    Bytes32 Nullifier, IReadOnlyList<CheckResult> Checks, Refusal? Refusal, ExaminedExport? Export)
{
    [MemberNotNullWhen(true, nameof(Export))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool Passed => Export is not null;
}

/// <summary>Reads a cleaned export once and answers what it is: whose account (as a nullifier), which rows, of what quality.</summary>
/// <remarks>Trusts nothing in the file. Everything that cannot be read or fails a check is a refusal. Pure: same file and key,
/// same answer; whether rows are known already is for <see cref="ValueBook"/> and <see cref="AuthoredOverlap"/>.</remarks>
internal static class ExportExaminer
{
    /// <param name="format">Of the dataset's schema.</param>
    /// <param name="keepsTexts">The policy's re-weighting is on.</param>
    /// <param name="owner">Stands for the account where the format names none.</param>
    /// <param name="curve">What is known of ids and times; what comes with the program when null.</param>
    public static Task<Examination> ExamineAsync(
        Stream zip, ExportFormat format, Address owner, ReadOnlyMemory<byte> validatorsKey, ExportLimits? limits = null, bool keepsTexts = false,
        IdTimeCurve? curve = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => Examine(zip, format, owner, validatorsKey, limits, keepsTexts, curve, cancellationToken), cancellationToken);

    /// <summary>The same on the calling thread.</summary>
    public static Examination Examine(
        Stream zip, ExportFormat format, Address owner, ReadOnlyMemory<byte> validatorsKey, ExportLimits? limits = null, bool keepsTexts = false,
        IdTimeCurve? curve = null, CancellationToken cancellationToken = default)
    {
        var collector = new RowCollector(validatorsKey, format.Schema, owner, curve ?? IdTimeCurve.Calibrated, keepsTexts);

        // Only the cleaned form is ever read here: a strict archive, whatever the member's own program could read.
        var read = ExportResult.Of(() => format.Read(ExportSource.OpenArchive(zip, limits), collector, null, cancellationToken));
        if (!read.IsAccepted)
            return new Examination(collector.Nullifier, [], read.Refusal.ToClient(), null);
        var checks = StructureChecks.Of(read.Value);
        var report = StructureChecks.ToReport(checks);
        if (StructureChecks.RefusalOf(checks) is { } refusal)
            return new Examination(collector.Nullifier, report, refusal, null);
        return new Examination(collector.Nullifier, report, null, new ExaminedExport(
            format, read.Value, read.Value.Content, collector.Rows(), collector.Authored(), collector.History(), collector.Sketch(), collector.IdTime,
            collector.Cells, collector.Texts));
    }
}
