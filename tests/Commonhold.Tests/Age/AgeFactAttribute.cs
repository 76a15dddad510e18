using Xunit;

namespace Commonhold.Tests.Age;

/// <summary>A test that needs the <c>age</c> command: skipped, visibly, where it is missing, and failed on the build server.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AgeFactAttribute : FactAttribute
{
    public AgeFactAttribute() => Skip = AgeCommandIsMissing();

    internal static string? AgeCommandIsMissing()
    {
        var there = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(directory => File.Exists(Path.Combine(directory, "age")));
        return there || Environment.GetEnvironmentVariable("CI") is { Length: > 0 } ? null : "age is missing: apt-get install age";
    }
}

/// <summary><see cref="AgeFactAttribute"/> for theories.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AgeTheoryAttribute : TheoryAttribute
{
    public AgeTheoryAttribute() => Skip = AgeFactAttribute.AgeCommandIsMissing();
}
