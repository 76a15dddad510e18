namespace Commonhold.Tests;

/// <summary>Where the tree of this repository is, for tests that read a file of it.</summary>
internal static class Repository
{
    internal static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder)
    {
        var at = new DirectoryInfo(folder);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Commonhold.slnx"))) at = at.Parent;
        return at?.FullName ?? throw new DirectoryNotFoundException($"No Commonhold.slnx above {folder}.");
    }
}
