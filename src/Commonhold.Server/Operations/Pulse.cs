namespace Commonhold.Server.Operations;

/// <summary>Tells everybody who waits that something may have changed; a waiter that comes late waits for the next beat or its time-out.</summary>
internal sealed class Pulse
{
    private volatile TaskCompletionSource _next = New();

    /// <summary>Take this before looking at the state, and wait on it after: then no beat is missed.</summary>
    public Task Next => _next.Task;

    public void Beat() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    /// <summary>True when a beat came, false after the time-out.</summary>
    public static async Task<bool> WaitAsync(Task beat, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await beat.WaitAsync(timeout, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
