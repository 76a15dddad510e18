using Commonhold.Client;
using Commonhold.Exports;
using CheckOutcome = Commonhold.Exports.CheckOutcome;

namespace Commonhold.Validator.Checks;

/// <summary>The checks of an export's structure, each with its evidence. They stop accidents and clumsy edits: nothing in an
/// export is signed, so a forger who recomputes everything passes them.</summary>
internal static class StructureChecks
{
    /// <summary>All checks of a reading; what cleaning should have left with the member comes first.</summary>
    public static IReadOnlyList<StructureCheck> Of(ExportReading reading) => [Cleaned(reading), Format(reading), .. reading.Checks];

    /// <summary>The refusal of the first check that failed; null when none did.</summary>
    public static Refusal? RefusalOf(IEnumerable<StructureCheck> checks) =>
        checks.FirstOrDefault(c => c.Outcome == CheckOutcome.Failed)?.Refusal?.ToClient();

    /// <summary>As they stand in the verdict's report.</summary>
    public static IReadOnlyList<CheckResult> ToReport(IEnumerable<StructureCheck> checks) =>
        [.. checks.Select(c => new CheckResult("export." + c.Name, ToReport(c.Outcome), c.Evidence))];

    public static Refusal ToClient(this ExportRefusal refusal) => new(refusal.Code, refusal.Detail, refusal.Hint);

    private static Client.CheckOutcome ToReport(CheckOutcome outcome) => outcome switch
    {
        CheckOutcome.Passed => Client.CheckOutcome.Passed,
        CheckOutcome.NotChecked => Client.CheckOutcome.NotChecked,
        _ => Client.CheckOutcome.Failed,
    };

    private static StructureCheck Cleaned(ExportReading reading)
    {
        const string Name = "cleaned";
        if (reading.Private is not [var item, ..])
            return new StructureCheck(Name, CheckOutcome.Passed, "No private file, column or row is in it.");

        // Private things that reached us are a mistake of the member's software; they must not reach a buyer.
        var detail = $"It holds {item.File}{(item.Column is null ? "" : $", '{item.Column}'")} ({item.Reason}), which should have stayed with the member.";
        return new StructureCheck(Name, CheckOutcome.Failed, detail, new ExportRefusal(
            "export.not_cleaned", detail, "Contribute with `commonhold contribute`, which leaves private things out."));
    }

    private static StructureCheck Format(ExportReading reading) => reading.Confidence switch
    {
        FormatConfidence.Confirmed => new StructureCheck("format", CheckOutcome.Passed, "Every header is one that real exports have."),
        FormatConfidence.Compatible => new StructureCheck("format", CheckOutcome.Passed, "Headers have more columns than known, or another order."),
        _ => new StructureCheck("format", CheckOutcome.NotChecked, "A known column is missing, or a header is known at second hand only."),
    };
}
