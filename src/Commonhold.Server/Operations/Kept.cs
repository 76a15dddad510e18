namespace Commonhold.Server.Operations;

/// <summary>Something dear that many ask for: made once, and again only when what it is made of has changed.</summary>
/// <remarks>Guarantee: what is given out is no older than the newest change that was announced when it was asked for; however many ask, it is made by one.</remarks>
/// <param name="topics">What it is made of.</param>
internal sealed class Kept<T>(Changes changes, params Topic[] topics) : IDisposable where T : class
{
    private readonly SemaphoreSlim _gate = new(1);
    private volatile Made? _made;

    /// <param name="holds">What else than the topics has to be as it was; nothing by default.</param>
    public async ValueTask<T> GetAsync(Func<CancellationToken, Task<T>> make, CancellationToken cancellationToken, Predicate<T>? holds = null)
    {
        if (Current(holds) is { } kept)
            return kept;
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (Current(holds) is { } other)
                return other;
            var stand = Stand(); // Before anything is read: a change in between makes the value stale, not wrong.
            var value = await make(cancellationToken);
            _made = new Made(stand, value);
            return value;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private T? Current(Predicate<T>? holds) =>
        _made is { } made && (holds is null || holds(made.Value)) && made.Stand.AsSpan().SequenceEqual(Stand()) ? made.Value : null;

    private long[] Stand() => [.. topics.Select(changes.Of)];

    private sealed record Made(long[] Stand, T Value);
}
