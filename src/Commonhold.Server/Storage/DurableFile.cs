using System.Runtime.InteropServices;

namespace Commonhold.Server.Storage;

/// <summary>Files that are either there whole or not there, also after the power went: temporary file, flush, rename, flush the folder.</summary>
internal static partial class DurableFile
{
    private const int NoSpace = 28, QuotaExceeded = 122; // errno ENOSPC and EDQUOT on Linux; .NET hands them on in HResult.

    public static async Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        var temporary = $"{path}.{Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(6))}.tmp";
        try
        {
            await using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0))
            {
                await file.WriteAsync(content, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            Publish(temporary, path);
        }
        catch (IOException problem) when (IsFull(problem))
        {
            throw new StorageFullException($"No space left for {content.Length} bytes.", problem);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Renames a flushed file to its final name; only after this returns may anyone be told that it is there.</summary>
    public static void Publish(string from, string to)
    {
        File.Move(from, to, overwrite: true);
        FlushFolder(Path.GetDirectoryName(to)!);
    }

    public static bool IsFull(IOException problem) => problem.HResult is NoSpace or QuotaExceeded;

    /// <summary>fsync of a folder makes a rename in it durable; .NET has no call for it.</summary>
    public static void FlushFolder(string folder)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
            return;
        var descriptor = Open(folder, 0);
        if (descriptor < 0)
            throw new IOException($"Cannot open '{folder}' to flush it (errno {Marshal.GetLastPInvokeError()}).");
        try
        {
            if (Fsync(descriptor) != 0)
                throw new IOException($"Cannot flush '{folder}'.", Marshal.GetLastPInvokeError());
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
