namespace Commonhold.Server.Operations;

/// <summary>The node's newest warnings and errors, kept in memory for the operator's page.</summary>
/// <remarks>Messages may name addresses of others, so only a signed-in operator reads them; everybody may know how many there are.</remarks>
internal sealed class FailureLog(TimeProvider time) : ILoggerProvider
{
    private const int Most = 100, LongestMessage = 400;
    private readonly Lock _gate = new();
    private readonly Queue<LoggedFailure> _newest = new();

    /// <summary>Since the node started.</summary>
    public long Count { get; private set; }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<LoggedFailure> Newest()
    {
        lock (_gate)
            return [.. _newest.Reverse()];
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private void Add(LoggedFailure failure)
    {
        lock (_gate)
        {
            Count++;
            _newest.Enqueue(failure);
            if (_newest.Count > Most)
                _newest.Dequeue();
        }
    }

    private sealed class Logger(FailureLog owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            var message = formatter(state, exception) + (exception is null ? "" : $" ({exception.GetType().Name}: {exception.Message})");
            owner.Add(new LoggedFailure(owner.Time, logLevel == LogLevel.Warning, category.Split('.')[^1], message.Length > LongestMessage ? message[..LongestMessage] + "…" : message));
        }
    }

    private long Time => time.GetUtcNow().ToUnixTimeSeconds();
}

/// <param name="At">Unix seconds.</param>
internal sealed record LoggedFailure(long At, bool IsWarning, string Part, string Message);
