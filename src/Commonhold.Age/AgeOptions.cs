namespace Commonhold.Age;

/// <summary>How a file is read or written.</summary>
public sealed record AgeOptions
{
    /// <summary>Write ASCII armor; off unless told otherwise. Reading recognises armor by itself.</summary>
    public bool Armor { get; init; }

    /// <summary>Workers that seal or open chunks, one per processor unless told otherwise. Each costs about half a MiB.</summary>
    public int Parallelism { get; init; } = Environment.ProcessorCount;

    /// <summary>What a header may cost before it is refused.</summary>
    public AgeLimits Limits { get; init; } = AgeLimits.Default;

    internal static AgeOptions Default { get; } = new();
}
