using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Commonhold.Ethereum;

/// <summary>One HTTP exchange, bounded in time and size.</summary>
internal sealed class JsonRpcHttp(HttpClient http, Uri endpoint, JsonRpcOptions options, TimeProvider time)
{
    /// <exception cref="RpcException">No JSON came back, for one of the reasons of <see cref="RpcErrorKind"/>.</exception>
    public async Task<JsonElement> ExchangeAsync(byte[] body, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(options.Timeout, time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            return await ReadAsync(response, deadline.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RpcException(RpcErrorKind.Timeout, $"The node did not answer within {options.Timeout.TotalSeconds:0.###} s.", innerException: e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new RpcException(RpcErrorKind.Unreachable, "The node cannot be reached: " + e.Message, innerException: e);
        }
    }

    private async Task<JsonElement> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.TooManyRequests)
            throw new RpcException(RpcErrorKind.RateLimited, "The node answered HTTP 429.", 429) { RetryAfter = RetryAfter(response) };

        byte[] bytes = await ReadBoundedAsync(response, cancellationToken);
        JsonElement? json = TryParse(bytes);
        // Some nodes send JSON-RPC errors with HTTP 4xx or 5xx; what they say is more than the status.
        if (json is { } element && (response.IsSuccessStatusCode || LooksLikeRpc(element)))
            return element;

        int status = (int)response.StatusCode;
        throw status switch
        {
            503 => new RpcException(RpcErrorKind.Server, "The node answered HTTP 503.", status) { RetryAfter = RetryAfter(response) },
            408 or >= 500 => new RpcException(RpcErrorKind.Server, $"The node answered HTTP {status}.", status),
            >= 300 => new RpcException(RpcErrorKind.Rejected, $"The node answered HTTP {status}.", status),
            _ => new RpcException(RpcErrorKind.InvalidResponse, "The answer is not JSON."),
        };
    }

    private async Task<byte[]> ReadBoundedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength > options.MaxResponseBytes)
            throw TooLarge();

        await using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var buffer = new MemoryStream();
        byte[] chunk = new byte[16 << 10];
        while (await stream.ReadAsync(chunk, cancellationToken) is > 0 and int read)
        {
            if (buffer.Length + read > options.MaxResponseBytes)
                throw TooLarge();
            buffer.Write(chunk, 0, read);
        }

        return buffer.ToArray();
    }

    private RpcException TooLarge() => new(RpcErrorKind.InvalidResponse, $"The response size is too large: more than {options.MaxResponseBytes} bytes.");

    private static JsonElement? TryParse(byte[] bytes)
    {
        try
        {
            return StrictJson.Parse(bytes);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool LooksLikeRpc(JsonElement json) =>
        json.ValueKind == JsonValueKind.Array || (json.ValueKind == JsonValueKind.Object && json.TryGetProperty("jsonrpc", out _));

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        RetryConditionHeaderValue? header = response.Headers.RetryAfter;
        TimeSpan? wait = header?.Delta ?? (header?.Date is { } date ? date - time.GetUtcNow() : null);
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
