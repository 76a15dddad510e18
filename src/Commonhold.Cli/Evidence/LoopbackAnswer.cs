using System.Net;
using System.Net.Sockets;
using System.Text;
using Commonhold.Cli.Voice;
using Commonhold.Client;

namespace Commonhold.Cli.Evidence;

/// <summary>Waits on loopback for the browser to come back from a sign-in (RFC 8252 §7.3), for one answer.</summary>
/// <remarks>Any program of this machine can knock here: what comes is only believed when it carries the state of the request.</remarks>
internal sealed class LoopbackAnswer : IDisposable
{
    private const int MaxHeadBytes = 16 * 1024;
    private readonly TcpListener listener;

    private LoopbackAnswer(TcpListener listener) => this.listener = listener;

    public string RedirectUri => Loopback.RedirectUri(((IPEndPoint)listener.LocalEndpoint).Port);

    /// <param name="port">The one that the provider has on file; null takes a free one.</param>
    public static LoopbackAnswer Listen(ushort? port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port ?? 0) { ExclusiveAddressUse = true };
        try
        {
            listener.Start();
        }
        catch (SocketException)
        {
            listener.Dispose();
            throw new CommandFailedException($"port {port} of this machine is taken, and the provider sends its answer there", "close the program that has it and try again");
        }

        return new LoopbackAnswer(listener);
    }

    /// <summary>The first answer that <paramref name="read"/> takes for its own; others are told so and forgotten.</summary>
    public async Task<Result<SignInAnswer>> WaitAsync(SignInRequest request, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var client = await listener.AcceptTcpClientAsync(cancellationToken).ConfigureAwait(false);
            await using var stream = client.GetStream();
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(TimeSpan.FromSeconds(5));
            try
            {
                var target = await TargetAsync(stream, patience.Token).ConfigureAwait(false);
                if (target is null || !target.StartsWith(Loopback.Path + "?", StringComparison.Ordinal))
                {
                    await SayAsync(stream, "404 Not Found", "There is nothing here.", patience.Token).ConfigureAwait(false);
                    continue;
                }

                var answer = request.Read(target[Loopback.Path.Length..]);
                if (answer.Refusal is { Code: "evidence.sign_in_not_ours" })
                {
                    await SayAsync(stream, "400 Bad Request", "This is not the answer that commonhold waits for.", patience.Token).ConfigureAwait(false);
                    continue;
                }

                await SayAsync(stream, "200 OK", answer.IsRefused ? "The sign-in did not succeed. See the terminal." : "Done. You can close this page and go back to the terminal.", patience.Token).ConfigureAwait(false);
                return answer;
            }
            catch (Exception e) when (e is IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // Whoever knocked said nothing: the browser may still come.
            }
        }
    }

    public void Dispose() => listener.Dispose();

    /// <summary>The target of a GET's request line; null for anything else.</summary>
    private static async Task<string?> TargetAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var head = new byte[MaxHeadBytes];
        var length = 0;
        while (length < head.Length && !head.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
        {
            var read = await stream.ReadAsync(head.AsMemory(length), cancellationToken).ConfigureAwait(false);
            if (read == 0)
                return null;
            length += read;
        }

        var parts = Encoding.ASCII.GetString(head, 0, length).Split("\r\n")[0].Split(' ');
        return parts is ["GET", var target, "HTTP/1.1" or "HTTP/1.0"] ? target : null;
    }

    private static Task SayAsync(NetworkStream stream, string status, string text, CancellationToken cancellationToken)
    {
        var body = $"<!doctype html><html lang=\"en\"><title>commonhold</title><p>{text}</p></html>\n";
        return stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {body.Length}\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n{body}"), cancellationToken).AsTask();
    }
}
