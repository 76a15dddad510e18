using Commonhold.Client;
using Commonhold.Exports.Reddit;
using Commonhold.Validator.Uniqueness;
using Commonhold.Validator.Value;
using Xunit;

namespace Commonhold.Tests.Validator;

public class ValueTests
{
    [Fact]
    public void The_curve_follows_the_logarithm_and_never_gains_more_than_the_step_before()
    {
        var before = (ulong)0;
        var step = ulong.MaxValue;
        for (var q = 1L; q < 200_000; q++)
        {
            var now = LogCurve.Of(q);
            Assert.InRange(now - before, 0UL, step);
            (step, before) = (now - before, now);
        }

        for (var q = 1.0; q < 1e6; q *= 1.01)
            Assert.Equal(Math.Log(1 + ((long)q / 255.0)), LogCurve.Of((long)q) / (double)(1UL << LogCurve.Bits), 2e-4);
        for (long q = 255, s = 1; q < 1L << 41; q += s, s = q / 77)
            Assert.True(LogCurve.Of(q + (2 * s)) - LogCurve.Of(q + s) <= LogCurve.Of(q + s) - LogCurve.Of(q), $"{q} + {s}");
        Assert.Equal(LogCurve.Of(1L << 40), LogCurve.Of(long.MaxValue));
    }

    [Fact]
    public void Returns_diminish_within_a_cell_and_breadth_pays_more()
    {
        using ValueWorld bulk = new(), breadth = new();
        var weight = ValueWorld.Terms.Weights.Email;
        var inOne = bulk.Prove(1, Enumerable.Range(0, 100).Select(i => new ValuedRow((ulong)i, 2UL << 56, 255)));
        var inMany = breadth.Prove(1, Enumerable.Range(0, 100).Select(i => new ValuedRow((ulong)i, (2UL << 56) + (ulong)i, 255)));
        Assert.Equal(weight * 1000 * Math.Log(101), inOne, 50.0);
        Assert.Equal(weight * 1000 * 100 * Math.Log(2), inMany, 50.0);
    }

    [Fact]
    public void Two_strangers_without_proof_share_a_cell_and_two_proved_people_do_not()
    {
        using ValueWorld pool = new(), proved = new();
        ValuedRow mine = ValueWorld.Row(1), yours = ValueWorld.Foreign(mine, 2);
        Assert.True(pool.Upload(1, [mine]) > pool.Upload(2, [yours]));
        Assert.Equal(proved.Prove(1, [mine]), proved.Prove(2, [yours]));
    }

    [Fact]
    public void Better_evidence_for_the_same_rows_pays_the_difference_and_worse_takes_nothing()
    {
        using var world = new ValueWorld();
        ValuedRow[] rows = [.. Enumerable.Range(0, 40).Select(i => ValueWorld.Row(i))];
        var first = world.Prove(1, rows, EvidenceLevel.AccountCode);
        var second = world.Prove(1, rows, EvidenceLevel.Fetched);
        Assert.Equal(1000.0 / 700, (first + second) / (double)first, 1e-4);
        Assert.Equal(0, world.Prove(1, rows, EvidenceLevel.OpenId));
        Assert.Equal(0, world.Prove(1, rows, EvidenceLevel.Structure));
    }

    [Fact]
    public void What_an_unproved_export_said_lends_no_quality_to_a_row_that_was_proved()
    {
        using ValueWorld doctored = new(), honest = new();
        doctored.Prove(1, [ValueWorld.Row(1, quality: 255)], EvidenceLevel.Structure);
        var more = doctored.Prove(1, [ValueWorld.Row(1, quality: 10)], EvidenceLevel.Fetched);
        var plain = honest.Prove(1, [ValueWorld.Row(1, quality: 10)], EvidenceLevel.Fetched);
        Assert.True(more < plain);
        Assert.Equal(2, doctored.Ledger(1)!.Rows.Count);
        Assert.Equal(1, doctored.Ledger(1)!.Rows.Cells().Values.Single().Rows);
    }

    [Fact]
    public void Evidence_that_is_worth_nothing_uses_nothing_up()
    {
        using var world = new ValueWorld();
        var valuation = world.Assess(1, 1, [ValueWorld.Row(1)], EvidenceLevel.Wallet, isProved: false);
        Assert.Equal((Points.Zero, 1), (valuation.Earned, valuation.NewRows));
        world.Book.Accept(valuation, new(1));
        Assert.True(world.Upload(1, [ValueWorld.Row(1)]) > 0);
    }

