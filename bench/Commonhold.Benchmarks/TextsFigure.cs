using System.Diagnostics;
using System.Text;
using Commonhold.Validator.Uniqueness.Texts;

namespace Commonhold.Benchmarks;

/// <summary>MinHash signatures a second on one thread beside the plain loop over 128 permutations that others publish. Goal: at
/// least as many 5-grams a second, with twice as many permutations.</summary>
internal sealed class TextsFigure : IFigure
{
    private const int Shingles = 200;
    private const int Rounds = 20_000;

    public string Name => "texts";

    public string Description => "MinHash of texts with 256 permutations beside a plain loop over 128";

    public Task<FigureResult> RunAsync(TextWriter log, CancellationToken cancellationToken) => Task.Run(Run, cancellationToken);

    private FigureResult Run()
    {
        var hash = new MinHash(new byte[32]);
        var text = Encoding.UTF8.GetBytes(string.Join(' ', Enumerable.Range(0, 60).Select(i => Convert.ToString(i * 7919L, 8))));
        var letters = new char[NormalText.MaxLetters];
        var shingles = new uint[NormalText.MaxLetters];
        var count = hash.Shingles(letters.AsSpan(0, NormalText.Read(text, letters)), shingles);
        var sample = shingles.AsSpan(0, Math.Min(count, Shingles)).ToArray();
        var signature = new uint[MinHash.Permutations];
        var multipliers = sample.Concat(sample).Take(128).Select(s => s | 1).ToArray();

        var ours = Rate(sample.Length, () => hash.Sign(sample, signature));
        var narrow = Rate(sample.Length, () => hash.Sign256(sample, signature));
        var plain = Rate(sample.Length, () => Plain(sample, multipliers, signature));
        var read = Rate(count, () => hash.Shingles(letters.AsSpan(0, NormalText.Read(text, letters)), shingles));
        var sampled = Rate(1, () =>
        {
            var sampler = new TextSampler(new byte[32]);
            for (var row = 0UL; row < 100; row++)
            {
                text[3] = (byte)('a' + (row % 26));
                text[9] = (byte)('a' + (row / 26));
                sampler.Offer(row, text.AsSpan(0, 75));
            }

            sampler.ToSketch();
        });
        return new FigureResult(
            Name, "million 5-grams/s", ours / 1e6, plain / 1e6, ours / plain, "≥ 1 with twice the permutations", ours >= plain,
            new Dictionary<string, double>
            {
                ["eightAtATime"] = narrow / 1e6,
                ["normaliseAndShingle"] = read / 1e6,
                ["microsecondsOfAnExport"] = 1e6 / sampled,
            });
    }

    private static double Rate(int each, Action work)
    {
        var best = 0.0;
        for (var round = 0; round < 5; round++)
        {
            var clock = Stopwatch.StartNew();
            var used = Environment.CpuUsage.TotalTime;
            var times = 0;
            for (; times < Rounds && clock.Elapsed.TotalSeconds < 1; times++)
                work();
            best = Math.Max(best, each * times / (Environment.CpuUsage.TotalTime - used).TotalSeconds);
        }

        return best;
    }

    private static void Plain(ReadOnlySpan<uint> shingles, uint[] multipliers, Span<uint> signature)
    {
        signature.Fill(uint.MaxValue);
        foreach (var shingle in shingles)
        {
            for (var i = 0; i < multipliers.Length; i++)
                signature[i] = Math.Min(signature[i], (shingle ^ 0x5bd1e995) * multipliers[i]);
        }
    }
}
