namespace Commonhold.Exports.Sources;

/// <summary>What a hostile file may cost its reader.</summary>
internal sealed record SourceLimits
{
    public static SourceLimits Default { get; } = new();

    /// <summary>Bytes of one record; about the most that a reader holds.</summary>
    public int MaxRecordBytes { get; init; } = 1 << 20;

    /// <summary>Bytes of a record that is expanded into others, such as a conversation into its messages.</summary>
    public int MaxContainerBytes { get; init; } = 64 << 20;

    /// <summary>Objects within objects, elements within elements.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>Records of one file.</summary>
    public long MaxRecords { get; init; } = 20_000_000;

    /// <summary>Bytes of one file.</summary>
    public long MaxFileBytes { get; init; } = 8L << 30;

    /// <summary>Different names of elements and attributes in a file.</summary>
    public int MaxNames { get; init; } = 4096;

    /// <summary>Names in one JSON object that is looked into.</summary>
    public int MaxMembers { get; init; } = 1 << 16;
}
