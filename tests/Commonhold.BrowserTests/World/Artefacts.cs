using Commonhold.Tests;

namespace Commonhold.BrowserTests.World;

/// <summary>What a run leaves for people to look at: TestResults/browser, one folder a journey.</summary>
internal static class Artefacts
{
    public static string Folder(params ReadOnlySpan<string> names) =>
        Directory.CreateDirectory(Path.Combine([Repository.Root, "TestResults", "browser", .. names.ToArray().Select(Plain)])).FullName;

    private static string Plain(string name) => new([.. name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-')]);
}
