namespace Commonhold.Tests;

/// <summary>Where the sources of these tests lie, for tests that read the repository itself.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
            if (File.Exists(Path.Combine(directory.FullName, "Commonhold.slnx")))
                return directory.FullName;
        throw new InvalidOperationException("These tests run inside the repository.");
    }
}
