using Commonhold.Client;

namespace Commonhold.Validator.Verdicts;

/// <summary>Sums the single checks of a contribution up into the four results, in words for the member.</summary>
internal static class VerdictFindings
{
    private const string Structure = "export.";

    public const string IdTime = "id_time";
    public const string Unique = "unique";
    public const string Account = "account";
    public const string Authored = "authored";
    public const string History = "history";
    public const string Texts = "texts";
    public const string Value = "value";

    private static readonly string[] OfUniqueness = [Unique, Account, Authored, History, Texts];

    public static Findings Of(IReadOnlyList<CheckResult> checks, OpenedFile file, Refusal? refusal) => new(
        file.Ownership?.Finding ?? Finding.NotChecked("The file was refused before anybody asked whose it is."),
        Authenticity(checks, refusal),
        Find(checks.Where(c => OfUniqueness.Contains(c.Name)), refusal,
            "Neither the file nor what is in it was contributed before by anybody else.",
            "That nobody was paid for these rows before, as far as this validator has seen the dataset.",
            "That one person has one account, or that nobody will copy it later."),
        Find(checks.Where(c => c.Name == Value), refusal,
            "It has rows that are worth something and were not contributed before.",
            "That there is something to pay for.",
            "That what the rows say is true."));

    private static Finding Authenticity(IReadOnlyList<CheckResult> checks, Refusal? refusal)
    {
        bool hasIds = checks.Any(c => c.Name == IdTime && c.Outcome == CheckOutcome.Passed);
        return Find(
            checks.Where(c => c.Name == IdTime || c.Name.StartsWith(Structure, StringComparison.Ordinal)), refusal,
            hasIds ? "The file is whole and consistent in itself, and its ids were given when its rows say." : "The file is whole and consistent in itself.",
            hasIds ? "That it was not clumsily edited, and that its rows were not simply made up." : "That it was not clumsily edited.",
            "That the platform made it as it is: nothing in it is signed.");
    }

    private static Finding Find(IEnumerable<CheckResult> checks, Refusal? refusal, string passed, string proves, string doesNotProve)
    {
        CheckResult[] made = [.. checks];
        Dictionary<string, string> figures = [];
        foreach ((string name, string value) in made.Where(c => c.Evidence is not null).SelectMany(c => c.Evidence!))
            figures.TryAdd(name, value);
        if (made.FirstOrDefault(c => c.Outcome == CheckOutcome.Failed) is { } failed)
            return new Finding(CheckOutcome.Failed, refusal?.Detail ?? failed.Reason, "Nothing.", proves, figures.Count == 0 ? null : figures);
        return made.Any(c => c.Outcome == CheckOutcome.Passed)
            ? new Finding(CheckOutcome.Passed, passed, proves, doesNotProve, figures.Count == 0 ? null : figures)
            : Finding.NotChecked("It was not reached: the file was refused before.");
    }
}
