using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Exports;
using Commonhold.Validator.Ownership.Online;

namespace Commonhold.Validator;

/// <summary>How one validator runs.</summary>
internal sealed record ValidatorOptions
{
    /// <summary>Where its state is kept; a directory of its own.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>The registry it validates for; null pins the first one that its node names.</summary>
    public Address? Registry { get; init; }

    /// <summary>Other validators whose verdicts it signs batches for. Empty: it signs only what it saw itself.</summary>
    public IReadOnlyList<Address> Peers { get; init; } = [];

    /// <summary>The longest file it takes into memory, in bytes.</summary>
    public int MaxContributionBytes { get; init; } = 512 * 1024 * 1024;

    /// <summary>Files examined at the same time; each may take twice its size in memory.</summary>
    public int Parallelism { get; init; } = Environment.ProcessorCount;

    /// <summary>How long the node may hold a question for work.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>The pause after a failure, so that a broken node is not asked in a tight loop.</summary>
    public TimeSpan PauseAfterFailure { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What it goes out for to check evidence; by default nowhere: its node is its only connection.</summary>
    public EvidenceOptions Evidence { get; init; } = EvidenceOptions.Off;

    public ExportLimits ExportLimits { get; init; } = ExportLimits.Default;
}
