namespace Commonhold.Benchmarks.Attacks;

/// <summary>What attacks on the pool earn beside honest people, and how many honest people are turned away.</summary>
/// <remarks>Public and deterministic. Goals: no attack earns more than its honest owners, 0.96 of it on average; every copy of 20 authored rows is
/// found; at most one honest contribution in a hundred is refused.</remarks>
internal sealed class AttackFigure(string? exports) : IFigure
{
    private const int People = 40;
    private const int Rounds = 5;

    // Points are rounded down by cell; a sum of many parts may differ from the whole by less than this.
    public const double Rounding = 1e-5;

    public string Name => "attacks";

    public string Description => "try every known fraud on a validator and compare its reward with honest people's (--exports DIR, or samples)";

    public async Task<FigureResult> RunAsync(TextWriter log, CancellationToken cancellationToken)
    {
        using var run = new AttackRun(await AttackCast.LoadAsync(exports, People, cancellationToken), Rounds, log);
        await log.WriteLineAsync($"  {"policy",-10} {"attack",-30} {"gain",6} {"worst",6}");
        var attacks = new List<AttackResult>();
        var honest = new List<HonestResult>();
        var copies = new List<CopyResult>();
        foreach (var policy in run.Policies)
        {
            attacks.AddRange(await run.AttackAsync(policy, cancellationToken));
            honest.Add(await run.HonestAsync(policy, cancellationToken));
            copies.Add(await run.CopiesAsync(policy, cancellationToken));
        }

        var counted = attacks.Where(a => !a.IsLimit).ToList();
        var (mean, worst) = (counted.Average(a => a.Gain), counted.Max(a => a.WorstGain));
        var found = copies.Sum(c => c.Found) / (double)copies.Sum(c => c.Copies);
        var refused = honest.Sum(h => h.Refused.Count) / (double)honest.Sum(h => h.Contributions);
        var details = new Dictionary<string, double>
        {
            ["meanGain"] = mean,
            ["worstGain"] = worst,
            ["attacksAboveHonest"] = counted.Count(a => a.WorstGain > 1 + Rounding),
            ["copiesFound"] = found,
            ["honestRefused"] = refused,
        };
        foreach (var attack in attacks)
            details[$"{attack.Policy}: {attack.Attack}"] = attack.Gain;
        return new FigureResult(
            Name, "of the honest reward", mean, 1, mean, "each ≤ 1.00, mean ≤ 0.96; copies found 100 %; honest refused ≤ 1 %",
            worst <= 1 + Rounding && mean <= 0.96 && found >= 1 && refused <= 0.01, details);
    }
}
