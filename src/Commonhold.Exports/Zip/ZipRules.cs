namespace Commonhold.Exports.Zip;

/// <summary>What an archive may look like, beside what no archive may.</summary>
internal sealed record ZipRules
{
    /// <summary>A cleaned export, and Reddit's own: flat, ASCII names, no archive inside, no bomb even among what is never opened.</summary>
    public static ZipRules Strict { get; } = new() { IsStrict = true, MaxDirectoryBytes = 256 << 10 };

    /// <summary>A provider's archive on the member's own machine: folders, photographs, names in any script. Entries that a format
    /// does not know are never opened, so only what is opened is held to the limits.</summary>
    public static ZipRules Provider { get; } = new() { MaxDirectoryBytes = 16 << 20 };

    public bool IsStrict { get; private init; }

    public int MaxDirectoryBytes { get; private init; }

    // ushort.MaxValue announces zip64; so does an archive beyond 4 GiB.
    public int MaxEntries(ExportLimits limits) => IsStrict ? limits.MaxEntries : ushort.MaxValue - 1;

    public long MaxArchiveBytes(ExportLimits limits) => IsStrict ? limits.MaxArchiveBytes : uint.MaxValue;
}
