using Commonhold.Tests;

namespace Commonhold.BrowserTests;

/// <summary>A fact that needs Chromium and anvil: skipped on a laptop without them, failing on the build server.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute() => Skip = Missing.Reason;
}

/// <summary>The same for a theory.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ChromiumTheoryAttribute : TheoryAttribute
{
    public ChromiumTheoryAttribute() => Skip = Missing.Reason;
}

internal static class Missing
{
    public static string? Reason => !Require.Chromium() ? "chromium is missing: apt-get install chromium"
        : !Require.Anvil() ? "anvil is missing: npm ci --prefix contracts" : null;
}
