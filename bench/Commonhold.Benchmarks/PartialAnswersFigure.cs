using System.Diagnostics;
using Commonhold.Age;

namespace Commonhold.Benchmarks;

/// <summary>A guardian's answers per second on one core beside libsodium's bare multiplication of the same points.</summary>
internal sealed class PartialAnswersFigure : IFigure
{
    private const int Points = 1000;
    private const int Rounds = 15;
    private const double GoalRatio = 0.8;

    public string Name => "partial-answers";

    public string Description => "a guardian's answers per second and core beside bare libsodium multiplication";

    public async Task<FigureResult> RunAsync(TextWriter log, CancellationToken cancellationToken)
    {
        using var share = OneGuardian();
        var shares = Enumerable.Range(0, Points).SelectMany(_ => AgeHeader.Parse(AgeFile.Seal([], share.Key.Recipient)).X25519Shares[0].ToArray()).ToArray();
        var points = shares.Chunk(32).SelectMany(s => GroupPoint.FromShare(s).Bytes.ToArray()).ToArray();
        var scalar = new byte[32];
        scalar.AsSpan().Fill(0x0A);
        var answers = new byte[shares.Length];

        var pairs = new List<(double Ours, double Peer)>();
        for (var round = 0; round <= Rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var clock = Stopwatch.StartNew();
            if (share.Answer(shares, answers) != 0) throw new InvalidOperationException("An honest share was refused.");
            var ours = Points / clock.Elapsed.TotalSeconds;
            clock.Restart();
            for (var at = 0; at < points.Length; at += 32)
            {
                if (Libsodium.Multiply(answers.AsSpan(at, 32), scalar, points.AsSpan(at, 32)) != 0) throw new InvalidOperationException("A point was refused.");
            }

            // The first round warms both up.
            if (round > 0) pairs.Add((ours, Points / clock.Elapsed.TotalSeconds));
        }

        var median = pairs.OrderBy(p => p.Ours / p.Peer).ElementAt(pairs.Count / 2);
        var ratio = median.Ours / median.Peer;
        await log.WriteLineAsync($"partial-answers: {median.Ours:0} a second and core against {median.Peer:0}");
        return new FigureResult(
            Name, "answers/s per core", median.Ours, median.Peer, ratio, $"≥ {GoalRatio}", ratio >= GoalRatio,
            new Dictionary<string, double> { ["pairs"] = pairs.Count, ["batch"] = Points, ["lowestRatio"] = pairs.Min(p => p.Ours / p.Peer) });
    }

    private static KeyShare OneGuardian()
    {
        using var identity = X25519Identity.Generate();
        using var ceremony = KeyCeremony.Start(new CeremonyTerms("bench"u8.ToArray(), 1, 1), 1, identity);
        using var saved = ceremony.Share!.Save();
        return KeyShare.Load(saved.Span);
    }
}
