using System.Numerics;
using Commonhold.Validator.Value.Reweighting;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Commonhold.Tests.Validator;

public class KnnShapleyTests
{
    // Which of the players, nearest first, have the right label; and k.
    private static Arbitrary<(bool[] IsRight, int K)> Games => (
        from n in Gen.Choose(1, 10)
        from right in Gen.Choose(0, 1).Select(b => b == 1).ArrayOf(n)
        from k in Gen.Choose(1, 7)
        select (right, k)).ToArbitrary();

    [Fact]
    public void The_recursion_gives_what_all_subsets_give() => Prop.ForAll(Games, game =>
    {
        var (isRight, k) = game;
        var exact = Exact(isRight, k);
        var brute = BruteForce(isRight, k);
        return exact.Zip(brute).All(v => Math.Abs(v.First - v.Second) < 1e-12);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Values_add_up_to_the_utility_of_all_points() => Prop.ForAll(Games, game =>
        Math.Abs(Exact(game.IsRight, game.K).Sum() - Utility(game.IsRight, game.K, uint.MaxValue)) < 1e-12).QuickCheckThrowOnFailure();

    [Fact]
    public void A_thousand_random_orders_come_near_the_exact_values_of_sixty_points()
    {
        var random = new Random(7);
        var isRight = Enumerable.Range(0, 60).Select(_ => random.Next(3) == 0).ToArray();
        const int K = 5, Orders = 20_000;
        var exact = Exact(isRight, K);
        var sums = new double[isRight.Length];
        for (var order = 0; order < Orders; order++)
        {
            var players = Enumerable.Range(0, isRight.Length).ToArray();
            random.Shuffle(players);
            var nearest = new SortedSet<int>();
            var before = 0.0;
            foreach (var player in players)
            {
                nearest.Add(player);
                var after = nearest.Take(K).Count(p => isRight[p]) / (double)K;
                sums[player] += after - before;
                before = after;
            }
        }

        // A marginal is at most 1/k either way, so the mean of 20,000 lies within five standard errors of 0.2/√20,000.
        for (var player = 0; player < isRight.Length; player++)
            Assert.Equal(exact[player], sums[player] / Orders, 5 * 0.2 / Math.Sqrt(Orders));
    }

    [Fact]
    public void Texts_alike_have_like_vectors_and_a_text_has_the_same_everywhere()
    {
        var (one, near, far) = (Vector("The night train to Dublin was late again."), Vector("the night TRAIN to Dublin is late, again!"), Vector("knitting wool for a small hat"));
        Assert.InRange(TextFeatures.Dot(one, one), 127 * 127 * 0.95, 127 * 127 * 1.05);
        Assert.True(TextFeatures.Dot(one, near) > 2 * Math.Abs(TextFeatures.Dot(one, far)));
        Assert.All(Vector("ab"), v => Assert.Equal(0, v));

        // Computed by another program (Python) by the same rules.
        Assert.Equal("13db014e", Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(one.Select(v => (byte)v).ToArray()).AsSpan(0, 4)));
    }

    [Fact]
    public void The_likeness_of_vectors_is_their_sum_of_products()
    {
        var random = new Random(3);
        for (var round = 0; round < 50; round++)
        {
            var a = Enumerable.Range(0, 256).Select(_ => (sbyte)random.Next(-127, 128)).ToArray();
            var b = Enumerable.Range(0, 256).Select(_ => (sbyte)random.Next(-127, 128)).ToArray();
            Assert.Equal(a.Zip(b).Sum(p => p.First * p.Second), TextFeatures.Dot(a, b));
        }
    }

    [Fact]
    public void Noise_is_worth_less_than_what_is_said_and_nobody_gains_by_own_tests()
    {
        string[] trains = ["train", "rails", "station", "platform", "signal", "carriage"], knitting = ["wool", "needle", "stitch", "yarn", "pattern", "purl"];
        var random = new Random(5);
        var texts = new LabelledTexts();
        for (var i = 0; i < 600; i++)
        {
            var label = (ulong)random.Next(2);
            var cluster = (uint)(1 + (i % 4));
            var words = string.Join(' ', Enumerable.Range(0, 8).Select(_ => (label == 0 ? trains : knitting)[random.Next(6)]));

            // Cluster 4 says nothing; its labels are by chance.
            texts.Add(cluster, label, Vector(cluster == 4 ? new string('x', 3 + random.Next(9)) + random.Next() : words));
        }

        var (clusters, tests, accuracy) = TaskValue.Of(texts);
        Assert.Equal((4, 120), (clusters.Count, tests));
        Assert.InRange(accuracy, 0.8, 1.0);
        var noise = clusters.Single(c => c.Cluster == 4);
        Assert.All(clusters.Where(c => c.Cluster != 4), c => Assert.True(c.Value > noise.Value && c.Multiplier > noise.Multiplier));
        Assert.All(clusters, c => Assert.InRange(c.Multiplier, TaskValue.Least, TaskValue.Most));

        // One cluster alone has no test to prove itself on.
        var alone = new LabelledTexts();
        for (var i = 0; i < 50; i++)
            alone.Add(1, 1, Vector("the same words again"));
        Assert.All(TaskValue.Of(alone).Clusters, c => Assert.Equal((0.0, 1000), (c.Value, c.Multiplier)));
    }

    private static sbyte[] Vector(string text)
    {
        var vector = new sbyte[TextFeatures.Dimensions];
        TextFeatures.Of(System.Text.Encoding.UTF8.GetBytes(text), vector);
        return vector;
    }

    private static double[] Exact(bool[] isRight, int k)
    {
        var values = new double[isRight.Length];
        KnnShapley.Add([.. Enumerable.Range(0, isRight.Length)], isRight, k, values);
        return values;
    }

    private static double Utility(bool[] isRight, int k, uint players) =>
        Enumerable.Range(0, isRight.Length).Where(p => (players >> p & 1) != 0).Take(k).Count(p => isRight[p]) / (double)k;

    // φ(i) = Σ over S without i of |S|!(n−|S|−1)!/n! · (u(S ∪ i) − u(S)).
    private static double[] BruteForce(bool[] isRight, int k)
    {
        var n = isRight.Length;
        var factorial = Enumerable.Range(0, n + 1).Select(i => Enumerable.Range(1, i).Aggregate(1.0, (f, j) => f * j)).ToArray();
        var values = new double[n];
        for (var set = 0u; set < 1u << n; set++)
        {
            var size = BitOperations.PopCount(set);
            for (var i = 0; i < n; i++)
            {
                if ((set >> i & 1) == 0)
                    values[i] += factorial[size] * factorial[n - size - 1] / factorial[n] * (Utility(isRight, k, set | (1u << i)) - Utility(isRight, k, set));
            }
        }

        return values;
    }
}
