using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Commonhold.ServerTests.Node;

/// <summary>Keeps what a node logged, to show it when a test fails.</summary>
internal sealed class MemoryLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");

    public bool Mentions(string text) => _lines.Any(line => line.Contains(text, StringComparison.OrdinalIgnoreCase));

    public override string ToString() => string.Join('\n', _lines.Take(50));

    public void Dispose()
    {
    }
}
