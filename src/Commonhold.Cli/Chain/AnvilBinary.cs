using System.Runtime.InteropServices;
using Commonhold.Cli.Voice;

namespace Commonhold.Cli.Chain;

/// <summary>Finds the anvil program that `npm ci` put under `contracts/`, without the half second that npx would cost.</summary>
internal static class AnvilBinary
{
    public static string Find() => TryFind() ?? throw new CommandFailedException(
        "the embedded chain (anvil) is not installed", "npm ci --prefix contracts, or set COMMONHOLD_ANVIL to the program");

    public static string? TryFind()
    {
        if (Environment.GetEnvironmentVariable("COMMONHOLD_ANVIL") is { Length: > 0 } given)
            return File.Exists(given) ? given : null;

        var package = Path.Combine("contracts", "node_modules", "@foundry-rs", $"anvil-linux-{Architecture}", "bin", "anvil");
        foreach (var start in new[] { AppContext.BaseDirectory, Environment.CurrentDirectory })
            for (var directory = new DirectoryInfo(start); directory is not null; directory = directory.Parent)
                if (Path.Combine(directory.FullName, package) is var file && File.Exists(file))
                    return file;
        return null;
    }

    private static string Architecture => RuntimeInformation.ProcessArchitecture is System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64";
}
