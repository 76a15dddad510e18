using System.Text.Json;
using System.Text.Json.Nodes;

namespace Commonhold.Ethereum;

/// <summary>Calls a JSON-RPC 2.0 server over HTTP.</summary>
/// <remarks>Guarantee: a call returns its own result or throws <see cref="RpcException"/>; it ends in bounded time and memory
/// whatever the server does. Trust: none in the shape or the size of answers; their content is for the caller to judge.
/// Flow: request → one HTTP exchange with a deadline → classify → wait and repeat while the failure is transient and the
/// method may be repeated. Thread-safe.</remarks>
public sealed class JsonRpcClient
{
    private readonly JsonRpcHttp _http;
    private readonly JsonRpcOptions _options;
    private readonly TimeProvider _time;
    private long _lastId;

    /// <param name="http">Its own timeout should be infinite; <see cref="JsonRpcOptions.Timeout"/> is the one that counts.</param>
    public JsonRpcClient(HttpClient http, Uri endpoint, JsonRpcOptions? options = null, TimeProvider? time = null)
    {
        _options = options ?? new JsonRpcOptions();
        _time = time ?? TimeProvider.System;
        _http = new JsonRpcHttp(http, endpoint, _options, _time);
    }

    internal TimeProvider Time => _time;

    /// <exception cref="RpcException">The call failed, after all attempts it was entitled to.</exception>
    public Task<JsonElement> CallAsync(JsonRpcRequest request, CancellationToken cancellationToken) =>
        CallAsync(request, _ => false, cancellationToken);

    /// <param name="isFinal">Failures that the caller has a better answer to than the same call again.</param>
    internal Task<JsonElement> CallAsync(JsonRpcRequest request, Predicate<RpcException> isFinal, CancellationToken cancellationToken) =>
        RetryAsync(
            e => !isFinal(e) && MayRepeat(request.IsRepeatable, e),
            async () =>
            {
                long id = Interlocked.Increment(ref _lastId);
                JsonElement answer = await _http.ExchangeAsync(JsonRpcMessages.Write(id, request), cancellationToken);
                return JsonRpcMessages.ReadSingle(answer, id).Result;
            },
            cancellationToken);

    /// <inheritdoc cref="CallAsync(JsonRpcRequest, CancellationToken)"/>
    public Task<JsonElement> CallAsync(string method, CancellationToken cancellationToken) =>
        CallAsync(new JsonRpcRequest(method), cancellationToken);

    /// <summary>Calls, and reads the result by System.Text.Json.</summary>
    /// <exception cref="RpcException">The call failed, or its result is not a <typeparamref name="T"/>.</exception>
    public async Task<T?> CallAsync<T>(string method, JsonNode?[] parameters, CancellationToken cancellationToken)
    {
        JsonElement result = await CallAsync(new JsonRpcRequest(method, parameters), cancellationToken);
        try
        {
            return result.Deserialize<T>(JsonSerializerOptions.Web);
        }
        catch (JsonException e)
        {
            throw new RpcException(RpcErrorKind.InvalidResponse, $"The result of {method} is not a {typeof(T).Name}.", innerException: e);
        }
    }

    /// <summary>Sends calls in as few exchanges as the limits allow; outcomes come in the order of the requests.</summary>
    /// <exception cref="RpcException">An exchange failed as a whole.</exception>
    public async Task<IReadOnlyList<JsonRpcOutcome>> BatchAsync(IReadOnlyList<JsonRpcRequest> requests, CancellationToken cancellationToken)
    {
        var outcomes = new List<JsonRpcOutcome>(requests.Count);
        foreach (JsonRpcRequest[] chunk in requests.Chunk(_options.MaxBatch))
        {
            outcomes.AddRange(await RetryAsync(
                e => MayRepeat(chunk.All(r => r.IsRepeatable), e),
                async () =>
                {
                    long firstId = Interlocked.Add(ref _lastId, chunk.Length) - chunk.Length + 1;
                    JsonElement answer = await _http.ExchangeAsync(JsonRpcMessages.Write(firstId, chunk), cancellationToken);
                    JsonRpcOutcome[] read = JsonRpcMessages.ReadBatch(answer, firstId, chunk.Length);
                    // When everything failed for a while, the exchange did.
                    return read.All(o => o.Error is { IsTransient: true }) ? throw read[0].Error! : read;
                },
                cancellationToken));
        }

        return outcomes;
    }

    // A call that was turned away by a rate limit was not made.
    private static bool MayRepeat(bool isRepeatable, RpcException e) => e.IsTransient && (isRepeatable || e.Kind == RpcErrorKind.RateLimited);

    private async Task<T> RetryAsync<T>(Predicate<RpcException> mayRepeat, Func<Task<T>> attempt, CancellationToken cancellationToken)
    {
        TimeSpan delay = _options.FirstDelay;
        for (int attempts = 1; ; attempts++)
        {
            TimeSpan wait;
            try
            {
                return await attempt();
            }
            catch (RpcException e) when (attempts < _options.MaxAttempts && mayRepeat(e))
            {
                // Waits differ between clients, so that they do not come back all at once.
                wait = e.RetryAfter ?? (delay * (0.5 + Jitter()));
            }

            await Task.Delay(wait < _options.MaxDelay ? wait : _options.MaxDelay, _time, cancellationToken);
            delay *= 2;
        }
    }

    private static double Jitter() => System.Security.Cryptography.RandomNumberGenerator.GetInt32(1000) / 2000.0;
}
