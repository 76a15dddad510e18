using System.Text.Json.Serialization;

namespace Commonhold.Client;

/// <summary>What each evidence level is worth, in per mille of the full value; 0 to 1000.</summary>
public sealed record EvidenceWeights(
    ushort Wallet,
    ushort Structure,
    [property: JsonPropertyName("account_code")] ushort AccountCode,
    [property: JsonPropertyName("sign_in")] ushort SignIn,
    ushort Email,
    ushort Fetched,
    [property: JsonPropertyName("openid")] ushort OpenId)
{
    public const ushort Full = 1000;

    public ushort Of(EvidenceLevel level) => level switch
    {
        EvidenceLevel.Wallet => Wallet,
        EvidenceLevel.Structure => Structure,
        EvidenceLevel.AccountCode => AccountCode,
        EvidenceLevel.SignIn => SignIn,
        EvidenceLevel.Email => Email,
        EvidenceLevel.Fetched => Fetched,
        EvidenceLevel.OpenId => OpenId,
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, "There is no such level."),
    };

    internal bool IsPossible => Enum.GetValues<EvidenceLevel>().All(level => Of(level) <= Full);
}

/// <summary>Where checks draw their lines. Rows are counted over all files of an export.</summary>
/// <param name="AuthoredRows">An export that shares more authored rows than this with another account is a copy.</param>
/// <param name="AuthoredPercent">It is one as well when it shares this part of its authored rows, but never for <paramref name="AuthoredTolerated"/> or fewer.</param>
/// <param name="AuthoredTolerated">So few shared rows earn nothing and prove nothing: planting them locks nobody out.</param>
/// <param name="HistoryRows">So many equal history rows join two accounts to one cluster.</param>
/// <param name="TextsPercent">An export of whose compared texts this part is nearly those of one other account is an edited copy, but never
/// for <paramref name="TextsTolerated"/> or fewer.</param>
/// <param name="TextsTolerated">So few near-duplicates prove nothing: people quote each other.</param>
/// <param name="OffCurvePermille">More rows than this off the id–time curve fail authenticity.</param>
/// <param name="MinimumRows">An export with fewer valued rows fails quality.</param>
/// <param name="MaxPointsPerVerdict">What one verdict pays at most; what lies above stays due.</param>
/// <param name="MaxPointsPerCluster">What one cluster is paid at most, ever.</param>
public sealed record PolicyThresholds(
    uint AuthoredRows,
    uint AuthoredPercent,
    uint AuthoredTolerated,
    uint HistoryRows,
    uint TextsPercent,
    uint TextsTolerated,
    uint OffCurvePermille,
    uint MinimumRows,
    Points MaxPointsPerVerdict,
    Points MaxPointsPerCluster)
{
    /// <summary>19 rows or 10 %, 2 tolerated; 3 history rows; 10 % of the texts, 3 tolerated; 5 % off the curve; a verdict pays at most 100,000 tokens.</summary>
    public static PolicyThresholds Standard { get; } =
        new(19, 10, 2, 3, 10, 3, 50, 1, new Points(100_000_000_000), new Points(100_000_000_000));

    internal bool IsPossible =>
        AuthoredPercent is > 0 and <= 100 && HistoryRows > 0 && TextsPercent is > 0 and <= 100 && OffCurvePermille <= 1000
        && MaxPointsPerVerdict > Points.Zero && MaxPointsPerVerdict.Value < 1UL << 48 && MaxPointsPerCluster > Points.Zero
        && MaxPointsPerCluster.Value < 1UL << 62;
}
