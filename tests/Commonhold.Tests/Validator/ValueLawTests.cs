using Commonhold.Client;
using Commonhold.Exports.Reddit;
using Commonhold.Validator.Uniqueness;
using Commonhold.Validator.Value;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Commonhold.Tests.Validator;

public class ValueLawTests
{
    private static readonly RedditFormat Format = new();
    private static readonly AccountLedger Empty = AccountLedger.Empty(Format);
    private static readonly CellNames NoNames = CellNames.None;

    // Each key has one cell, as in honest exports; its quality may differ from upload to upload.
    private static readonly Gen<ValuedRow> Row =
        from key in Gen.Choose(0, 60)
        from quality in Gen.Choose(0, 255)
        select new ValuedRow((ulong)key * 0x9E3779B97F4A7C15, ((ulong)((key % 3) + 1) << 56) + (ulong)(key % 7), (byte)quality);

    private static Arbitrary<List<ValuedRow>> Rows => Row.ListOf().Select(l => l.ToList()).ToArbitrary();

    [Fact]
    public void Contributing_again_pays_exactly_nothing() => Prop.ForAll(Rows, rows =>
    {
        var (_, ledger) = Empty.TopUp(RowSet.From(rows), NoNames);
        var (again, next) = ledger.TopUp(RowSet.From(rows), NoNames);
        return again.Earned == Points.Zero && again.NewRows == 0 && next.PaidPoints == ledger.PaidPoints;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_split_in_any_order_pays_the_same_total_to_the_point() => Prop.ForAll(Rows, ArbMap.Default.ArbFor<int>(), (rows, seed) =>
    {
        var whole = Empty.TopUp(RowSet.From(rows), NoNames).Next;
        var ledger = Empty;
        var earned = Points.Zero;
        var parts = rows.Select((row, i) => (row, Part: (uint)HashCode.Combine(i, seed) % 5)).GroupBy(r => r.Part, r => r.row);
        foreach (var part in parts.OrderBy(p => HashCode.Combine(p.Key, seed)))
        {
            (var valuation, ledger) = ledger.TopUp(RowSet.From(part), NoNames);
            earned += valuation.Earned;
        }

        return ledger.PaidPoints == whole.PaidPoints && earned == new Points((UInt128)whole.PaidPoints)
            && ledger.ToBytes().AsSpan().SequenceEqual(whole.ToBytes());
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void More_rows_are_never_worth_less() => Prop.ForAll(Rows, Rows, (rows, more) =>
    {
        var few = Empty.TopUp(RowSet.From(rows), NoNames).Next.PaidPoints;
        var many = Empty.TopUp(RowSet.From([.. rows, .. more]), NoNames).Next.PaidPoints;
        return many >= few;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_ledger_comes_back_from_its_bytes() => Prop.ForAll(Rows, rows =>
    {
        var ledger = Empty.TopUp(RowSet.From(rows), NoNames).Next;
        var back = AccountLedger.FromBytes(Format, ledger.ToBytes());
        return back.PaidPoints == ledger.PaidPoints && back.Rows.Rows.SequenceEqual(ledger.Rows.Rows);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_cut_ledger_is_not_read()
    {
        var bytes = Empty.TopUp(RowSet.From([new ValuedRow(1, 1UL << 56, 9)]), NoNames).Next.ToBytes();
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<InvalidDataException>(() => AccountLedger.FromBytes(Format, bytes.AsSpan(0, length)));
    }

    [Fact]
    public void Returns_diminish_within_a_cell_and_breadth_pays_more()
    {
        var oneCell = Enumerable.Range(0, 100).Select(i => new ValuedRow((ulong)i, 2UL << 56, 255));
        var manyCells = Enumerable.Range(0, 100).Select(i => new ValuedRow((ulong)i, (2UL << 56) + (ulong)i, 255));
        var bulk = Empty.TopUp(RowSet.From(oneCell), NoNames).Next.PaidPoints;
        var breadth = Empty.TopUp(RowSet.From(manyCells), NoNames).Next.PaidPoints;
        Assert.Equal((long)(1_000_000 * Math.Log(101)), bulk);
        Assert.Equal(100 * (long)(1_000_000 * Math.Log(2)), breadth);
    }

    [Fact]
    public void A_row_that_moved_to_another_community_is_a_contradiction_and_refused()
    {
        var (_, ledger) = Empty.TopUp(RowSet.From([new ValuedRow(1, (2UL << 56) | 5, 9)]), NoNames);
        var (valuation, _) = ledger.TopUp(RowSet.From([new ValuedRow(1, (2UL << 56) | 6, 9)]), NoNames);
        Assert.Equal("contribution.contradiction", valuation.Refusal?.Code);
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
