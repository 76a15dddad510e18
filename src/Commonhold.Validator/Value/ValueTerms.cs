using System.Numerics;
using Commonhold.Client;

namespace Commonhold.Validator.Value;

/// <summary>What the policy says of paying.</summary>
/// <param name="MaxPerVerdict">What lies above stays due.</param>
/// <param name="MaxPerCluster">Ever.</param>
internal sealed record ValueTerms(EvidenceWeights Weights, Points MaxPerVerdict, Points MaxPerCluster)
{
    public static ValueTerms Of(ContributionPolicy policy) =>
        new(policy.Weights, policy.Thresholds.MaxPointsPerVerdict, policy.Thresholds.MaxPointsPerCluster);

    /// <summary>Per mille for a row that came under these levels: the best of them.</summary>
    public ushort WeightOf(byte evidence)
    {
        ushort best = 0;
        for (var rest = (uint)evidence; rest != 0; rest &= rest - 1)
            best = Math.Max(best, Weights.Of((EvidenceLevel)BitOperations.TrailingZeroCount(rest)));
        return best;
    }
}
