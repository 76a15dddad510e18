using Commonhold.Client;
using Commonhold.Validator.Value;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Commonhold.Tests.Validator;

/// <summary>The laws of value, to the point: whole numbers on both sides, so there is nothing to tolerate.</summary>
public class ValueLawTests
{
    private static Arbitrary<int> Seed => ArbMap.Default.ArbFor<int>();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Contributing_again_pays_exactly_nothing(bool isProved) => Prop.ForAll(ValueWorld.Rows, rows =>
    {
        using var world = new ValueWorld();
        Pay(world, isProved, 1, rows);
        var before = world.Ledger(1)!.ToBytes();
        var again = world.Assess(1, 1, rows, Level(isProved), isProved);
        world.Book.Accept(again, new(1));
        return again.Earned == Points.Zero && again.NewRows == 0 && world.Ledger(1)!.ToBytes().AsSpan().SequenceEqual(before);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Any_split_in_any_order_pays_the_same_total(bool isProved) => Prop.ForAll(ValueWorld.Rows, Seed, (rows, seed) =>
    {
        using ValueWorld one = new(), many = new();
        var whole = Pay(one, isProved, 1, rows);
        Pay(many, isProved, 1, []);
        var parts = Parts(rows, 5, seed).Sum(part => Pay(many, isProved, 1, part));
        return parts == whole && many.Ledger(1)!.ToBytes().AsSpan().SequenceEqual(Ledger(one).ToBytes()) && one.Pool() == many.Pool();
        ValueLedger Ledger(ValueWorld world) => world.Ledger(1)!;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_export_split_over_twenty_wallets_between_others_earns_no_more_than_whole() =>
        Prop.ForAll(ValueWorld.Rows, ValueWorld.Rows, Seed, (rows, others, seed) =>
        {
            using ValueWorld one = new(), many = new();
            var distinct = rows.DistinctBy(r => r.Key).ToList();
            var crowd = others.Select((r, i) => ValueWorld.Foreign(r, 1000 + ((uint)i % 3))).ToList();
            var early = crowd.Take(crowd.Count / 3).ToList();
            one.Upload(900, early);
            many.Upload(900, early);
            var whole = one.Upload(1, distinct);

            // Each part in a wallet of its own, the others' uploads in between.
            var earned = 0L;
            var wallet = 1u;
            foreach (var part in Parts(distinct, 20, seed))
            {
                earned += many.Upload(wallet++, part);
                many.Upload(901 + (wallet % 5), crowd.Skip((int)wallet % 7).Take(2));
            }

            return earned <= whole;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Wallets_that_prove_to_be_one_person_earn_together_what_one_would() => Prop.ForAll(ValueWorld.Rows, Seed, (rows, seed) =>
    {
        using ValueWorld one = new(), many = new();
        var whole = one.Prove(1, rows);
        var wallet = 0u;
        var earned = Parts(rows, 20, seed).Sum(part => many.Prove(++wallet, part, root: 1));
        return earned == whole;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_later_proof_pays_the_difference_and_never_twice() => Prop.ForAll(ValueWorld.Rows, ValueWorld.Rows, (rows, others) =>
    {
        using ValueWorld later = new(), atOnce = new();
        later.Upload(2, others.Select(r => ValueWorld.Foreign(r, 2)));
        var first = later.Upload(1, rows);
        var second = later.Prove(1, rows);
        return first + second == Math.Max(first, atOnce.Prove(1, rows)) && later.Prove(1, rows) == 0 && !later.Ledger(1)!.IsPooled;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Who_leaves_the_pool_leaves_it_as_if_it_never_came() => Prop.ForAll(ValueWorld.Rows, ValueWorld.Rows, (rows, others) =>
    {
        using ValueWorld left = new(), never = new();
        left.Upload(1, rows);
        left.Upload(2, others.Select(r => ValueWorld.Foreign(r, 2)));
        never.Upload(2, others.Select(r => ValueWorld.Foreign(r, 2)));
        left.Prove(1, []);
        return left.Pool() == never.Pool();
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void More_rows_are_never_worth_less_and_add_less_to_more() => Prop.ForAll(Evidenced, Evidenced, Evidenced, (small, more, added) =>
    {
        var value = ValueFunction.Of(ValueWorld.Format);
        UInt128 few = Worth(small), many = Worth([.. small, .. more]);
        var onFew = Worth([.. small, .. added]) - few;
        var onMany = Worth([.. small, .. more, .. added]) - many;
        return many >= few && onMany <= onFew;
        UInt128 Worth(List<ValuedRow> rows) => new ValueLedger(false, RowSet.From(rows), 0, 0, 0).Worth(value, ValueWorld.Terms)
            .Values.Aggregate(UInt128.Zero, (sum, units) => sum + units);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Joined_clusters_are_due_what_one_would_have_been_less_what_both_were_paid() => Prop.ForAll(ValueWorld.Rows, ValueWorld.Rows, (mine, yours) =>
    {
        using ValueWorld two = new(), one = new();
        var paid = two.Prove(1, mine) + two.Prove(2, yours);
        two.Join(1, 2);
        var due = one.Prove(1, [.. mine, .. yours]);
        var after = two.Prove(2, [.. mine, .. yours], root: 1);
        return after == Math.Max(0, due - paid) && two.Ledger(2) is null && two.Prove(1, yours) == 0;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_unproved_wallet_that_turns_out_to_be_a_proved_persons_was_paid_for_the_same_rows() => Prop.ForAll(ValueWorld.Rows, rows =>
    {
        using ValueWorld world = new(), honest = new();
        var early = world.Upload(2, rows);
        world.Join(1, 2);
        var proved = world.Prove(1, rows);
        return early + proved == Math.Max(early, honest.Prove(1, rows)) && world.Pool().Length == 0;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Votes_that_a_proved_person_brought_under_an_invented_name_do_not_count_twice() => Prop.ForAll(ValueWorld.Rows, rows =>
    {
        using ValueWorld world = new(), honest = new();
        var votes = rows.Where(r => r.Cell >> 56 == 3).ToList();
        var early = world.Upload(2, votes.Select(r => ValueWorld.Foreign(r, 2)));
        world.Join(1, 2);
        return early + world.Prove(1, votes) == Math.Max(early, honest.Prove(1, votes));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_wallet_attached_to_a_proved_person_is_not_paid_again_for_what_it_brought_before() => Prop.ForAll(ValueWorld.Rows, rows =>
    {
        using var world = new ValueWorld();
        world.Upload(2, rows);
        world.Join(1, 2);
        var again = world.Assess(2, 1, rows, EvidenceLevel.Structure, isProved: false);
        return again.Earned == Points.Zero && again.NewRows == 0;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Less_novelty_never_pays_more_and_a_repeat_keeps_the_best() => Prop.ForAll(ValueWorld.Rows, Gen.Choose(0, 100).ToArbitrary(), (rows, percent) =>
    {
        using ValueWorld novel = new(), copied = new();
        var texts = RowSet.From(rows.Select(r => r with { HasText = r.Key % 2 == 0 }));
        var less = texts.WithNovelty(_ => percent / 100.0);
        var all = novel.Upload(1, texts.Rows.ToArray());
        var some = copied.Upload(1, less.Rows.ToArray());
        return some <= all && some + copied.Upload(1, texts.Rows.ToArray()) == all && copied.Upload(1, less.Rows.ToArray()) == 0;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_reweighting_changes_what_is_paid_and_not_how_often() => Prop.ForAll(ValueWorld.Rows, rows =>
    {
        using ValueWorld plain = new(), more = new() { Multiplier = 1500 };
        var paid = more.Prove(1, rows);
        return paid == plain.Prove(1, rows) * 3 / 2 && more.Prove(1, rows) == 0 && more.Prove(1, rows, paidElsewhere: paid) == 0;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_ledger_comes_back_from_its_bytes() => Prop.ForAll(Evidenced, rows =>
    {
        var ledger = new ValueLedger(rows.Count % 2 == 0, RowSet.From(rows), (UInt128)rows.Count << 70, rows.Count, rows.Count + 7);
        var back = ValueLedger.FromBytes(ValueWorld.Format, ledger.ToBytes());
        return back with { Rows = ledger.Rows } == ledger && back.Rows.Rows.SequenceEqual(ledger.Rows.Rows);
    }).QuickCheckThrowOnFailure();

    // Rows under any evidence that a policy may weigh.
    private static Arbitrary<List<ValuedRow>> Evidenced => (
        from key in Gen.Choose(0, 60)
        from quality in Gen.Choose(0, 255)
        from evidence in Gen.Choose(0, 0x7F)
        select ValueWorld.Row(key, quality) with { Evidence = (byte)evidence }).ListOf().Select(l => l.ToList()).ToArbitrary();

    private static EvidenceLevel Level(bool isProved) => isProved ? EvidenceLevel.Email : EvidenceLevel.Structure;

    private static long Pay(ValueWorld world, bool isProved, uint account, IEnumerable<ValuedRow> rows) =>
        isProved ? world.Prove(account, rows) : world.Upload(account, rows);

    private static IEnumerable<List<ValuedRow>> Parts(IEnumerable<ValuedRow> rows, uint count, int seed) => rows
        .Select((row, i) => (row, Part: (uint)HashCode.Combine(i, seed) % count))
        .GroupBy(r => r.Part, r => r.row)
        .OrderBy(p => HashCode.Combine(p.Key, seed))
        .Select(p => p.ToList());
}
