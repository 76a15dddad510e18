using System.Buffers.Text;

namespace Commonhold.Age;

/// <summary>Writes ASCII armor (age v1, "ASCII armor"): strict PEM, 64 columns, LF.</summary>
internal sealed class ArmorWriter(Stream output) : WriteOnlyStream
{
    internal const string Begin = "-----BEGIN AGE ENCRYPTED FILE-----";
    internal const string End = "-----END AGE ENCRYPTED FILE-----";
    internal const int Columns = 64;
    internal const int BytesPerLine = 48;
    private const int LinesPerBlock = 1024;

    private readonly byte[] pending = new byte[BytesPerLine * LinesPerBlock];
    private readonly byte[] text = new byte[(Columns + 1) * LinesPerBlock];
    private int held;
    private bool begun;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var taken = Math.Min(buffer.Length, pending.Length - held);
            buffer[..taken].CopyTo(pending.AsMemory(held));
            buffer = buffer[taken..];
            held += taken;
            if (held == pending.Length) await FlushBlockAsync(cancellationToken);
        }
    }

    /// <summary>Writes the last line and the end mark; without it the file is cut.</summary>
    internal async ValueTask FinishAsync(CancellationToken cancellationToken)
    {
        await FlushBlockAsync(cancellationToken);
        await output.WriteAsync("-----END AGE ENCRYPTED FILE-----\n"u8.ToArray(), cancellationToken);
    }

    private async ValueTask FlushBlockAsync(CancellationToken cancellationToken)
    {
        if (!begun) await output.WriteAsync("-----BEGIN AGE ENCRYPTED FILE-----\n"u8.ToArray(), cancellationToken);
        begun = true;
        var length = EncodeLines(pending.AsSpan(0, held), text);
        held = 0;
        await output.WriteAsync(text.AsMemory(0, length), cancellationToken);
    }

    private static int EncodeLines(ReadOnlySpan<byte> data, Span<byte> text)
    {
        var length = 0;
        while (!data.IsEmpty)
        {
            var line = data[..Math.Min(BytesPerLine, data.Length)];
            data = data[line.Length..];
            Base64.EncodeToUtf8(line, text[length..], out _, out var written);
            length += written;
            text[length++] = (byte)'\n';
        }

        return length;
    }
}
