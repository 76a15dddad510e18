using System.Net;
using System.Net.Sockets;
using Commonhold.Cli.Chain;

namespace Commonhold.ServerTests.Node;

/// <summary>Stands between a node and its chain, and can vanish: connections break and new ones are refused.</summary>
internal sealed class TcpProxy(Uri target) : IAsyncDisposable
{
    private readonly int _port = FreePort.Take();
    private CancellationTokenSource _gone = new();
    private Task _serving = Task.CompletedTask;

    public Uri Url => new($"http://127.0.0.1:{_port}");

    public TcpProxy Open()
    {
        _gone = new CancellationTokenSource();
        var listener = new TcpListener(IPAddress.Loopback, _port);
        listener.Start();
        _serving = ServeAsync(listener, _gone.Token);
        return this;
    }

    public async Task VanishAsync()
    {
        await _gone.CancelAsync();
        await _serving;
    }

    public async ValueTask DisposeAsync()
    {
        await VanishAsync();
        _gone.Dispose();
    }

    private async Task ServeAsync(TcpListener listener, CancellationToken cancellationToken)
    {
        var pairs = new List<Task>();
        try
        {
            while (true)
                pairs.Add(PassAsync(await listener.AcceptTcpClientAsync(cancellationToken), cancellationToken));
        }
        catch (OperationCanceledException)
        {
            listener.Stop();
            await Task.WhenAll(pairs);
        }
    }

    private async Task PassAsync(TcpClient client, CancellationToken cancellationToken)
    {
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, target.Port, cancellationToken);
                await Task.WhenAny(client.GetStream().CopyToAsync(server.GetStream(), cancellationToken), server.GetStream().CopyToAsync(client.GetStream(), cancellationToken));
            }
            catch (Exception broken) when (broken is SocketException or IOException or OperationCanceledException)
            {
                // That is what a proxy is for here.
            }
        }
    }
}
