using Commonhold.Client;

namespace Commonhold.Validator.Verdicts;

/// <summary>Holds what was checked against what the dataset's policy requires. A check that was not made is a refusal, never a default.</summary>
internal static class PolicyGate
{
    public static Refusal? Judge(ContributionPolicy policy, EvidenceLevel level, Findings findings, IReadOnlyList<CheckResult> checks)
    {
        if (level < policy.MinimumLevel)
        {
            return new Refusal(
                "contribution.level_too_low", $"Its evidence reaches '{level.Name()}'; the dataset takes '{policy.MinimumLevel.Name()}' and above.",
                "Prove that the account is yours: the page Contribute offers how, and so does commonhold contribute --help.");
        }

        foreach (string name in policy.Required)
        {
            (bool isMet, string reason) = findings.Named.FirstOrDefault(f => f.Name == name).Finding is { } finding
                ? (finding.Outcome == CheckOutcome.Passed, finding.Reason)
                : Single(name, checks);
            if (!isMet)
                return new Refusal("contribution.check_missing", $"The dataset requires '{name}', which did not pass: {reason}", "Give what that check needs, or ask the DAO to change its policy.");
        }

        return null;
    }

    private static (bool IsMet, string Reason) Single(string name, IReadOnlyList<CheckResult> checks)
    {
        CheckResult[] made = [.. checks.Where(c => c.Name == name)];
        return made.Length == 0
            ? (false, "it was not made.")
            : (made.All(c => c.Outcome == CheckOutcome.Passed), made.First(c => c.Outcome != CheckOutcome.Passed || c == made[^1]).Reason);
    }
}
