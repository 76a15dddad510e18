using System.Net;
using System.Net.Sockets;
using Commonhold.Cli.Voice;

namespace Commonhold.Cli.Chain;

/// <summary>A loopback port that nobody listens on right now.</summary>
internal static class FreePort
{
    /// <summary>Fails at once, and in our own words, where a child process would fail later, or talk to somebody else's server.</summary>
    public static int Require(int port, string option)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return port;
        }
        catch (SocketException e)
        {
            throw new CommandFailedException(
                new Complaint(ExitCode.Failed, $"port {port} is in use by another program", $"another port: {option}"), e);
        }
    }

    public static int Take()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
