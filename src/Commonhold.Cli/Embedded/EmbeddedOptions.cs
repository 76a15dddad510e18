using Commonhold.Client;
using Commonhold.Validator.Ownership.Online;

namespace Commonhold.Cli.Embedded;

/// <summary>How an embedded node is set up; what is decided at the first start stays as it was then.</summary>
internal sealed record EmbeddedOptions(CommonholdHome Home)
{
    /// <summary>Of the DAO that the first start creates.</summary>
    public string Name { get; init; } = "My data commons";

    /// <summary>Where the node answers on loopback; 0 takes a free port.</summary>
    public int Port { get; init; } = 7420;

    /// <summary>Where the chain answers on loopback; 0 takes a free port.</summary>
    public int ChainPort { get; init; } = 7445;

    public int GuardianCount { get; init; } = 5;

    public uint GuardianThreshold { get; init; } = 3;

    /// <summary>A batch is committed when its oldest contribution has waited this long.</summary>
    public TimeSpan BatchAge { get; init; } = TimeSpan.FromSeconds(30);

    public int BatchCount { get; init; } = 1000;

    /// <summary>How votes go in the DAO that the first start creates.</summary>
    public GovernanceRules Rules { get; init; } = GovernanceRules.Trial;

    /// <summary>Of the DAO that the first start creates; null: the trial's.</summary>
    public ContributionPolicy? Policy { get; init; }

    /// <summary>What the validator goes out for; by default nothing.</summary>
    public EvidenceOptions Evidence { get; init; } = EvidenceOptions.Off;

    /// <summary>The node's and the guardians' log lines on standard error.</summary>
    public bool Log { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
