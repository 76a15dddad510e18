using System.Runtime.InteropServices;

namespace Commonhold.Validator.Uniqueness.Owners;

/// <summary>What .NET does not offer: waiting until a directory's list of names is on the disk (POSIX fsync).</summary>
internal static partial class Disk
{
    public static void FlushDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
            return; // NTFS writes its names through its journal; there is no call for it.
        var handle = Open(directory, 0);
        if (handle < 0)
            throw new IOException($"{directory} cannot be opened ({Marshal.GetLastPInvokeError()}).");
        try
        {
            if (Flush(handle) != 0)
                throw new IOException($"{directory} cannot be flushed ({Marshal.GetLastPInvokeError()}).");
        }
        finally
        {
            _ = Close(handle);
        }
    }

    /// <summary>Drops a file from the page cache (POSIX posix_fadvise, POSIX_FADV_DONTNEED).</summary>
    public static void Forget(SafeHandle file)
    {
        if (Advise(file, 0, 0, 4) != 0)
            throw new IOException("The page cache cannot be told to forget a file.");
    }

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(SafeHandle file, long offset, long length, int advice);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Flush(int handle);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int handle);
}
