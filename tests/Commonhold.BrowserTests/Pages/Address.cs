using Commonhold.BrowserTests.World;

namespace Commonhold.BrowserTests.Pages;

/// <summary>Every page that people have, by the path that a test shows and the one that it opens.</summary>
internal static class Addresses
{
    public static readonly string[] All =
    [
        "/", "/contribute", "/sign-in", "/my", "/vote", "/vote/new", "/vote/{proposal}", "/earnings", "/create", "/catalogue", "/requests", "/requests/new", "/requests/{request}",
        "/requests/{grant}", "/transparency", "/operate", "/account",
    ];

    public static TheoryData<string> Data() => [.. Environment.GetEnvironmentVariable("COMMONHOLD_PAGES") is { Length: > 0 } some ? some.Split(' ') : All];

    public static string Of(string template, Commons commons) => template
        .Replace("{proposal}", $"{commons.Proposals[0]}", StringComparison.Ordinal)
        .Replace("{request}", $"{commons.Waiting.Id}", StringComparison.Ordinal)
        .Replace("{grant}", $"{commons.Granted.Id}", StringComparison.Ordinal);

    /// <summary>For a file's name.</summary>
    public static string Name(string template) => template == "/" ? "home" : template.Trim('/').Replace('/', '-').Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);
}
