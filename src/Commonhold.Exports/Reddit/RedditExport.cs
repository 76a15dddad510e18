using Commonhold.Exports.Zip;

namespace Commonhold.Exports.Reddit;

/// <summary>One account export of Reddit, read as hostile input.</summary>
/// <remarks>
/// Trusts nothing in the archive. <see cref="OpenAsync"/> reads the central directory, holds every local header against it, and
/// refuses by name, count, size and ratio before a byte is inflated; each pass then inflates every file once, holds it to its
/// declared size and checksum, and reads the CSV row by row in flat memory. Expected refusals are returned, never thrown.
/// The archive must be seekable (a file, or the buffer it was decrypted to); a pass is bound by inflating, so it runs
/// synchronously on a pool thread.
/// </remarks>
public sealed class RedditExport
{
    private readonly Stream _zip;
    private readonly ExportLimits _limits;
    private readonly IReadOnlyList<RedditFile> _files;

    private RedditExport(Stream zip, ExportLimits limits, IReadOnlyList<RedditFile> files) =>
        (_zip, _limits, _files) = (zip, limits, files);

    /// <summary>Names of the files in the archive, in the order in which they are read.</summary>
    public IReadOnlyList<string> FileNames => [.. _files.Select(f => f.Entry.Name)];

    /// <summary>Opens an archive without inflating anything. <paramref name="zip"/> stays the caller's and must stay open.</summary>
    public static Task<ExportResult<RedditExport>> OpenAsync(
        Stream zip, ExportLimits? limits = null, CancellationToken cancellationToken = default)
    {
        RequireSeekable(zip);
        return RunAsync(() => Open(zip, limits ?? ExportLimits.Default), cancellationToken);
    }

    /// <summary>Opens an archive and reads every file once, on this thread: for callers that are on a thread of their own.</summary>
    public static ExportResult<ExportReading> OpenAndRead(
        Stream zip, ExportRowVisitor? visitor = null, ExportLimits? limits = null, CancellationToken cancellationToken = default)
    {
        RequireSeekable(zip);
        return Run(() => Open(zip, limits ?? ExportLimits.Default).Read(visitor, cancellationToken));
    }

    /// <summary>Reads every file once: summary, checks and content digest; each row goes to <paramref name="visitor"/>.</summary>
    /// <remarks>A failed check is in <see cref="ExportReading.Checks"/>; what cannot be read at all is a refusal.</remarks>
    public Task<ExportResult<ExportReading>> ReadAsync(
        ExportRowVisitor? visitor = null, CancellationToken cancellationToken = default) =>
        RunAsync(() => Read(visitor, cancellationToken), cancellationToken);

    /// <summary>Writes a new archive without the private files, columns and rows. The same input gives the same bytes.</summary>
    /// <remarks>On a refusal (a failed check too) what was written to <paramref name="output"/> must be thrown away.</remarks>
    public Task<ExportResult<CleanedExport>> CleanAsync(Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        return RunAsync(
            () =>
            {
                var writer = new ZipWriter(output);
                var reading = new RedditPass(_zip, _files, _limits, null, writer, cancellationToken).Run();
                if (reading.Refusal is { } refusal)
                    throw new ExportRefusedException(refusal);
                return new CleanedExport(reading, reading.Private, writer.Finish());
            },
            cancellationToken);
    }

    private static void RequireSeekable(Stream zip)
    {
        ArgumentNullException.ThrowIfNull(zip);
        if (!zip.CanSeek)
            throw new ArgumentException("The archive must be seekable: its directory is at the end.", nameof(zip));
    }

    private static RedditExport Open(Stream zip, ExportLimits limits) =>
        new(zip, limits, RedditFiles.Identify(ZipDirectory.Read(zip, limits)));

    private ExportReading Read(ExportRowVisitor? visitor, CancellationToken cancellationToken) =>
        new RedditPass(_zip, _files, _limits, visitor, null, cancellationToken).Run();

    private static Task<ExportResult<T>> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
        where T : class =>
        Task.Run(() => Run(work), cancellationToken);

    private static ExportResult<T> Run<T>(Func<T> work)
        where T : class
    {
        try
        {
            return new ExportResult<T>(work());
        }
        catch (ExportRefusedException refused)
        {
            return new ExportResult<T>(refused.Refusal);
        }
    }
}
