using System.Diagnostics;
using Commonhold.Cli.Chain;

namespace Commonhold.Tests;

/// <summary>Outside programs that a test needs. A laptop without one passes over the test and says so; the build server fails.</summary>
internal static class Require
{
    public static bool Anvil() => Met(AnvilBinary.TryFind() is not null, "anvil (npm ci --prefix contracts)");

    public static bool ForgeOutput(string directory) => Met(Directory.Exists(directory), $"{directory} (npx forge build, in contracts)");

    public static bool Chromium() => Met(OnPath("chromium"), "chromium (apt-get install chromium)");

    public static bool Command(string name) => Met(OnPath(name), name);

    private static bool Met(bool there, string what)
    {
        if (there)
            return true;
        if (Environment.GetEnvironmentVariable("CI") is { Length: > 0 })
            throw new InvalidOperationException($"{what} is missing, and this is the build server");
        Trace.WriteLine($"passed over: {what} is missing");
        return false;
    }

    private static bool OnPath(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(directory => File.Exists(Path.Combine(directory, name)));
}
