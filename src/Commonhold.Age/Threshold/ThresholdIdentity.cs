namespace Commonhold.Age;

/// <summary>Opens files of a dataset from t guardians' answers; the dataset's private key is never formed.</summary>
/// <remarks>Flow: share E of the dataset's stanza → answers P_i = s_i·E → Σ λ_i·P_i = d·E → its u-coordinate is the
/// X25519 shared secret of age v1. Combining cannot see a wrong answer; unwrapping fails then, and
/// <see cref="NameLiars"/> tells whose answer it was from the proofs.</remarks>
public sealed class ThresholdIdentity(ThresholdKey key)
{
    public ThresholdKey Key => key;

    /// <summary>The X25519 shared secret from the first t answers of different guardians; the caller wipes it.</summary>
    /// <exception cref="AgeException"><c>age.too_few_answers</c>, or <c>age.wrong_answer</c> naming an answer that is no point.</exception>
    public SecretBytes Combine(IReadOnlyList<PartialAnswer> answers)
    {
        var chosen = answers.DistinctBy(a => a.Guardian).Take(key.Threshold).ToList();
        if (chosen.Count < key.Threshold)
        {
            throw new AgeException(
                AgeErrors.TooFewAnswers, $"{chosen.Count} guardians answered; {key.Threshold} of {key.Guardians} are needed.",
                "Ask the other guardians, or try again when more of them are up.");
        }

        var indices = chosen.ConvertAll(a => a.Guardian);
        GroupPoint? sum = null;
        foreach (var answer in chosen)
        {
            var term = Weigh(answer, indices);
            sum = sum is null ? term : Sum(sum, term);
        }

        var secret = new SecretBytes(GroupPoint.Size);
        Birational.ToMontgomery(sum!.Bytes, secret.Span);
        return secret;
    }

    /// <summary>An identity for files whose dataset stanza carries <paramref name="share"/>.</summary>
    public IAgeIdentity For(ReadOnlyMemory<byte> share, IReadOnlyList<PartialAnswer> answers) => new Identity(this, share, answers);

    /// <summary>The guardians whose answer is missing a proof that holds, in order of number; empty when all told the truth.</summary>
    public IReadOnlyList<int> NameLiars(
        ReadOnlyMemory<byte> share, IEnumerable<(PartialAnswer Answer, DleqProof? Proof)> answers) =>
        [.. answers.Where(a => a.Proof is null || !a.Proof.Proves(key, share.Span, a.Answer)).Select(a => a.Answer.Guardian).Order()];

    private GroupPoint Weigh(PartialAnswer answer, List<int> indices)
    {
        if (answer.Guardian >= 1 && answer.Guardian <= key.Guardians
            && GroupPoint.TryMultiply(answer.Point.Span, ScalarMath.LagrangeAtZero(answer.Guardian, indices)) is { } term)
        {
            return term;
        }

        throw new AgeException(
            AgeErrors.WrongAnswer, $"Guardian {answer.Guardian} answered with something that is not a point.",
            "Leave this guardian out.");
    }

    /// <summary>True answers never add up to the identity: d·E is no identity, and part of them are as good as random.</summary>
    private static GroupPoint Sum(GroupPoint left, GroupPoint right)
    {
        try
        {
            return left.Plus(right);
        }
        catch (AgeException refusal) when (refusal.Code == AgeErrors.PointRefused)
        {
            throw new AgeException(
                AgeErrors.WrongAnswer, "The answers cancel each other: one of them is wrong.", "Ask the guardians for proofs; they name the one that lies.");
        }
    }

    private sealed class Identity(ThresholdIdentity threshold, ReadOnlyMemory<byte> share, IReadOnlyList<PartialAnswer> answers)
        : IAgeIdentity
    {
        public FileKey? Unwrap(AgeHeader header)
        {
            var own = header.Stanzas.Select(X25519Stanza.TryRead).OfType<X25519Stanza>()
                .FirstOrDefault(stanza => stanza.Share.AsSpan().SequenceEqual(share.Span));
            if (own is null) return null;

            using var secret = threshold.Combine(answers);
            return own.TryUnwrap(threshold.Key.Recipient.Point, secret.Span) ?? throw new AgeException(
                AgeErrors.WrongAnswer, "The answers do not open the file: one of them is wrong, or the file is not for this dataset.",
                "Ask the guardians for proofs; they name the one that lies.");
        }
    }
}
