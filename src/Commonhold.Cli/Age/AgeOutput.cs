using Commonhold.Cli.Voice;

namespace Commonhold.Cli.Age;

/// <summary>Where bytes go. A file appears under its name only when everything went well: a cut file never looks whole.</summary>
internal sealed class AgeOutput : Stream
{
    private readonly string? path;
    private readonly string? temporary;
    private readonly Stream target;
    private bool completed;

    public AgeOutput(string? output)
    {
        if (output is null or "-")
        {
            target = Console.OpenStandardOutput();
            ToTerminal = output is null && !Console.IsOutputRedirected;
            return;
        }

        path = output;
        if (OpenSpecial(output) is { } special)
        {
            target = special;
            return;
        }

        temporary = $"{output}.part";
        target = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 });
    }

    /// <summary>Text may be shown on a terminal, other bytes only when -o - asks for it.</summary>
    public bool RefusesBinaryOnTerminal { get; init; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    private bool ToTerminal { get; }

    public static void RefuseTerminal(string? output)
    {
        if (output is null && !Console.IsOutputRedirected)
            throw new CommandFailedException("an encrypted file is not text: it would upset the terminal", "-o FILE, or -a for text", ExitCode.Usage);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (ToTerminal && RefusesBinaryOnTerminal && HasControl(buffer.Span))
            throw new CommandFailedException("the plaintext is not text: it would upset the terminal", "-o FILE, or -o - to print it all the same");
        await target.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await target.FlushAsync(cancellationToken);
        await target.DisposeAsync();
        if (temporary is not null) File.Move(temporary, path!, overwrite: true);
        completed = true;
    }

    public override void Flush() => target.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !completed)
        {
            target.Dispose();
            if (temporary is not null) File.Delete(temporary);
        }

        base.Dispose(disposing);
    }

    // A device or pipe is written to as it is: a renamed file would take its place.
    private static FileStream? OpenSpecial(string output)
    {
        var full = Path.GetFullPath(output);
        if (!File.Exists(full)) return null;
        var stream = new FileStream(full, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Write, BufferSize = 0 });
        var device = full.StartsWith("/dev/", StringComparison.Ordinal) && !full.StartsWith("/dev/shm/", StringComparison.Ordinal);
        if (device || !stream.CanSeek) return stream;
        stream.Dispose();
        return null;
    }

    private static bool HasControl(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            if (value is < (byte)' ' and not (byte)'\t' and not (byte)'\n' and not (byte)'\r' or 0x7F) return true;
        }

        return false;
    }
}
