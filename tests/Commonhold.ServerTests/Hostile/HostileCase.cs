namespace Commonhold.ServerTests.Hostile;

/// <summary>One bad input, how it is sent, and the code that it must get.</summary>
/// <param name="Code"><see cref="Accepted"/> where the input only looks bad; a field error is followed by the field's path.</param>
internal sealed record HostileCase(string Name, string Code, Func<HostileWorld, CancellationToken, Task<string>> SendAsync)
{
    public const string Accepted = "accepted";

    public override string ToString() => Name;
}
