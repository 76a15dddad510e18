using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Commonhold.Tests.Ethereum;

/// <summary>What a <see cref="FakeRpcServer"/> does with one request.</summary>
public abstract record RpcReply
{
    /// <summary>An HTTP answer with any status and body.</summary>
    public sealed record Http(int Status, string Body, string Headers = "") : RpcReply;

    /// <summary>Closes the connection without a word.</summary>
    public sealed record Drop : RpcReply;

    /// <summary>Announces more than it sends, then closes.</summary>
    public sealed record Cut(string Body) : RpcReply;

    /// <summary>Keeps the connection and says nothing.</summary>
    public sealed record Hang : RpcReply;

    /// <summary>Sends without end.</summary>
    public sealed record Flood : RpcReply;

    public static RpcReply Result(JsonNode request, JsonNode? result) =>
        new Http(200, new JsonObject { ["jsonrpc"] = "2.0", ["id"] = request["id"]?.DeepClone(), ["result"] = result }.ToJsonString());

    public static RpcReply Error(JsonNode request, int code, string message, JsonNode? data = null, int status = 200) =>
        new Http(status, new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = request["id"]?.DeepClone(),
            ["error"] = new JsonObject { ["code"] = code, ["message"] = message, ["data"] = data },
        }.ToJsonString());
}

/// <summary>A JSON-RPC server on a free port of this machine that misbehaves on command; requests are kept in order.</summary>
internal sealed class FakeRpcServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<JsonNode, RpcReply> _answer;
    private readonly Task _accepting;

    public FakeRpcServer(Func<JsonNode, RpcReply> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Uri => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    public List<JsonNode> Requests { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
                serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using TcpClient owned = client;
        NetworkStream stream = client.GetStream();
        try
        {
            JsonNode request = await ReadRequestAsync(stream);
            lock (Requests)
                Requests.Add(request);
            switch (_answer(request))
            {
                case RpcReply.Http http:
                    byte[] body = Encoding.UTF8.GetBytes(http.Body);
                    await WriteHeadAsync(stream, http.Status, body.Length, http.Headers);
                    await stream.WriteAsync(body, _stop.Token);
                    break;
                case RpcReply.Cut cut:
                    await WriteHeadAsync(stream, 200, cut.Body.Length + 100, "");
                    await stream.WriteAsync(Encoding.UTF8.GetBytes(cut.Body), _stop.Token);
                    break;
                case RpcReply.Hang:
                    await Task.Delay(Timeout.Infinite, _stop.Token);
                    break;
                case RpcReply.Flood:
                    await stream.WriteAsync("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n["u8.ToArray(), _stop.Token);
                    while (true)
                        await stream.WriteAsync(new byte[1 << 16], _stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client went away, or the test is over.
        }
    }

    private async Task<JsonNode> ReadRequestAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one, _stop.Token);
            head.Append((char)one[0]);
        }

        string length = head.ToString().Split("\r\n").Single(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        byte[] body = new byte[int.Parse(length.AsSpan(15), CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, _stop.Token);
        return JsonNode.Parse(body)!;
    }

    private async Task WriteHeadAsync(NetworkStream stream, int status, int length, string headers) =>
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{headers}\r\n"),
            _stop.Token);
}
