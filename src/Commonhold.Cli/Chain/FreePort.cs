using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Commonhold.Cli.Voice;

namespace Commonhold.Cli.Chain;

/// <summary>A loopback port that nobody listens on right now.</summary>
internal static class FreePort
{
    // Systems give ports from 32768 up to who connects or asks for any; one from below stays free until whoever took it listens on it.
    private const int First = 16_384, End = 32_768, Attempts = 1_000;

    private static readonly ConcurrentDictionary<int, bool> Given = new();

    /// <summary>Fails at once, and in our own words, where a child process would fail later, or talk to somebody else's server.</summary>
    public static int Require(int port, string option)
    {
        try
        {
            Listen(port);
            Given.TryAdd(port, true);
            return port;
        }
        catch (SocketException e)
        {
            throw new CommandFailedException(
                new Complaint(ExitCode.Failed, $"port {port} is in use by another program", $"another port: {option}"), e);
        }
    }

    /// <summary>One that this process has not been given before, however long it takes until somebody listens there.</summary>
    public static int Take()
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var port = RandomNumberGenerator.GetInt32(First, End);
            if (IsFree(port) && Given.TryAdd(port, true))
                return port;
        }

        throw new CommandFailedException($"none of {Attempts} ports between {First} and {End} is free");
    }

    public static bool IsFree(int port)
    {
        try
        {
            Listen(port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static void Listen(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
    }
}
