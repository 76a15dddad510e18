using System.Buffers.Text;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Commonhold.Benchmarks.Pages;

/// <summary>Asks for one address over and over on some connections, with next to no work of its own: HTTP/1.1 with a Content-Length.</summary>
internal static class Load
{
    /// <summary>Answers a second.</summary>
    public static async Task<double> RunAsync(Uri server, string path, int connections, TimeSpan span, CancellationToken cancellationToken)
    {
        var request = Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {server.Authority}\r\nAccept-Encoding: br\r\n\r\n");
        var start = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => AskAsync(server, request, start, span, cancellationToken)));
        return counts.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<int> AskAsync(Uri server, byte[] request, long start, TimeSpan span, CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server.Host, server.Port, cancellationToken);
        var buffer = new byte[64 << 10];
        var count = 0;
        for (; Stopwatch.GetElapsedTime(start) < span; count++)
        {
            await socket.SendAsync(request, cancellationToken);
            int have = 0, whole = -1;
            while (whole < 0 || have < whole)
            {
                var read = await socket.ReceiveAsync(buffer.AsMemory(have), cancellationToken);
                if (read == 0)
                    throw new IOException("the server closed the connection");
                have += read;
                if (whole < 0)
                    whole = LengthOf(buffer.AsSpan(0, have));
            }
        }

        return count;
    }

    /// <summary>Of the whole answer; -1 while its head is not all here.</summary>
    private static int LengthOf(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return -1;
        if (!answer.StartsWith("HTTP/1.1 200"u8))
            throw new IOException(Encoding.ASCII.GetString(answer[..answer.IndexOf("\r\n"u8)]));
        var name = "Content-Length: "u8;
        var at = answer.IndexOf(name);
        return Utf8Parser.TryParse(answer[(at + name.Length)..], out int length, out _) && at >= 0 ? end + 4 + length : throw new IOException("the answer does not say how long it is");
    }
}
