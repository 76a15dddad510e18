namespace Commonhold.Client;

/// <summary>Files that only their owner may read, written so that a crash leaves the old or the new one, never half.</summary>
public static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <exception cref="IOException">The file exists.</exception>
    public static void WriteNew(string path, ReadOnlySpan<byte> content)
    {
        CreateParent(path);
        WriteAndFlush(path, FileMode.CreateNew, content);
    }

    /// <summary>Replaces the file in one step.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        CreateParent(path);
        string part = path + ".part";
        WriteAndFlush(part, FileMode.Create, content);
        File.Move(part, path, overwrite: true);
    }

    /// <summary>A new empty file for writing, in place of any earlier one.</summary>
    public static FileStream Create(string path)
    {
        CreateParent(path);
        return new FileStream(path, Options(FileMode.Create));
    }

    /// <exception cref="CommonholdException"><c>key.missing</c>, <c>key.permissions</c>, <c>key.invalid</c>.</exception>
    public static byte[] ReadAll(string path, int maxBytes)
    {
        FileInfo file = new(path);
        if (!file.Exists)
            throw new CommonholdException(new Refusal("key.missing", $"{path} does not exist.", "Make a key first: commonhold key new"));
        if (!OperatingSystem.IsWindows() && (file.UnixFileMode & Others) != 0)
            throw new CommonholdException(new Refusal("key.permissions", $"{path} can be read or changed by others.", $"chmod 600 {path}"));
        if (file.Length > maxBytes)
            throw new CommonholdException(new Refusal("key.invalid", $"{path} has {file.Length} bytes; a key file has at most {maxBytes}."));
        return File.ReadAllBytes(path);
    }

    private static void CreateParent(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } parent && !Directory.Exists(parent))
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(parent);
            else
                Directory.CreateDirectory(parent, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    private static void WriteAndFlush(string path, FileMode mode, ReadOnlySpan<byte> content)
    {
        using FileStream stream = new(path, Options(mode));
        stream.Write(content);
        stream.Flush(flushToDisk: true);
    }

    private static FileStreamOptions Options(FileMode mode)
    {
        FileStreamOptions options = new() { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        return options;
    }
}
