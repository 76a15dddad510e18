using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Commonhold.Client;

/// <summary>JSON over HTTP with our rules: bounded answers, time-outs, safe retries, problem+json into exceptions.</summary>
internal sealed class WireHttp(HttpClient http, HttpLimits limits, TimeProvider time)
{
    private const int MaxProblemBytes = 64 * 1024;

    private readonly Retry _retry = new(limits, time);

    public HttpLimits Limits => limits;

    public TimeProvider Time => time;

    public Retry Retry => _retry;

    /// <summary>Adds what each request must carry, such as an authorization made for that moment.</summary>
    public Action<HttpRequestMessage>? Decorate { get; init; }

    public Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken, TimeSpan? timeout = null)
        where T : class =>
        _retry.RunAsync(true, token => ExchangeAsync(new(HttpMethod.Get, path), response => ReadAsync(response, type, token), token, timeout), cancellationToken);

    public async Task SendAsync<T>(HttpMethod method, string path, T body, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        await _retry.RunAsync(isSafe: true, token => ExchangeAsync(Json(method, path, body, type), _ => Task.FromResult(true), token), cancellationToken).ConfigureAwait(false);

    /// <summary>Sends once: for calls whose repetition is not known to be harmless.</summary>
    public Task<TAnswer> SendOnceAsync<T, TAnswer>(
        HttpMethod method, string path, T body, JsonTypeInfo<T> type, JsonTypeInfo<TAnswer> answer, CancellationToken cancellationToken)
        where TAnswer : class =>
        _retry.RunAsync(isSafe: false, token => ExchangeAsync(Json(method, path, body, type), response => ReadAsync(response, answer, token), token), cancellationToken);

    public static HttpRequestMessage Json<T>(HttpMethod method, string path, T body, JsonTypeInfo<T> type) =>
        new(method, path)
        {
            Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            },
        };

    /// <summary>One attempt: sends, turns a failure into an exception, reads.</summary>
    public async Task<T> ExchangeAsync<T>(
        HttpRequestMessage request, Func<HttpResponseMessage, Task<T>> read, CancellationToken cancellationToken, TimeSpan? timeout = null)
    {
        using (request)
        {
            Decorate?.Invoke(request);
            using CancellationTokenSource clock = new(timeout ?? limits.RequestTimeout, time);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellationToken);
            try
            {
                using HttpResponseMessage response = await http.SendAsync(
                    request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
                if (!response.IsSuccessStatusCode)
                    throw await FailureAsync(response, either.Token).ConfigureAwait(false);
                // The body is read under the same clock: a server that trickles it is cut off too.
                return await read(response).WaitAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
            {
                throw new CommonholdException(
                    new Refusal("http.timeout", $"{request.RequestUri} did not answer in time."), isTransient: true, e);
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                throw new CommonholdException(
                    new Refusal("http.unreachable", $"{request.RequestUri} cannot be reached: {e.Message}"), isTransient: true, e);
            }
        }
    }

    public static async Task<byte[]> ReadBytesAsync(HttpResponseMessage response, long max, CancellationToken cancellationToken)
    {
        await using BoundedStream body = new(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), max);
        using MemoryStream bytes = new();
        await body.CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
        return bytes.ToArray();
    }

    private async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        await using BoundedStream body = new(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), limits.MaxResponseBytes);
        try
        {
            return await JsonSerializer.DeserializeAsync(body, type, cancellationToken).ConfigureAwait(false)
                ?? throw new JsonException("The answer is null.");
        }
        catch (JsonException e)
        {
            throw new CommonholdException(
                new Refusal("http.answer_invalid", $"The answer of {response.RequestMessage?.RequestUri} cannot be read: {e.Message}", "Are both sides of the same version?"),
                innerException: e);
        }
    }

    private static async Task<CommonholdException> FailureAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        int status = (int)response.StatusCode;
        ProblemDetails problem = await ProblemAsync(response, cancellationToken).ConfigureAwait(false) ?? new ProblemDetails(Title: response.ReasonPhrase);
        // The status line is what happened; the body only tells about it.
        Refusal refusal = (problem with { Status = status }).ToRefusal();
        bool isTransient = response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
            or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;
        return isTransient
            ? new ServerBusyException(refusal, response.Headers.RetryAfter?.Delta)
            : new ServerRefusalException(refusal, response.StatusCode);
    }

    private static async Task<ProblemDetails?> ProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType != ProblemDetails.MediaType)
            return null;
        try
        {
            byte[] body = await ReadBytesAsync(response, MaxProblemBytes, cancellationToken).ConfigureAwait(false);
            return JsonSerializer.Deserialize(body, WireJson.Default.ProblemDetails);
        }
        catch (Exception e) when (e is JsonException or TooLargeException)
        {
            // What the status says still stands; the unreadable explanation of it does not.
            return null;
        }
    }
}

/// <summary>The other side refused, and the same call would be refused again.</summary>
internal sealed class ServerRefusalException(Refusal refusal, HttpStatusCode status) : CommonholdException(refusal)
{
    public HttpStatusCode Status { get; } = status;
}
