using Commonhold.Client;

namespace Commonhold.Validator;

/// <summary>Sums the single checks of a contribution up into the four results.</summary>
internal static class VerdictFindings
{
    private static readonly string[] OfUniqueness = ["unique", "account", "authored"];
    private static readonly string[] OfQuality = ["value"];

    public static Findings Of(IReadOnlyList<CheckResult> checks, Refusal? refusal) => new(
        Finding.NotChecked("No evidence was given that the account is the contributor's."),
        Find(checks.Where(c => c.Name.StartsWith("export.", StringComparison.Ordinal)), refusal,
            "The file is whole and consistent in itself.", "That it was not clumsily edited.", "That the platform made it: nothing in it is signed."),
        Find(checks.Where(c => OfUniqueness.Contains(c.Name)), refusal,
            "Neither the file nor its contents were contributed before.", "That nobody was paid for these rows before.", "That one person has one account."),
        Find(checks.Where(c => OfQuality.Contains(c.Name)), refusal,
            "It has rows that nobody had contributed.", "That there is something to pay for.", "That what it says is true."));

    private static Finding Find(IEnumerable<CheckResult> checks, Refusal? refusal, string passed, string proves, string doesNotProve)
    {
        CheckResult[] made = [.. checks];
        if (made.FirstOrDefault(c => c.Outcome == CheckOutcome.Failed) is { } failed)
            return new Finding(CheckOutcome.Failed, refusal?.Detail ?? failed.Reason, "Nothing.", proves);
        return made.Any(c => c.Outcome == CheckOutcome.Passed)
            ? new Finding(CheckOutcome.Passed, passed, proves, doesNotProve)
            : Finding.NotChecked("It was not reached: the file was refused before.");
    }
}
