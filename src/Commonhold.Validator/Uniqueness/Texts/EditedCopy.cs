using Commonhold.Client;

namespace Commonhold.Validator.Uniqueness.Texts;

/// <summary>Decides whether an export's texts were copied from another cluster and edited.</summary>
/// <remarks>People quote, and say the same things; but four texts of 24 5-grams and more that are one other person's, and a tenth of
/// all, are not chance: among the 40 real exports no two share a single one.</remarks>
internal static class EditedCopy
{
    public const int AlwaysTolerated = 3;
    public const int MostPercent = 10;

    /// <returns>Null when it may pass.</returns>
    public static Refusal? Judge(TextComparison comparison, int mostPercent = MostPercent)
    {
        if (comparison.Clusters is not [var most, ..] || most.Texts <= AlwaysTolerated || most.Texts * 100L < (long)most.Compared * mostPercent)
            return null;
        return new Refusal(
            "contribution.edited_copy",
            $"{most.Texts:N0} of {most.Compared:N0} compared texts are nearly those of another account.",
            "Contribute the export of your own account; prove that it is yours if somebody has copied you.");
    }
}
