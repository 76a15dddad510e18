using System.Diagnostics;
using Commonhold.Tests;

namespace Commonhold.ServerTests.Node;

/// <summary>A theory that needs a real chain.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AnvilTheoryAttribute : TheoryAttribute
{
    public AnvilTheoryAttribute()
    {
        if (!Require.Anvil())
            Skip = "anvil is missing: npm ci --prefix contracts";
    }
}

/// <summary>A fact that needs a real chain and a disk that can be filled: a small tmpfs, which only root can mount.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TmpfsFactAttribute : FactAttribute
{
    public TmpfsFactAttribute()
    {
        if (!Require.Anvil())
            Skip = "anvil is missing: npm ci --prefix contracts";
        else if (!Tmpfs.CanMount())
            Skip = Environment.GetEnvironmentVariable("CI") is { Length: > 0 }
                ? throw new InvalidOperationException("Mounting a tmpfs needs root, and this is the build server.") : "mounting a tmpfs needs root";
    }
}

internal static class Tmpfs
{
    public static bool Mount(string folder, string size) => Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", folder);

    public static bool Unmount(string folder) => Run("umount", folder);

    public static bool CanMount()
    {
        if (!Environment.IsPrivilegedProcess)
            return false;
        var folder = Directory.CreateTempSubdirectory("commonhold-mount-").FullName;
        try
        {
            return Mount(folder, "64k") && Unmount(folder);
        }
        finally
        {
            Directory.Delete(folder);
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        if (!process.WaitForExit(TimeSpan.FromMinutes(2)))
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} has not ended.");
        return process.ExitCode == 0;
    }
}
