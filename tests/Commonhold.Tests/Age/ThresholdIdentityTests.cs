using Commonhold.Age;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Commonhold.Tests.Age;

public sealed class ThresholdIdentityTests
{
    private static readonly List<KeyShare> ThreeOfFive = Ceremonies.Run(3, 5);

    [Fact]
    public void Any_t_guardians_open_a_file_and_fewer_do_not() => Prop.ForAll(
        Gen.Choose(1, 6).SelectMany(n => Gen.Choose(1, n).SelectMany(t => Gen.Shuffle(Enumerable.Range(0, n).ToArray()).Select(order => (t, n, order)))).ToArbitrary(),
        shape =>
        {
            var (t, n, order) = shape;
            var shares = Ceremonies.Run(t, n);
            var key = shares[0].Key;
            var file = AgeFile.Seal("held by nobody"u8, key.Recipient);
            var share = AgeHeader.Parse(file).X25519Shares[0];
            var answers = order.Select(i => shares[i].Answer(share.Span)).ToList();
            var identity = new ThresholdIdentity(key);

            using var opened = AgeFile.Open(file, identity.For(share, answers[..t]));
            Assert.Equal("held by nobody"u8, opened.Span);
            var few = Assert.Throws<AgeException>(() => AgeFile.Open(file, identity.For(share, answers[..(t - 1)])));
            Assert.Equal(AgeErrors.TooFewAnswers, few.Code);
            if (t > 1)
            {
                // The same guardian twice is still one guardian.
                var twice = answers[..(t - 1)].Append(answers[0]).ToList();
                Assert.Equal(AgeErrors.TooFewAnswers, Assert.Throws<AgeException>(() => identity.Combine(twice)).Code);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(25));

    [Fact]
    public void Fewer_than_t_guardians_cannot_pretend_a_lower_threshold() => Prop.ForAll(
        Gen.Shuffle(Enumerable.Range(0, 5).ToArray()).ToArbitrary(),
        order =>
        {
            var key = ThreeOfFive[0].Key;
            var file = AgeFile.Seal("x"u8, key.Recipient);
            var share = AgeHeader.Parse(file).X25519Shares[0];
            // Two guardians combine by the rule for two: the result is another group element.
            var pair = order[..2].Select(i => ThreeOfFive[i].Answer(share.Span)).ToList();
            var line = new ThresholdKey(5, [key.Commitments[0], key.Commitments[1]]);
            using var guess = new ThresholdIdentity(line).Combine(pair);
            using var truth = new ThresholdIdentity(key).Combine([.. order[..3].Select(i => ThreeOfFive[i].Answer(share.Span))]);
            Assert.False(truth.FixedTimeEquals(guess.Span));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(10));

    [Fact]
    public void Two_liars_whose_answers_cancel_each_other_are_asked_for_proofs_like_any()
    {
        var key = ThreeOfFive[0].Key;
        var file = AgeFile.Seal("x"u8, key.Recipient);
        var share = AgeHeader.Parse(file).X25519Shares[0];
        // Chosen so that the weighed answers of 1 and 2 add up to the identity when 3 is the third.
        var inverse = new byte[ScalarMath.Size];
        Assert.Equal(0, Sodium.ScalarInvert(inverse, ScalarMath.LagrangeAtZero(2, [1, 2, 3])));
        var first = ThreeOfFive[0].Answer(share.Span);
        var weighed = GroupPoint.Parse(first.Point.Span).Times(ScalarMath.LagrangeAtZero(1, [1, 2, 3]));
        var opposite = GroupPoint.BaseTimes(ScalarMath.Small(1)).Minus(weighed.Plus(GroupPoint.BaseTimes(ScalarMath.Small(1))));
        var second = new PartialAnswer(2, opposite.Times(inverse).Bytes.ToArray());
        var identity = new ThresholdIdentity(key);
        var refusal = Assert.Throws<AgeException>(() => AgeFile.Open(file, identity.For(share, [first, second, ThreeOfFive[2].Answer(share.Span)])));
        Assert.Equal(AgeErrors.WrongAnswer, refusal.Code);
        Assert.Equal([2], identity.NameLiars(share, [(first, ThreeOfFive[0].Prove(share.Span)), (second, null)]));
    }

    [Fact]
    public void A_wrong_answer_is_named_and_the_file_opens_without_it()
    {
        var key = ThreeOfFive[0].Key;
        var file = AgeFile.Seal("x"u8, key.Recipient);
        var share = AgeHeader.Parse(file).X25519Shares[0];
        var other = AgeHeader.Parse(AgeFile.Seal("y"u8, key.Recipient)).X25519Shares[0];
        // Guardian 2 answers for another file, a genuine point of the group.
        var answers = ThreeOfFive.ConvertAll(s => s.Answer(s.Index == 2 ? other.Span : share.Span));
        var proofs = ThreeOfFive.ConvertAll(s => (answers[s.Index - 1], (DleqProof?)s.Prove(share.Span)));
        var identity = new ThresholdIdentity(key);

        var refusal = Assert.Throws<AgeException>(() => AgeFile.Open(file, identity.For(share, answers[..3])));
        Assert.Equal(AgeErrors.WrongAnswer, refusal.Code);
        Assert.Equal([2], identity.NameLiars(share, proofs));
        using var opened = AgeFile.Open(file, identity.For(share, [answers[0], answers[2], answers[3]]));
        Assert.Equal("x"u8, opened.Span);
    }

    [Fact]
    public void A_proof_holds_for_its_own_guardian_share_and_answer_only()
    {
        var key = ThreeOfFive[0].Key;
        var share = AgeHeader.Parse(AgeFile.Seal("x"u8, key.Recipient)).X25519Shares[0];
        var other = AgeHeader.Parse(AgeFile.Seal("x"u8, key.Recipient)).X25519Shares[0];
        var guardian = ThreeOfFive[1];
        var answer = guardian.Answer(share.Span);
        var proof = guardian.Prove(share.Span);

        Assert.True(DleqProof.Parse(proof.ToBytes()).Proves(key, share.Span, answer));
        Assert.False(proof.Proves(key, other.Span, answer));
        Assert.False(proof.Proves(key, share.Span, guardian.Answer(other.Span)));
        Assert.False(proof.Proves(key, share.Span, answer with { Guardian = 3 }));
        Assert.False(proof.Proves(key, share.Span, answer with { Guardian = 9 }));
        Assert.False(proof.Proves(Ceremonies.Run(3, 5)[0].Key, share.Span, answer));
        for (var bit = 0; bit < DleqProof.Size * 8; bit += 37)
        {
            var changed = proof.ToBytes();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            // Either not a canonical scalar, or a proof of nothing.
            try
            {
                Assert.False(DleqProof.Parse(changed).Proves(key, share.Span, answer));
            }
            catch (AgeException refusal)
            {
                Assert.Equal(AgeErrors.WrongAnswer, refusal.Code);
            }
        }
    }

    [Fact]
    public void A_batch_answers_as_one_by_one_and_marks_what_it_refuses()
    {
        var shares = Enumerable.Range(0, 150).Select(_ => AgeHeader.Parse(AgeFile.Seal([], ThreeOfFive[0].Key.Recipient)).X25519Shares[0].ToArray()).ToList();
        shares[70] = HostilePoints.OrderTwoAdded(shares[71]);
        var answers = new byte[shares.Count * 32];

        Assert.Equal(1, ThreeOfFive[0].Answer(shares.SelectMany(s => s).ToArray(), answers));
        for (var i = 0; i < shares.Count; i++)
        {
            var answer = new PartialAnswer(1, answers.AsMemory(i * 32, 32));
            Assert.Equal(i == 70, answer.IsRefusal);
            if (i != 70) Assert.Equal(ThreeOfFive[0].Answer(shares[i]).Point.ToArray(), answer.Point.ToArray());
        }
    }

    [Fact]
    public void A_saved_share_loads_and_a_changed_one_is_refused()
    {
        using var saved = ThreeOfFive[4].Save();
        using var loaded = KeyShare.Load(saved.Span);
        Assert.Equal(5, loaded.Index);
        Assert.Equal(ThreeOfFive[0].Key.Recipient, loaded.Key.Recipient);
        for (var at = 0; at < saved.Length; at += 7)
        {
            var changed = saved.Span.ToArray();
            changed[at] ^= 1;
            Assert.Throws<AgeException>(() => KeyShare.Load(changed));
        }

        Assert.Throws<AgeException>(() => KeyShare.Load(saved.Span[..^1]));
    }
}
