using System.Numerics;
using Commonhold.Client;

namespace Commonhold.Server.Revenue;

/// <summary>How much of one claim each of its distributions paid.</summary>
/// <remarks>The chain says what a claim paid in all. Each part is amount · balance / supply, off by a unit where others claimed before; the
/// parts are put right so that they add up to what was paid.</remarks>
internal static class ClaimedParts
{
    public static Wei Expected(Wei members, Wei balance, Wei supply) =>
        supply == Wei.Zero ? Wei.Zero : new Wei(members.Value * balance.Value / supply.Value);

    /// <param name="expected">In the order of the claim.</param>
    public static IReadOnlyList<Wei> Divide(Wei paid, IReadOnlyList<Wei> expected)
    {
        var parts = expected.ToArray();
        var rest = paid.Value - parts.Aggregate(BigInteger.Zero, (sum, part) => sum + part.Value);
        // The largest part has room for what is missing or too much: a unit or so for each distribution.
        for (var i = 0; i < parts.Length && !rest.IsZero; i++)
        {
            var largest = Array.IndexOf(parts, parts.Max());
            var taken = BigInteger.Max(rest, -parts[largest].Value);
            parts[largest] = new Wei(parts[largest].Value + taken);
            rest -= taken;
            if (taken.IsZero)
                break;
        }

        return parts;
    }
}
