using System.Text;
using Commonhold.Client;
using Commonhold.Tests.Exports;
using Commonhold.Tests.Guardian;
using Commonhold.Validator.State;
using Commonhold.Validator.Uniqueness.Texts;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using Xunit.Abstractions;

namespace Commonhold.Tests.Validator.Uniqueness;

public class TextTests(ITestOutputHelper output)
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Theory]
    [InlineData("case and space", "  Hello   WORLD ", "helloworld")]
    [InlineData("punctuation", "d.o-n't, (stop)!", "dontstop")]
    [InlineData("accents", "Café CAFÉ cafe\u0301", "cafecafecafe")]
    [InlineData("look-alikes", "раусheсk", "paycheck")]
    [InlineData("invisible", "he\u200bl\u00adlo", "hello")]
    [InlineData("ideographs", "我们，走吧。", "我们走吧")]
    [InlineData("nothing", "?!…", "")]
    public void What_a_reader_does_not_see_does_not_count(string name, string text, string expected)
    {
        Assert.NotEmpty(name);
        Span<char> letters = stackalloc char[64];
        Assert.Equal(expected, letters[..NormalText.Read(Encoding.UTF8.GetBytes(text), letters)].ToString());
    }

    [Fact]
    public void Any_bytes_can_be_read_and_never_more_letters_than_asked() => Prop.ForAll<byte[]>(bytes =>
    {
        Span<char> letters = stackalloc char[7];
        return NormalText.Read(bytes, letters) <= 7;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Wide_and_narrow_registers_give_the_same_signature_as_plain_arithmetic()
    {
        var hash = new MinHash(Key);
        var keys = new FastKeys(3);
        uint[] shingles = [.. Enumerable.Range(0, 100).Select(_ => (uint)keys.Next())];
        uint[] wide = new uint[256], narrow = new uint[256], one = new uint[256];
        hash.Sign(shingles, wide);
        hash.Sign256(shingles, narrow);
        Assert.Equal(wide, narrow);
        Array.Fill(one, uint.MaxValue);
        foreach (var shingle in shingles)
        {
            var single = new uint[256];
            hash.Sign([shingle], single);
            for (var i = 0; i < 256; i++)
                one[i] = Math.Min(one[i], single[i]);
        }

        Assert.Equal(one, wide);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.5)]
    [InlineData(0.7)]
    [InlineData(0.9)]
    public void The_share_of_equal_numbers_estimates_the_similarity(double similarity)
    {
        var hash = new MinHash(Key);
        var keys = new FastKeys(11);
        var (sum, rounds) = (0.0, 200);
        for (var round = 0; round < rounds; round++)
        {
            // Two sets of 200 whose intersection over union is the similarity.
            var shared = (int)(400 * similarity / (1 + similarity));
            uint[] common = [.. Enumerable.Range(0, shared).Select(_ => (uint)keys.Next())];
            uint[] a = new uint[256], b = new uint[256];
            hash.Sign([.. common, .. Enumerable.Range(shared, 200 - shared).Select(_ => (uint)keys.Next())], a);
            hash.Sign([.. common, .. Enumerable.Range(shared, 200 - shared).Select(_ => (uint)keys.Next())], b);
            sum += a.AsSpan(0, 250).ToArray().Zip(b).Count(p => p.First == p.Second) / 250.0;
        }

        Assert.Equal(similarity, sum / rounds, 0.01);
    }

    [Fact]
    public void A_flood_of_texts_and_a_huge_text_leave_a_small_sketch()
    {
        var sampler = new TextSampler(Key);
        sampler.Offer(1, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 400_000).Select(i => $"{i} bottles "))));
        for (var i = 0; i < 3_000; i++)
            sampler.Offer((ulong)i + 2, Encoding.UTF8.GetBytes($"This is the text of row number {i} and of no other row {i * 7919}"));
        var sketch = sampler.ToSketch();
        Assert.Equal((TextSampler.MostTexts, 3_001), (sketch.Texts.Count, sketch.Eligible));
        Assert.All(sketch.Texts, t => Assert.InRange(t.Shingles, TextSampler.FewestShingles, NormalText.MaxLetters));
    }

    [RealExportsFact]
    public void No_real_export_is_like_another_and_edited_copies_of_them_are()
    {
        using var directory = new TemporaryDirectory();
        using var state = ValidatorState.Open(directory.Path);
        var exports = RealExports.Require().Select(RealTexts.Of).ToList();
        int alike = 0, refused = 0, rows = 0, texts = 0;
        for (var i = 0; i < exports.Count; i++)
        {
            var sketch = RealTexts.Sketch(Key, exports[i]);
            var comparison = state.Texts.Compare(sketch, null, false);
            rows += exports[i].Count;
            texts += comparison.Compared;
            alike += comparison.Similarities.Count;
            refused += EditedCopy.Judge(comparison, PolicyThresholds.Standard) is null ? 0 : 1;
            using var transaction = state.Begin();
            state.Texts.Add(sketch, new AccountNumber((uint)i + 1), false);
            transaction.Commit();
        }

        output.WriteLine($"honest: {exports.Count} exports, {rows} comments, {texts} compared, {alike} like another's, {refused} refused");
        Assert.Equal(0, refused);
        Assert.InRange(alike, 0, texts / 200);
        foreach (var (how, edit, least) in RealTexts.Edits)
        {
            var (caught, novelty, count) = (0, 0.0, 0);
            foreach (var export in exports)
            {
                var comparison = state.Texts.Compare(RealTexts.Sketch(Key, edit(export)), null, false);
                caught += EditedCopy.Judge(comparison, PolicyThresholds.Standard) is null ? 0 : 1;
                novelty += export.Select((_, row) => comparison.NoveltyOf((ulong)row)).Sum();
                count += export.Count;
            }

            output.WriteLine($"{how}: {caught} of {exports.Count} refused, mean novelty {novelty / count:0.000}");
            Assert.True(caught >= least, how);
        }
    }

    [Fact]
    public void Texts_that_an_unproved_stranger_brought_first_cost_a_proved_member_nothing()
    {
        using var directory = new TemporaryDirectory();
        using var state = ValidatorState.Open(directory.Path);
        var texts = Enumerable.Range(0, 20).Select(i => $"What I wrote on day {i * 37} about the {i * 1009} birds of the island").ToList();
        var sketch = RealTexts.Sketch(Key, texts);
        Commit(state, () => state.Texts.Add(sketch, new AccountNumber(1), false));
        Assert.NotNull(EditedCopy.Judge(state.Texts.Compare(sketch, new AccountNumber(2), isProved: false), PolicyThresholds.Standard));
        Assert.Equal(0, state.Texts.Compare(sketch, new AccountNumber(2), false).NoveltyOf(3), 0.001);
        Assert.Equal(1, state.Texts.Compare(sketch, new AccountNumber(1), false).NoveltyOf(3));

        Commit(state, () => state.Clusters.Prove(new AccountNumber(2)));
        Assert.Equal(1, state.Texts.Compare(sketch, new AccountNumber(2), isProved: true).NoveltyOf(3));
        Commit(state, () => state.Texts.Add(sketch, new AccountNumber(2), isProved: true));
        Assert.Equal(0, state.Texts.Compare(sketch, new AccountNumber(3), false).NoveltyOf(3), 0.001);
        Assert.Equal(new AccountNumber(2), Assert.Single(state.Texts.Compare(sketch, new AccountNumber(3), false).Clusters).Root);
    }

    [Fact]
    public void Without_the_key_the_sketch_of_a_known_text_is_another()
    {
        string[] text = ["A text that everybody can read on the front page of the site"];
        Assert.Empty(RealTexts.Sketch(Key, text).Texts[0].Bands.Intersect(RealTexts.Sketch(new byte[32], text).Texts[0].Bands));
    }

    private static void Commit(ValidatorState state, Action change)
    {
        using var transaction = state.Begin();
        change();
        transaction.Commit();
    }
}
