using System.Diagnostics;
using Commonhold.Cli.Chain;

namespace Commonhold.ServerTests;

/// <summary>Outside programs and rights that a test needs. A laptop without one skips the test and says why; the build server fails.</summary>
internal static class Require
{
    public static string? Anvil() => Missing(AnvilBinary.TryFind() is not null, "anvil is missing: npm ci --prefix contracts");

    /// <summary>Mounting a small tmpfs, to have a disk that fills up.</summary>
    public static string? Tmpfs() => Missing(Environment.IsPrivilegedProcess && CanMount(), "mounting a tmpfs needs root");

    /// <summary>The reason to skip; null when there is nothing missing.</summary>
    private static string? Missing(bool isThere, string what) =>
        isThere ? null
        : Environment.GetEnvironmentVariable("CI") is { Length: > 0 } ? throw new InvalidOperationException($"{what}; and this is the build server")
        : what;

    private static bool CanMount()
    {
        var folder = Directory.CreateTempSubdirectory("commonhold-mount-").FullName;
        try
        {
            if (Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder) != 0)
                return false;
            return Run("umount", folder) == 0;
        }
        finally
        {
            Directory.Delete(folder);
        }
    }

    public static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}

/// <summary>A fact that needs a real chain.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AnvilFactAttribute : FactAttribute
{
    public AnvilFactAttribute() => Skip = Require.Anvil();
}

/// <summary>A theory that needs a real chain.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AnvilTheoryAttribute : TheoryAttribute
{
    public AnvilTheoryAttribute() => Skip = Require.Anvil();
}

/// <summary>A fact that needs a real chain and a disk that can be filled.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TmpfsFactAttribute : FactAttribute
{
    public TmpfsFactAttribute() => Skip = Require.Anvil() ?? Require.Tmpfs();
}
