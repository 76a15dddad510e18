using Commonhold.Client;

namespace Commonhold.Benchmarks.Attacks;

/// <summary>A policy under which attacks are tried.</summary>
/// <param name="HasMail">Honest people prove their account by the provider's message.</param>
internal sealed record AttackPolicy(string Name, ContributionPolicy Policy, bool HasMail)
{
    /// <summary>Nothing is asked for; a proof counts in full and its absence a quarter; nobody is taken without.</summary>
    public static IReadOnlyList<AttackPolicy> All(TrialProvider provider, DateTimeOffset now)
    {
        var standard = ContributionPolicy.Standard(Schema.RedditExport);
        var sources = PolicySources.None with { Email = [provider.Source(now)] };
        return
        [
            new("structure", standard with { Weights = standard.Weights with { Structure = 1000 } }, false),
            new("weighted", standard with { Sources = sources }, true),
            new("required", standard with { Sources = sources, MinimumLevel = EvidenceLevel.Email }, true),
        ];
    }
}
