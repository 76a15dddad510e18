using Xunit;

namespace Commonhold.Tests.Exports;

/// <summary>The 40 exports beside the repository; a laptop without them skips, a build machine fails.</summary>
internal static class RealExports
{
    private static readonly string? Folder = Find();

    public static IReadOnlyList<string> Paths => Folder is null ? [] : [.. Directory.GetFiles(Folder, "*.zip").Order(StringComparer.Ordinal)];

    /// <summary>Why a test of them is skipped; null when it runs.</summary>
    public static string? SkipReason => Folder is not null || Environment.GetEnvironmentVariable("CI") == "true"
        ? null
        : "The real exports (../shared/data/reddit-exports) are not on this machine.";

    public static IReadOnlyList<string> Require()
    {
        Assert.True(Folder is not null, "CI needs ../shared/data/reddit-exports.");
        return Paths;
    }

    private static string? Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var folder = Path.Combine(at.FullName, "..", "shared", "data", "reddit-exports");
            if (File.Exists(Path.Combine(at.FullName, "Commonhold.slnx")) && Directory.Exists(folder))
                return Path.GetFullPath(folder);
        }

        return null;
    }
}

/// <summary>A fact about the real exports.</summary>
internal sealed class RealExportsFactAttribute : FactAttribute
{
    public RealExportsFactAttribute() => Skip = RealExports.SkipReason;
}
