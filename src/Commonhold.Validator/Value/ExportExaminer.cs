using System.Diagnostics.CodeAnalysis;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Exports;
using Commonhold.Exports.Reddit;
using Commonhold.Validator.Checks;
using Commonhold.Validator.Uniqueness;

namespace Commonhold.Validator.Value;

/// <summary>What an export is, reduced to what a validator remembers of it.</summary>
/// <param name="Content">The same for the same files, however they are zipped.</param>
/// <param name="Authored">Keys of its posts and comments, comparable between accounts.</param>
/// <param name="CellNames">Communities in words: for the member's eyes, never for the report.</param>
internal sealed record ExaminedExport(
    ExportReading Reading,
    ContentDigest Content,
    RowSet Rows,
    RowKeySet Authored,
    CellNames CellNames);

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
/// same answer; whether rows are known already is for <see cref="AccountLedger"/> and <see cref="AuthoredOverlap"/>.</remarks>
internal static class ExportExaminer
{
    public static Task<Examination> ExamineAsync(
        Stream zip, ReadOnlyMemory<byte> validatorsKey, ExportLimits? limits = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => Examine(zip, validatorsKey, limits, cancellationToken), cancellationToken);

    /// <summary>The same on the calling thread.</summary>
    public static Examination Examine(
        Stream zip, ReadOnlyMemory<byte> validatorsKey, ExportLimits? limits = null, CancellationToken cancellationToken = default)
    {
        var collector = new RowCollector(validatorsKey);
        var read = RedditExport.OpenAndRead(zip, collector, limits, cancellationToken);
        if (!read.IsAccepted)
            return new Examination(collector.Nullifier, [], read.Refusal.ToClient(), null);
        var checks = StructureChecks.Of(read.Value);
        var report = StructureChecks.ToReport(checks);
        if (StructureChecks.RefusalOf(checks) is { } refusal)
            return new Examination(collector.Nullifier, report, refusal, null);
        return new Examination(collector.Nullifier, report, null, new ExaminedExport(
            read.Value, read.Value.Content, collector.Rows(), collector.Authored(), collector.Cells));
    }
}
