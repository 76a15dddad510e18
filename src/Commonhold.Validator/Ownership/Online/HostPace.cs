namespace Commonhold.Validator.Ownership.Online;

/// <summary>Spreads the requests to each host evenly over time, and stays away from one that asked for a pause.</summary>
/// <remarks>Members decide how often a validator goes out; a provider must not come to harm by it, nor block the validator for it.</remarks>
internal sealed class HostPace(int requestsPerMinute, int maxWaiting, TimeProvider time)
{
    private readonly TimeSpan _gap = TimeSpan.FromMinutes(1) / requestsPerMinute;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Turn> _hosts = [];

    /// <summary>Waits for this host's next turn.</summary>
    /// <exception cref="FetchFailedException">Too many wait already.</exception>
    public async Task WaitAsync(string host, CancellationToken cancellationToken)
    {
        TimeSpan delay;
        lock (_lock)
        {
            DateTimeOffset now = time.GetUtcNow();
            Turn turn = _hosts.GetValueOrDefault(host);
            if (turn.Waiting >= maxWaiting)
                throw new FetchFailedException("evidence.host_busy", $"Too many requests wait for {host}.", "Try again in an hour.", isTransient: true);
            DateTimeOffset mine = turn.Next > now ? turn.Next : now;
            _hosts[host] = new Turn(mine + _gap, turn.Waiting + 1);
            delay = mine - now;
        }

        try
        {
            if (delay > TimeSpan.Zero)
                await Task.Delay(delay, time, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                Turn turn = _hosts[host];
                _hosts[host] = turn with { Waiting = turn.Waiting - 1 };
            }
        }
    }

    /// <summary>Leaves a host alone for a while (429, 503 with Retry-After), at most an hour: nobody may switch us off for good.</summary>
    public void Pause(string host, TimeSpan pause)
    {
        lock (_lock)
        {
            Turn turn = _hosts.GetValueOrDefault(host);
            DateTimeOffset until = time.GetUtcNow() + (pause < TimeSpan.FromHours(1) ? pause : TimeSpan.FromHours(1));
            if (until > turn.Next)
                _hosts[host] = turn with { Next = until };
        }
    }

    private readonly record struct Turn(DateTimeOffset Next, int Waiting);
}
