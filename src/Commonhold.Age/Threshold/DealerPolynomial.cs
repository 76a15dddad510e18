namespace Commonhold.Age;

/// <summary>One dealer's secret polynomial of degree t − 1, and what the others check about it (Feldman's scheme).</summary>
internal sealed class DealerPolynomial : IDisposable
{
    private const int ProofSize = GroupPoint.Size + ScalarMath.Size;

    private readonly SecretBytes[] coefficients;

    internal DealerPolynomial(SecretBytes[] coefficients) => this.coefficients = coefficients;

    internal IReadOnlyList<SecretBytes> Coefficients => coefficients;

    internal static DealerPolynomial Generate(int threshold) =>
        new([.. Enumerable.Range(0, threshold).Select(_ => ScalarMath.Random())]);

    internal GroupPoint[] Commit() => [.. coefficients.Select(c => GroupPoint.BaseTimes(c.Span))];

    /// <summary>f(index), the share of guardian <paramref name="index"/>.</summary>
    internal SecretBytes Evaluate(int index)
    {
        var point = ScalarMath.Small(index);
        var value = SecretBytes.CopyOf(coefficients[^1].Span);
        for (var k = coefficients.Length - 2; k >= 0; k--)
        {
            Sodium.ScalarMultiply(value.Span, value.Span, point);
            Sodium.ScalarAdd(value.Span, value.Span, coefficients[k].Span);
        }

        return value;
    }

    /// <summary>A Schnorr proof that the dealer knows a₀: without it a late dealer could cancel the others' part.</summary>
    internal byte[] Prove(byte[] terms, int dealer)
    {
        using var nonce = ScalarMath.Random();
        var first = GroupPoint.BaseTimes(nonce.Span);
        var challenge = Challenge(terms, dealer, GroupPoint.BaseTimes(coefficients[0].Span), first);
        var proof = new byte[ProofSize];
        first.Bytes.CopyTo(proof);
        ScalarMath.Respond(nonce.Span, challenge, coefficients[0].Span, proof.AsSpan(GroupPoint.Size));
        return proof;
    }

    internal static bool Knows(byte[] terms, int dealer, GroupPoint commitment, ReadOnlySpan<byte> proof)
    {
        if (proof.Length != ProofSize || !ScalarMath.IsCanonical(proof[GroupPoint.Size..])
            || GroupPoint.TryParse(proof[..GroupPoint.Size]) is not { } first) return false;
        try
        {
            // z·B = R + c·A₀.
            return GroupPoint.BaseTimes(proof[GroupPoint.Size..])
                .Equals(first.Plus(commitment.Times(Challenge(terms, dealer, commitment, first))));
        }
        catch (AgeException refusal) when (refusal.Code == AgeErrors.PointRefused)
        {
            return false;
        }
    }

    /// <summary>f(index)·B = Σ A_k · index^k.</summary>
    internal static bool ShareFits(IReadOnlyList<GroupPoint> commitments, int index, ReadOnlySpan<byte> share)
    {
        if (!ScalarMath.IsCanonical(share)) return false;
        try
        {
            return GroupPoint.BaseTimes(share).Equals(ThresholdKey.Evaluate(commitments, index));
        }
        catch (AgeException refusal) when (refusal.Code == AgeErrors.PointRefused)
        {
            return false;
        }
    }

    public void Dispose()
    {
        foreach (var coefficient in coefficients) coefficient.Dispose();
    }

    private static byte[] Challenge(byte[] terms, int dealer, GroupPoint commitment, GroupPoint first) => ScalarMath.Challenge(
        "commonhold/v1/ceremony-proof\n"u8, terms, ScalarMath.Small(dealer), commitment.Bytes.ToArray(), first.Bytes.ToArray());
}
