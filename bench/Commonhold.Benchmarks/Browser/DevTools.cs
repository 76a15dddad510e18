using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Commonhold.Benchmarks.Browser;

/// <summary>One tab of Chromium over its own debugging protocol: a figure needs a dozen calls of it, and no driver between clock and page.</summary>
internal sealed class DevTools : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode>> _open = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonNode>> _events = new();
    private readonly SemaphoreSlim _sending = new(1);
    private Task _listening = Task.CompletedTask;
    private int _last;

    public static async Task<DevTools> AttachAsync(Uri tab, CancellationToken cancellationToken)
    {
        var tools = new DevTools();
        await tools._socket.ConnectAsync(tab, cancellationToken);
        tools._listening = tools.ListenAsync();
        await tools.CallAsync("Page.enable", null, cancellationToken);
        await tools.CallAsync("Runtime.enable", null, cancellationToken);
        return tools;
    }

    public async Task<JsonNode> CallAsync(string method, JsonObject? parameters, CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _last);
        var answer = _open[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var message = JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters ?? [] });
        await _sending.WaitAsync(cancellationToken);
        try
        {
            await _socket.SendAsync(message, WebSocketMessageType.Text, true, cancellationToken);
        }
        finally
        {
            _sending.Release();
        }

        return await answer.Task.WaitAsync(Patience, cancellationToken);
    }

    /// <summary>Runs an expression in the page; a promise is waited for.</summary>
    public async Task<JsonNode?> EvaluateAsync(string expression, CancellationToken cancellationToken)
    {
        var answer = await CallAsync("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["awaitPromise"] = true, ["returnByValue"] = true }, cancellationToken);
        return answer["exceptionDetails"] is { } thrown
            ? throw new InvalidOperationException($"the page threw: {thrown["exception"]?["description"] ?? thrown["text"]}")
            : answer["result"]?["value"];
    }

    public async Task GoAsync(Uri url, CancellationToken cancellationToken)
    {
        var loaded = Next("Page.loadEventFired");
        var answer = await CallAsync("Page.navigate", new JsonObject { ["url"] = url.AbsoluteUri }, cancellationToken);
        if (answer["errorText"] is { } failed)
            throw new InvalidOperationException($"{url} does not open: {failed}");
        await loaded.WaitAsync(Patience, cancellationToken);
    }

    private Task<JsonNode> Next(string name) => (_events[name] = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
        _sending.Dispose();
    }

    private async Task ListenAsync()
    {
        var buffer = new byte[1 << 16];
        try
        {
            while (true)
            {
                using var message = new MemoryStream();
                WebSocketReceiveResult part;
                do
                {
                    part = await _socket.ReceiveAsync(buffer, CancellationToken.None);
                    message.Write(buffer, 0, part.Count);
                }
                while (!part.EndOfMessage);
                Hear(JsonNode.Parse(message.ToArray())!);
            }
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or JsonException)
        {
            foreach (var waiting in _open.Values.Concat(_events.Values))
                waiting.TrySetException(new InvalidOperationException("the browser ended", gone));
        }
    }

    private void Hear(JsonNode message)
    {
        if (message["id"] is { } id && _open.TryRemove((int)id, out var waiting))
        {
            if (message["error"] is { } refused)
                waiting.TrySetException(new InvalidOperationException($"the browser refused: {refused["message"]}"));
            else
                waiting.TrySetResult(message["result"]!);
        }
        else if (message["method"] is { } name && _events.TryRemove((string)name!, out var expected))
        {
            expected.TrySetResult(message["params"]!);
        }
    }
}
