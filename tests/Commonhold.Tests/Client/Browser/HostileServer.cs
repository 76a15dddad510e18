using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Commonhold.Tests.Client.Browser;

/// <summary>An HTTP server that answers as it likes: with a body that never ends, or a byte now and then.</summary>
public sealed class HostileServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Func<Stream, string, CancellationToken, Task> _body;

    private HostileServer(Func<Stream, string, CancellationToken, Task> body)
    {
        _body = body;
        _listener.Start();
        _ = AcceptAsync();
    }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    /// <summary>The same piece again and again, as fast as it is taken.</summary>
    public static HostileServer Endless(byte[] piece) => new(async (stream, _, cancellationToken) =>
    {
        while (true)
            await stream.WriteAsync(piece, cancellationToken);
    });

    /// <summary>One byte a second, from what looks like the beginning of an answer.</summary>
    public static HostileServer Dripping(string beginning) => new(async (stream, _, cancellationToken) =>
    {
        for (var i = 0; ; i++)
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(beginning, i % beginning.Length, 1), cancellationToken);
            await stream.FlushAsync(cancellationToken);
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        }
    });

    /// <param name="answer">What is said to a request line, "GET /v1/releases?from=0".</param>
    public static HostileServer Answering(Func<string, string> answer) =>
        new((stream, request, cancellationToken) => stream.WriteAsync(Encoding.UTF8.GetBytes(answer(request)), cancellationToken).AsTask());

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var end = _end.Token;
        while (!end.IsCancellationRequested)
        {
            try
            {
                _ = AnswerAsync(await _listener.AcceptTcpClientAsync(end), end);
            }
            catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(TcpClient client, CancellationToken end)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                using StreamReader reader = new(stream, Encoding.ASCII, leaveOpen: true);
                var request = await reader.ReadLineAsync(end) ?? "";
                while (await reader.ReadLineAsync(end) is { Length: > 0 })
                {
                }

                // No length: the body ends when the connection does.
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nConnection: close\r\nAccess-Control-Allow-Origin: *\r\nContent-Type: application/octet-stream\r\n\r\n"u8.ToArray(), end);
                await _body(stream, request, end);
            }
            catch (Exception over) when (over is OperationCanceledException or IOException or ObjectDisposedException)
            {
                // Whoever asked hung up, as one should.
            }
        }
    }
}
