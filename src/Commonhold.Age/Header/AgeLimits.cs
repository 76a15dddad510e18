namespace Commonhold.Age;

/// <summary>How much of a hostile file is read before it is refused.</summary>
public sealed record AgeLimits
{
    /// <summary>Largest header in bytes, 1 MiB unless told otherwise; a file for two recipients needs 400.</summary>
    public int MaxHeaderBytes { get; init; } = 1 << 20;

    /// <summary>Most stanzas in a header, 4,096 unless told otherwise.</summary>
    public int MaxStanzas { get; init; } = 4096;

    /// <summary>For contributions: a header of at most 16 KiB and 16 stanzas.</summary>
    public static AgeLimits Contribution { get; } = new() { MaxHeaderBytes = 16 << 10, MaxStanzas = 16 };

    internal static AgeLimits Default { get; } = new();
}
