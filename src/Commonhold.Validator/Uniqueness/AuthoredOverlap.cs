using Commonhold.Client;
using Commonhold.Validator.State;

namespace Commonhold.Validator.Uniqueness;

/// <summary>How many authored rows an export shares with one other account.</summary>
internal readonly record struct SharedRows(AccountNumber Other, int Count);

/// <summary>Decides whether an export was copied from another account's.</summary>
/// <remarks>A comment or post has one author, so a shared id is proof that one of two exports was copied; it does not tell which.
/// The account that came first keeps its rows. The threshold lets a few clashes pass (they earn nothing: the caller takes them out
/// of the row set) so that planting somebody's two comments in one's own export does not lock that person out.</remarks>
internal static class AuthoredOverlap
{
    /// <param name="authored">Authored rows of this export.</param>
    /// <param name="shared">For every other account that holds any of them, how many.</param>
    /// <param name="thresholds">Of the policy.</param>
    public static Refusal? Judge(int authored, IEnumerable<SharedRows> shared, PolicyThresholds thresholds)
    {
        foreach (var other in shared)
        {
            var isShare = other.Count > thresholds.AuthoredTolerated && other.Count * 100L >= (long)authored * thresholds.AuthoredPercent;
            if (other.Count > thresholds.AuthoredRows || isShare)
                return new Refusal(
                    "contribution.copied",
                    $"{other.Count:N0} of {authored:N0} rows that only one person can have written ({other.Count * 100L / authored} %) already belong to another account.",
                    "Contribute the export of your own account, as the platform sent it; if somebody copied you, prove that the account is yours.");
        }

        return null;
    }
}
