namespace Commonhold.Cli.Chain;

internal sealed record AnvilOptions
{
    /// <summary>Where the state lives; null for a chain that is forgotten.</summary>
    public string? Directory { get; init; }

    /// <summary>TCP port on loopback; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The one origin whose pages may call the chain; null for none.</summary>
    public Uri? PagesOrigin { get; init; }

    public ulong ChainId { get; init; } = 31337;

    /// <summary>An empty block is mined this often (whole seconds), so that time moves when nobody acts; transactions never wait for it.</summary>
    public TimeSpan BlockTime { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>How much of the chain a power cut may cost.</summary>
    public TimeSpan SaveInterval { get; init; } = TimeSpan.FromSeconds(10);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The first block's time; null for now.</summary>
    public DateTimeOffset? GenesisTime { get; init; }
}
