namespace Commonhold.Tests.Cli;

/// <summary>A fact that needs anvil: skipped on a laptop without it, failing on the build server.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AnvilFactAttribute : FactAttribute
{
    public AnvilFactAttribute()
    {
        if (!Require.Anvil())
            Skip = "anvil is missing: npm ci --prefix contracts";
    }
}
