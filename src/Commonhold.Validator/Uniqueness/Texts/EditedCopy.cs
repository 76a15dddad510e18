using Commonhold.Client;

namespace Commonhold.Validator.Uniqueness.Texts;

/// <summary>Decides whether an export's texts were copied from another cluster and edited.</summary>
/// <remarks>People quote, and say the same things; but four texts of 24 5-grams and more that are one other person's, and a tenth of
/// all (the standard policy's lines), are not chance: among the 40 real exports no two share a single one.</remarks>
internal static class EditedCopy
{
    /// <returns>Null when it may pass.</returns>
    public static Refusal? Judge(TextComparison comparison, PolicyThresholds thresholds)
    {
        if (comparison.Clusters is not [var most, ..] || most.Texts <= thresholds.TextsTolerated || most.Texts * 100L < (long)most.Compared * thresholds.TextsPercent)
            return null;
        return new Refusal(
            "contribution.edited_copy",
            $"{most.Texts:N0} of {most.Compared:N0} compared texts are nearly those of another account.",
            "Contribute the export of your own account; prove that it is yours if somebody has copied you.");
    }
}
