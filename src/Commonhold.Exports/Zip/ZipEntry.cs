namespace Commonhold.Exports.Zip;

/// <summary>One file of an archive whose central record and local header agree.</summary>
internal sealed record ZipEntry(
    string Name,
    bool IsDeflated,
    bool HasDescriptor,
    uint Crc32,
    long CompressedSize,
    long Size,
    long HeaderOffset)
{
    /// <summary>How long the name is in the archive, where it need not be ASCII.</summary>
    public int NameBytes { get; init; } = Name.Length;

    public bool IsFolder { get; init; }

    /// <summary>Where the compressed bytes begin; known after the local header was read.</summary>
    public long DataOffset { get; init; }
}
