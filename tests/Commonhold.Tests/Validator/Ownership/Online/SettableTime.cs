namespace Commonhold.Tests.Validator.Ownership.Online;

/// <summary>The real clock, moved: timers run as ever, the hour is what a test says.</summary>
internal sealed class SettableTime : TimeProvider
{
    private TimeSpan _ahead;

    public void Advance(TimeSpan by) => _ahead += by;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _ahead;
}
