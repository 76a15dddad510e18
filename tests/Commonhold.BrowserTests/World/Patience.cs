namespace Commonhold.BrowserTests.World;

/// <summary>How long something may take that takes seconds: far more than a busy machine needs, and less than after which the runner ends the whole suite.</summary>
internal static class Patience
{
    public static readonly TimeSpan Usual = TimeSpan.FromMinutes(4);

    /// <summary>A whole journey of a person, which is minutes on the slowest machine that we know.</summary>
    public static readonly TimeSpan Journey = TimeSpan.FromMinutes(7);

    public static Task ForAsync(string what, Task task) => ForAsync(what, Usual, task);

    /// <exception cref="TimeoutException">It says what was waited for.</exception>
    public static async Task ForAsync(string what, TimeSpan longest, Task task)
    {
        if (await Task.WhenAny(task, Task.Delay(longest)) != task)
            throw new TimeoutException($"Waited {longest.TotalMinutes} minutes in vain: {what}.");
        await task;
    }
}
