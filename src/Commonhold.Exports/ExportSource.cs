using Commonhold.Exports.Zip;

namespace Commonhold.Exports;

/// <summary>One file inside an export; sizes in bytes.</summary>
/// <param name="Name">With folders, separated by <c>/</c>.</param>
public sealed record ExportEntry(string Name, long Size)
{
    internal ZipEntry? Zipped { get; init; }
}

/// <summary>An export as a set of named byte streams: a hardened ZIP archive, or a single file.</summary>
/// <remarks>Opening reads the central directory and inflates nothing. The stream stays the caller's and must stay open.</remarks>
public sealed class ExportSource
{
    private readonly Stream _stream;
    private readonly Dictionary<string, ExportEntry> _byName = new(StringComparer.Ordinal);
    private long _opened;

    private ExportSource(Stream stream, ExportLimits limits, IReadOnlyList<ExportEntry> entries, bool isArchive, bool isStrict)
    {
        (_stream, Limits, Entries, IsArchive, IsStrict) = (stream, limits, entries, isArchive, isStrict);
        foreach (var entry in entries)
            _byName.Add(entry.Name, entry);
    }

    /// <summary>Files in the order of the archive; folders are not among them.</summary>
    public IReadOnlyList<ExportEntry> Entries { get; }

    /// <summary>False for a single file, whose one entry bears the given file name.</summary>
    public bool IsArchive { get; }

    public ExportLimits Limits { get; }

    /// <summary>Opened by the rules for cleaned archives: flat, ASCII names, no archive inside, bombs refused beforehand.</summary>
    internal bool IsStrict { get; }

    internal Stream Raw => _stream;

    /// <summary>Opens what a member has: a provider's archive, with folders and media in it, or a single file.</summary>
    /// <exception cref="ExportRefusedException">It is an archive and broken or hostile.</exception>
    public static ExportSource Open(Stream stream, ExportLimits? limits = null, string? fileName = null)
    {
        RequireSeekable(stream);
        limits ??= ExportLimits.Default;
        var head = ZipDirectory.ReadAt(stream, 0, (int)Math.Min(4, stream.Length));
        if (!head.AsSpan().StartsWith("PK\x03\x04"u8) && !head.AsSpan().StartsWith("PK\x05\x06"u8))
            return new ExportSource(stream, limits, [new ExportEntry(fileName ?? "export", stream.Length)], false, false);
        return new ExportSource(stream, limits, [.. ZipDirectory.Read(stream, limits, ZipRules.Provider).Select(Entry)], true, false);
    }

    /// <summary>Opens a cleaned export: an archive by the strictest rules, or a refusal.</summary>
    /// <exception cref="ExportRefusedException">It is not such an archive.</exception>
    public static ExportSource OpenArchive(Stream stream, ExportLimits? limits = null)
    {
        RequireSeekable(stream);
        limits ??= ExportLimits.Default;
        return new ExportSource(stream, limits, [.. ZipDirectory.Read(stream, limits, ZipRules.Strict).Select(Entry)], true, true);
    }

    /// <summary>The entry with exactly that name.</summary>
    public ExportEntry? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Opens an entry to be read once, from its start. One entry at a time.</summary>
    /// <exception cref="ExportRefusedException">It declares a size beyond the limits.</exception>
    public EntryStream Open(ExportEntry entry)
    {
        CheckSize(entry);
        _opened += entry.Size;
        if (_opened > Limits.MaxTotalBytes)
            throw ZipDirectory.TooLarge($"The files have more than {Limits.MaxTotalBytes:N0} bytes together.");
        return new EntryStream(_stream, entry);
    }

    /// <summary>The first bytes of an entry, unchecked: enough to tell a form by.</summary>
    public byte[] Peek(ExportEntry entry, int bytes)
    {
        var buffer = new byte[(int)Math.Min(bytes, entry.Size)];
        using var stream = new EntryStream(_stream, entry);
        return buffer[..stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)];
    }

    private void CheckSize(ExportEntry entry)
    {
        if (entry.Zipped is { } zipped)
            ZipDirectory.RefuseBomb(zipped, Limits);
        else if (entry.Size > Limits.MaxFileBytes)
            throw ZipDirectory.TooLarge($"{ZipFormat.Show(entry.Name)} has {entry.Size:N0} bytes; the limit is {Limits.MaxFileBytes:N0}.");
    }

    private static ExportEntry Entry(ZipEntry entry) => new(entry.Name, entry.Size) { Zipped = entry };

    private static void RequireSeekable(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanSeek)
            throw new ArgumentException("An export must be seekable: an archive's directory is at its end.", nameof(stream));
    }
}
