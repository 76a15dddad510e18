using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Commonhold.Tests.Validator.Ownership.Online;

/// <summary>A server on loopback that says byte for byte what a test tells it to: what no well-behaved server could be made to say.</summary>
internal sealed class TrickServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<string, Stream, CancellationToken, Task> _answer;
    private readonly Func<Stream, Task<Stream>> _wrap;
    private readonly Task _running;

    /// <param name="answer">Gets the head of the request and answers it.</param>
    /// <param name="wrap">Puts TLS around the connection; null for none.</param>
    public TrickServer(Func<string, Stream, CancellationToken, Task> answer, Func<Stream, Task<Stream>>? wrap = null)
    {
        _answer = answer;
        _wrap = wrap ?? Task.FromResult;
        _listener.Start();
        _running = RunAsync();
    }

    public TrickServer(Func<string, string> answer)
        : this((head, stream, token) => stream.WriteAsync(Encoding.Latin1.GetBytes(answer(head)), token).AsTask())
    {
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Authority => $"127.0.0.1:{Port}";

    public List<string> Heads { get; } = [];

    public static string Ok(string body, string type = "application/json", string more = "") =>
        $"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nContent-Length: {Encoding.Latin1.GetByteCount(body)}\r\n{more}\r\n{body}";

    public static string MovedTo(string location) => $"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n";

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            TcpClient client = await _listener.AcceptTcpClientAsync(_stopping.Token);
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await using Stream stream = await _wrap(client.GetStream());
                string head = await HeadAsync(stream);
                lock (Heads)
                    Heads.Add(head);
                await _answer(head, stream, _stopping.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
            {
                // The client hung up: that is what most of these tests are about.
            }
        }
    }

    private async Task<string> HeadAsync(Stream stream)
    {
        StringBuilder head = new();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, _stopping.Token) > 0)
            head.Append((char)one[0]);
        return head.ToString();
    }
}
