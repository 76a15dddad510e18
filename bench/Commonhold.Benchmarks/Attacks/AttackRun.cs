namespace Commonhold.Benchmarks.Attacks;

/// <summary>What an attack brought under one policy, over several victims.</summary>
/// <param name="Gain">Paid to the attacker ÷ paid to honest owners of the same files; the mean over the rounds.</param>
/// <param name="WorstGain">The highest of a round.</param>
/// <param name="Codes">Of the refusals, most frequent first.</param>
/// <param name="Left">Paid to victims who came after the attacker ÷ what they would have been paid without him; null where none does.</param>
/// <param name="Hurt">Codes with which honest people were turned away because of the attack.</param>
internal sealed record AttackResult(
    string Attack, string Policy, double Gain, double WorstGain, int Taken, IReadOnlyList<string> Codes, IReadOnlyList<string> Hurt, double? Left, bool IsLimit);

/// <summary>Honest contributions under one policy, and how many were refused.</summary>
internal sealed record HonestResult(string Policy, int Contributions, IReadOnlyList<string> Refused);

/// <summary>Exports with rows of somebody else among their own, and how many were found.</summary>
internal sealed record CopyResult(string Policy, int Copies, int Found);

/// <summary>Plays attacks and honest people against whole validators, each try in a copy of the same world.</summary>
internal sealed class AttackRun(AttackCast cast, int rounds, TextWriter log) : IDisposable
{
    private readonly TrialProvider _provider = new();

    public IReadOnlyList<AttackPolicy> Policies => AttackPolicy.All(_provider, cast.Now);

    public async Task<IReadOnlyList<AttackResult>> AttackAsync(AttackPolicy policy, CancellationToken cancellationToken)
    {
        using var world = await CrowdAsync(policy, cancellationToken);
        var results = new List<AttackResult>();
        foreach (var attack in AttackList.All.Where(a => policy.HasMail || !a.NeedsMail))
        {
            var scenes = new List<(double Gain, int Taken, IReadOnlyList<string> Codes, string? Hurt, double? Left)>();
            for (var round = 0; round < rounds; round++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var scene = new Scene(world.Fork(), cast, policy, _provider, round);
                await attack.PlayAsync(scene);
                scenes.Add((scene.Gained / scene.Honest, scene.Taken, scene.Codes, scene.Hurt, scene.HasLater ? scene.Left / scene.Honest : null));
            }

            results.Add(new AttackResult(
                attack.Name, policy.Name, scenes.Average(s => s.Gain), scenes.Max(s => s.Gain), scenes.Sum(s => s.Taken),
                [.. scenes.SelectMany(s => s.Codes).CountBy(c => c).OrderByDescending(c => c.Value).Select(c => c.Key)], [.. scenes.Select(s => s.Hurt).OfType<string>()], scenes.Average(s => s.Left), attack.IsLimit));
            var last = results[^1];
            await log.WriteLineAsync(
                $"  {policy.Name,-10} {last.Attack,-30} {last.Gain,6:0.000} {last.WorstGain,6:0.000}  taken {last.Taken,3}  {string.Join(' ', last.Codes)}"
                + (last.IsLimit ? "  (a limit, no part of the goal)" : "")
                + (last.Left is { } left ? $"  the victim then gets {left:0.000}" : "")
                + (last.Hurt.Count > 0 ? $"  (honest turned away: {string.Join(' ', last.Hurt.Distinct())})" : ""));
        }

        return results;
    }

    /// <summary>Everybody contributes, in several ways of being honest.</summary>
    public async Task<HonestResult> HonestAsync(AttackPolicy policy, CancellationToken cancellationToken)
    {
        var random = new AttackRandom(99);
        Func<ForgedExport, int, IEnumerable<ForgedExport>>[] ways =
        [
            (export, _) => [export],
            (export, i) => [export.Drifted(i)],
            (export, _) => [export.Earlier(0.4), export.Earlier(0.7), export],
            (export, i) => [Skewed(export, i)],
        ];
        var (count, refused) = (0, new List<string>());
        foreach (var way in ways)
        {
            using var world = new AttackWorld(policy.Policy, cast.Now);
            var people = cast.Everybody.ToList();
            random.Shuffle(people);
            foreach (var (export, i) in people.SelectMany((e, i) => way(e, i).Select(export => (export, i))))
            {
                count++;
                var outcome = await world.ContributeAsync($"owner of {export.Account}", export, Mail(policy, export), cancellationToken);
                if (!outcome.Accepted)
                    refused.Add(outcome.Code ?? "refused");
            }
        }

        await log.WriteLineAsync($"  {policy.Name,-10} honest: {refused.Count} of {count} refused {string.Join(' ', refused.Distinct())}");
        return new HonestResult(policy.Name, count, refused);
    }

    /// <summary>Exports that hold 20 or more posts or comments of somebody else, by thieves who prove their own account where they can.</summary>
    public async Task<CopyResult> CopiesAsync(AttackPolicy policy, CancellationToken cancellationToken)
    {
        using var world = await CrowdAsync(policy, cancellationToken);
        var (copies, found) = (0, 0);
        foreach (var rows in new[] { 20, 21, 30, 60, int.MaxValue })
        {
            foreach (var (own, i) in cast.Others.Select((e, i) => (e, i)))
            {
                using var fork = world.Fork();
                var copy = own.WithRowsOf(cast.Crowd[i % cast.Crowd.Count], rows);
                var outcome = await fork.ContributeAsync("mallory", copy, Mail(policy, copy), cancellationToken);
                copies++;
                if (!outcome.Accepted)
                    found++;
            }
        }

        await log.WriteLineAsync($"  {policy.Name,-10} copies of 20 rows and more: {found} of {copies} found");
        return new CopyResult(policy.Name, copies, found);
    }

    public void Dispose() => _provider.Dispose();

    private async Task<AttackWorld> CrowdAsync(AttackPolicy policy, CancellationToken cancellationToken)
    {
        var world = new AttackWorld(policy.Policy, cast.Now);
        foreach (var export in cast.Crowd)
        {
            var outcome = await world.ContributeAsync($"owner of {export.Account}", export, Mail(policy, export), cancellationToken);
            if (!outcome.Accepted)
                await log.WriteLineAsync($"  {policy.Name,-10} {export.Account} of the crowd was refused: {outcome.Code}");
        }

        return world;
    }

    private byte[]? Mail(AttackPolicy policy, ForgedExport export) =>
        policy.HasMail ? _provider.Message(export.Account, export.EmailAddress, cast.Now.AddHours(-2)) : null;

    // The provider's clock and the validator's differ by minutes, and rows are written while the export is made.
    private ForgedExport Skewed(ForgedExport export, int i)
    {
        var copy = export.Clone();
        copy.ExportedAt = cast.Now.AddMinutes(i % 10);
        return copy;
    }
}
