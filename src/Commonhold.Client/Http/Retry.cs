namespace Commonhold.Client;

/// <summary>Repeats what may safely be repeated, while the fault is transient.</summary>
internal sealed class Retry(HttpLimits limits, TimeProvider time)
{
    public async Task<T> RunAsync<T>(bool isSafe, Func<CancellationToken, Task<T>> attempt, CancellationToken cancellationToken)
    {
        TimeSpan delay = limits.FirstDelay;
        for (int tried = 1; ; tried++)
        {
            try
            {
                return await attempt(cancellationToken).ConfigureAwait(false);
            }
            catch (CommonholdException e) when (e.IsTransient && isSafe && tried < limits.Attempts)
            {
                TimeSpan asked = (e as ServerBusyException)?.RetryAfter ?? TimeSpan.Zero;
                await PauseAsync(asked > delay ? asked : delay, cancellationToken).ConfigureAwait(false);
                delay *= 2;
            }
        }
    }

    public Task PauseAsync(TimeSpan delay, CancellationToken cancellationToken) =>
        Task.Delay(delay < limits.MaxDelay ? delay : limits.MaxDelay, time, cancellationToken);
}

/// <summary>The other side works but not now (429, 503), and may have said when.</summary>
internal sealed class ServerBusyException(Refusal refusal, TimeSpan? retryAfter) : CommonholdException(refusal, isTransient: true)
{
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
