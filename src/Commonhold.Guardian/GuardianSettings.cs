using Commonhold.Ethereum;
using Commonhold.Guardians.Chain;
using Commonhold.Guardians.Release;

namespace Commonhold.Guardians;

/// <summary>What one guardian is told by its operator.</summary>
internal sealed record GuardianSettings
{
    /// <summary>Where it keeps its key, log and caches; made by <c>commonhold guardian init</c>.</summary>
    public required string Directory { get; init; }

    /// <summary>The deed (<c>DataDao</c>) of the DAO it serves.</summary>
    public required Address Dao { get; init; }

    /// <summary>Its own chain node's JSON-RPC address. May hold an API key, so it is never logged.</summary>
    public required Uri Rpc { get; init; }

    /// <summary>The dataset's node: manifests come from it (and are checked), ceremony messages go through it.</summary>
    public required Uri Node { get; init; }

    public ChainSettings Chain { get; init; } = new(FinalityRule.Finalized, ChainSettings.DefaultMaxChainAge);

    public RateLimits Limits { get; init; } = new();

    /// <summary>Where it answers; port 0 takes a free one. Loopback unless told otherwise.</summary>
    public Uri Listen { get; init; } = new("http://127.0.0.1:7431");

    /// <summary>How often it looks for other guardians' ceremony messages and for its own transaction.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(500);
}
