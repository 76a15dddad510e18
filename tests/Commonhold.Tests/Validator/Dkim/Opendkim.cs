using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Commonhold.Tests.Guardian;

namespace Commonhold.Tests.Validator.Dkim;

/// <summary>A test that needs <c>opendkim</c>: skipped, visibly, where it is missing, and failed on the build server.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OpendkimTheoryAttribute : TheoryAttribute
{
    public OpendkimTheoryAttribute() =>
        Skip = Opendkim.TryFind() is not null || Environment.GetEnvironmentVariable("CI") is { Length: > 0 } ? null : "opendkim is missing: apt-get install opendkim";
}

/// <summary>Debian's opendkim, asked over the milter protocol as a mail server asks it.</summary>
/// <remarks>The protocol is sendmail's, as libmilter speaks it: length, command, data; the milter answers each step, and at the end
/// of the message names the headers to put in.</remarks>
internal sealed class Opendkim : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory = new();
    private readonly Process _process;

    private Opendkim(string settings, params ReadOnlySpan<(string Name, string Text)> files)
    {
        foreach (var (name, text) in files)
            File.WriteAllText(PathOf(name), text);
        File.WriteAllText(PathOf("conf"), $"Socket local:{PathOf("socket")}\nRequireSafeKeys no\nSyslog no\n{settings}".Replace("{}", _directory.Path, StringComparison.Ordinal));
        _process = Process.Start(new ProcessStartInfo(TryFind() ?? throw new InvalidOperationException("opendkim is missing"), ["-f", "-x", PathOf("conf")])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
    }

    public static Opendkim Signer(string pem, string settings) =>
        new($"Mode s\nDomain mail.example.com\nKeyFile {{}}/key\nSignHeaders From,To,Subject,Date,Message-ID,MIME-Version,Content-Type\n{settings}\n", ("key", pem));

    public static Opendkim Verifier(string name, string record) =>
        new("Mode v\nAlwaysAddARHeader yes\nAuthservID test\nInternalHosts 192.0.2.1\nTestPublicKeys {}/keys\n", ("keys", $"{name} {record}\n"));

    public static string? TryFind() =>
        (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin").Split(':').Select(d => Path.Combine(d, "opendkim")).FirstOrDefault(File.Exists);

    /// <summary>The message with what opendkim puts on top of it.</summary>
    public async Task<byte[]> PassAsync(byte[] message)
    {
        using var socket = await ConnectAsync();
        await using var stream = new NetworkStream(socket);
        await AskAsync(stream, 'O', [0, 0, 0, 6, 0, 0, 1, 0xFF, 0, 0, 0, 0]);
        await AskAsync(stream, 'C', [.. "localhost\04"u8, 0, 25, .. "127.0.0.1\0"u8]);
        await AskAsync(stream, 'H', "localhost\0"u8.ToArray());
        await AskAsync(stream, 'M', "<noreply@mail.example.com>\0"u8.ToArray());
        await AskAsync(stream, 'R', "<someone@example.org>\0"u8.ToArray());
        var text = Encoding.Latin1.GetString(message);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        foreach (var field in text[..end].Replace("\r\n ", "\n ", StringComparison.Ordinal).Replace("\r\n\t", "\n\t", StringComparison.Ordinal).Split("\r\n"))
        {
            var colon = field.IndexOf(':', StringComparison.Ordinal);
            await AskAsync(stream, 'L', Encoding.Latin1.GetBytes($"{field[..colon]}\0{field[(colon + 1)..].TrimStart(' ')}\0"));
        }

        await AskAsync(stream, 'N', []);
        await AskAsync(stream, 'B', Encoding.Latin1.GetBytes(text[(end + 4)..]));
        var added = new StringBuilder();
        await SendAsync(stream, 'E', []);
        while (await ReceiveAsync(stream) is var (command, data) && command is not ('c' or 'a'))
        {
            if (command is not ('h' or 'i'))
                throw new InvalidOperationException($"opendkim answers {command}");
            var parts = Encoding.Latin1.GetString(data[(command == 'i' ? 4 : 0)..]).Split('\0');
            added.Append(parts[0]).Append(": ").Append(parts[1].ReplaceLineEndings("\r\n")).Append("\r\n");
        }

        return Encoding.Latin1.GetBytes(added + text);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _directory.Dispose();
    }

    private string PathOf(string name) => Path.Combine(_directory.Path, name);

    private async Task<Socket> ConnectAsync()
    {
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(10))
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(PathOf("socket")));
                return socket;
            }
            catch (SocketException) when (!_process.HasExited && watch.Elapsed < Patience)
            {
                socket.Dispose();
            }
        }
    }

    private static async Task AskAsync(NetworkStream stream, char command, byte[] data)
    {
        await SendAsync(stream, command, data);
        var (answer, _) = await ReceiveAsync(stream);
        if (answer is not ('c' or 'O'))
            throw new InvalidOperationException($"opendkim answers {answer} to {command}");
    }

    private static async Task SendAsync(NetworkStream stream, char command, byte[] data)
    {
        var packet = new byte[5 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(packet, data.Length + 1);
        packet[4] = (byte)command;
        data.CopyTo(packet, 5);
        await stream.WriteAsync(packet);
    }

    private static async Task<(char Command, byte[] Data)> ReceiveAsync(NetworkStream stream)
    {
        var length = new byte[4];
        await stream.ReadExactlyAsync(length).AsTask().WaitAsync(Patience);
        var packet = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        await stream.ReadExactlyAsync(packet).AsTask().WaitAsync(Patience);
        return ((char)packet[0], packet[1..]);
    }
}