    [Fact]
    public void What_lies_above_a_limit_stays_due_and_a_cluster_is_never_paid_beyond_its_own()
    {
        using var world = new ValueWorld { Paying = ValueWorld.Terms with { MaxPerVerdict = new Points(1_000_000), MaxPerCluster = new Points(2_500_000) } };
        ValuedRow[] rows = [.. Enumerable.Range(0, 40).Select(i => ValueWorld.Row(i))];
        Assert.Equal([1_000_000L, 1_000_000, 500_000, 0], Enumerable.Range(0, 4).Select(_ => world.Prove(1, rows)));
    }

    [Fact]
    public void What_other_validators_paid_counts_as_paid()
    {
        using ValueWorld here = new(), alone = new();
        ValuedRow[] rows = [.. Enumerable.Range(0, 40).Select(i => ValueWorld.Row(i))];
        var whole = alone.Upload(1, rows);
        Assert.Equal(whole - 1000, here.Upload(1, rows, paidElsewhere: 1000));
        Assert.Equal(0, here.Upload(1, rows, paidElsewhere: whole));
    }

    [Fact]
    public void A_row_that_moved_to_another_community_is_a_contradiction_and_refused()
    {
        using var world = new ValueWorld();
        world.Upload(1, [new ValuedRow(1, (2UL << 56) | 5, 9)]);
        var valuation = world.Assess(1, 1, [new ValuedRow(1, (2UL << 56) | 6, 9)], EvidenceLevel.Structure, isProved: false);
        Assert.Equal("contribution.contradiction", valuation.Refusal?.Code);
    }

    [Fact]
    public void An_explanation_adds_up_to_the_points_whatever_is_left_out_of_its_list()
    {
        using var world = new ValueWorld();
        var rows = Enumerable.Range(0, 900).Select(i => new ValuedRow((ulong)i, ((ulong)((i % 14) + 1) << 56) + (ulong)i, (byte)(i % 256)));
        var valuation = world.Assess(1, 1, rows, EvidenceLevel.Structure, isProved: false);
        var explanation = valuation.Explain(default);
        Assert.Equal(ValueExplanation.MaxCells, explanation.Cells.Count);
        Assert.Equal(900, explanation.Cells.Count + (int)explanation.OtherCells);
        Assert.Equal(valuation.Earned, explanation.Cells.Aggregate(explanation.OtherPoints, (sum, c) => sum + c.Points));
        Assert.Equal(valuation.Earned, valuation.Kinds.Aggregate(Points.Zero, (sum, k) => sum + k.Points));
        Assert.Equal((ulong)900, valuation.Kinds.Aggregate(0UL, (sum, k) => sum + k.NewRows));
    }

    [Fact]
    public void A_cut_ledger_is_not_read()
    {
        var bytes = new ValueLedger(true, RowSet.From([new ValuedRow(1, 1UL << 56, 9, 3)]), 1, 2, 3).ToBytes();
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<InvalidDataException>(() => ValueLedger.FromBytes(ValueWorld.Format, bytes.AsSpan(0, length)));
    }

    [Fact]
    public void The_logarithm_agrees_with_the_library_to_the_last_places()
    {
        for (var x = 1.0; x < 1e9; x = (x * 1.01) + 0.001)
            Assert.Equal(Math.Log(x), ExactLog.Ln(x), 1e-14 * Math.Max(1, Math.Log(x)));
        Assert.Equal(0, ExactLog.Ln(1));
    }

    [Theory]
    [InlineData("deleted", "[deleted]", 0, 0)]
    [InlineData("removed", "[removed]", 0, 0)]
    [InlineData("empty", "", 0, 0)]
    [InlineData("one word", "This.", 1, 20)]
    [InlineData("padding", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 1, 2)]
    [InlineData("a sentence", "Thanks! Here's hoping silly comic book shows don't trigger you in 2019!", 60, 140)]
    public void Text_is_worth_what_it_says(string name, string text, int least, int most)
    {
        Assert.NotEmpty(name);
        Assert.InRange(RedditTextQuality.Of(System.Text.Encoding.UTF8.GetBytes(text)), least, most);
    }

    [Fact]
    public void Rows_that_others_hold_can_be_taken_out()
    {
        var rows = RowSet.From([new ValuedRow(1, 1UL << 56, 9), new ValuedRow(2, 1UL << 56, 9)]);
        Assert.Equal(2UL, rows.Without(RowKeySet.From([1])).Rows[0].Key);
    }
}
