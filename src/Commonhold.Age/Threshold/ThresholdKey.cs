namespace Commonhold.Age;

/// <summary>The public side of a dataset key: t combined Feldman commitments, from which all else follows.</summary>
/// <remarks>D = C₀ is the dataset's point, its u-coordinate the recipient; S_i = Σ C_k · i^k is guardian i's public
/// share. Guardians are numbered from 1.</remarks>
public sealed class ThresholdKey
{
    public const int MaxGuardians = 64;

    private readonly GroupPoint[] commitments;
    private readonly GroupPoint[] publicShares;

    /// <param name="guardians">n, at most 64.</param>
    /// <param name="commitments">The t combined commitments; t is their number.</param>
    /// <exception cref="AgeException">The commitments give the identity somewhere: no honest ceremony does.</exception>
    public ThresholdKey(int guardians, IReadOnlyList<GroupPoint> commitments)
    {
        CheckShape(commitments.Count, guardians);
        this.commitments = [.. commitments];
        Guardians = guardians;
        publicShares = [.. Enumerable.Range(1, guardians).Select(index => Evaluate(this.commitments, index))];
        Recipient = new X25519Recipient(Point.ToMontgomery());
    }

    public int Threshold => commitments.Length;

    public int Guardians { get; }

    public IReadOnlyList<GroupPoint> Commitments => commitments;

    /// <summary>D, the dataset's public point.</summary>
    public GroupPoint Point => commitments[0];

    /// <summary>The <c>age1…</c> recipient of the dataset.</summary>
    public X25519Recipient Recipient { get; }

    /// <summary>From the chain's encoding: 32 bytes for each commitment.</summary>
    public static ThresholdKey Parse(int guardians, IEnumerable<ReadOnlyMemory<byte>> commitments) =>
        new(guardians, [.. commitments.Select(c => GroupPoint.Parse(c.Span))]);

    /// <summary>S_i of guardian <paramref name="index"/>, 1 to n.</summary>
    public GroupPoint PublicShare(int index)
    {
        CheckIndex(index, Guardians);
        return publicShares[index - 1];
    }

    internal static GroupPoint Evaluate(IReadOnlyList<GroupPoint> commitments, int index)
    {
        // Horner's rule, highest power first.
        var scalar = ScalarMath.Small(index);
        var sum = commitments[^1];
        for (var k = commitments.Count - 2; k >= 0; k--) sum = sum.Times(scalar).Plus(commitments[k]);
        return sum;
    }

    internal static void CheckShape(int threshold, int guardians)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threshold, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(guardians, MaxGuardians);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threshold, guardians);
    }

    internal static void CheckIndex(int index, int guardians)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(index, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, guardians);
    }
}
