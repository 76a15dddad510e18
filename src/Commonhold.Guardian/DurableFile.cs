namespace Commonhold.Guardians;

/// <summary>Small files that are either the old bytes or the new ones, whatever happens, and readable by the owner only.</summary>
internal static class DurableFile
{
    public static async Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await WriteAsync(path, content, flush: true, cancellationToken);
        SyncDirectoryOf(path);
    }

    /// <summary>For what a reader checks and can get again: a power cut may spoil it.</summary>
    public static Task WriteCacheAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        WriteAsync(path, content, flush: false, cancellationToken);

    public static void CreatePrivateDirectory(string path) => Directory.CreateDirectory(
        path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    /// <summary>Makes a rename or a creation in the directory survive a power cut.</summary>
    public static void SyncDirectoryOf(string path) =>
        DirectoryHandle.Sync(Path.GetDirectoryName(Path.GetFullPath(path))!);

    private static async Task WriteAsync(
        string path, ReadOnlyMemory<byte> content, bool flush, CancellationToken cancellationToken)
    {
        var temporary = path + ".new";
        await using (FileStream file = new(temporary, new FileStreamOptions
        {
            Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            await file.WriteAsync(content, cancellationToken);
            file.Flush(flushToDisk: flush);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
