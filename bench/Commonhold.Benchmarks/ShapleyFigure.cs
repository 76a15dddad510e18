using Commonhold.Exports.Samples;
using System.Diagnostics;
using Commonhold.Validator.Value.Reweighting;

namespace Commonhold.Benchmarks;

/// <summary>Exact kNN-Shapley of one test point among 20,000 texts of 256 dimensions, one thread, beside the same in plain code:
/// 32-bit floats, one multiplication at a time, and a comparing sort.</summary>
internal sealed class ShapleyFigure : IFigure
{
    private const int Texts = 20_000;
    private const int Rounds = 40;

    public string Name => "shapley";

    public string Description => "exact kNN-Shapley values of 20,000 × 256 points for one test point, beside plain code";

    public Task<FigureResult> RunAsync(TextWriter log, CancellationToken cancellationToken)
    {
        var random = new SampleRandom(1);
        var texts = new LabelledTexts();
        var floats = new float[Texts][];
        var vector = new sbyte[TextFeatures.Dimensions];
        for (var i = 0; i < Texts; i++)
        {
            for (var d = 0; d < vector.Length; d++)
                vector[d] = (sbyte)(random.Below(41) - 20);
            texts.Add((uint)(i % 500), (ulong)random.Below(40), vector);
            floats[i] = Array.ConvertAll(vector, v => (float)v);
        }

        var nearest = new NearestFirst(texts);
        var values = new double[Texts];
        var isRight = new bool[Texts];
        double ours = Median(test =>
        {
            var order = nearest.To(texts.VectorOf(test), p => p != test);
            Mark(test);
            KnnShapley.Add(order, isRight, TaskValue.Neighbours, values);
        });
        double plain = Median(test =>
        {
            var distances = new double[Texts];
            var order = new int[Texts];
            for (var p = 0; p < Texts; p++)
            {
                order[p] = p;
                for (var d = 0; d < TextFeatures.Dimensions; d++)
                    distances[p] -= floats[p][d] * floats[test][d];
            }

            Array.Sort(distances, order);
            Mark(test);
            KnnShapley.Add(order, isRight, TaskValue.Neighbours, values);
        });
        return Task.FromResult(new FigureResult(
            Name, "ms a test point", ours, plain, ours / plain, "≤ 0.5", ours <= plain / 2,
            new Dictionary<string, double> { ["points"] = Texts, ["dimensions"] = TextFeatures.Dimensions, ["secondsFor1000Tests"] = ours }));

        void Mark(int test)
        {
            for (var p = 0; p < Texts; p++)
                isRight[p] = texts.LabelOf(p) == texts.LabelOf(test);
        }

        double Median(Action<int> work)
        {
            var times = new List<double>();
            for (var round = -5; round < Rounds; round++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var start = Stopwatch.GetTimestamp();
                work(Math.Abs(round) * 37);
                if (round >= 0)
                    times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            return times.Order().ElementAt(Rounds / 2);
        }
    }
}
