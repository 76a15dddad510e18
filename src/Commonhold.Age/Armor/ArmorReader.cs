using System.Buffers;
using System.Buffers.Text;

namespace Commonhold.Age;

/// <summary>Reads ASCII armor strictly: what is accepted differs from the canonical text in white space around it and in
/// line ends (LF or CRLF) only (age v1, "ASCII armor").</summary>
internal sealed class ArmorReader(InputReader input) : ReadOnlyStream
{
    private const int MaxWhiteSpace = 1024;

    private readonly byte[] text = new byte[64 << 10];
    private readonly byte[] data = new byte[48 << 10];
    private int textStart;
    private int textEnd;
    private int dataStart;
    private int dataEnd;
    private bool begun;
    private bool lastLineSeen;
    private bool ended;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!begun)
        {
            await SkipLeadingWhiteSpaceAsync(cancellationToken);
            if (!IsLine(await NextLineAsync(cancellationToken), ArmorWriter.Begin)) throw Refused("its first line is not the begin mark");
            begun = true;
        }

        while (dataStart == dataEnd && !ended) await DecodeAsync(cancellationToken);
        var length = Math.Min(buffer.Length, dataEnd - dataStart);
        data.AsMemory(dataStart, length).CopyTo(buffer);
        dataStart += length;
        return length;
    }

    /// <summary>Decodes the lines that are there, at least one.</summary>
    private async ValueTask DecodeAsync(CancellationToken cancellationToken)
    {
        dataStart = dataEnd = 0;
        do
        {
            var line = await NextLineAsync(cancellationToken);
            if (line.Span.StartsWith((byte)'-'))
            {
                if (!IsLine(line, ArmorWriter.End)) throw Refused("its last line is not the end mark");
                ended = true;
                await RequireOnlyWhiteSpaceAsync(cancellationToken);
                return;
            }

            DecodeLine(line.Span);
        }
        while (dataEnd + ArmorWriter.BytesPerLine <= data.Length && HasWholeLine());
    }

    private void DecodeLine(ReadOnlySpan<byte> line)
    {
        if (lastLineSeen) throw Refused("a short line is not the last");
        if (line.IsEmpty || line.Length > ArmorWriter.Columns) throw Refused("a line does not have 64 columns");
        // The decoder itself would skip white space.
        if (line.ContainsAnyExcept(Symbols)) throw Refused("a line is not base64");
        var status = Base64.DecodeFromUtf8(line, data.AsSpan(dataEnd), out var consumed, out var written);
        if (status != OperationStatus.Done || consumed != line.Length) throw Refused("a line is not base64");

        // One file, one text: spare bits must be zero and padding only ends the last line.
        Span<byte> again = stackalloc byte[ArmorWriter.Columns];
        Base64.EncodeToUtf8(data.AsSpan(dataEnd, written), again, out _, out var encoded);
        if (!again[..encoded].SequenceEqual(line)) throw Refused("a line is not canonical base64");
        lastLineSeen = written < ArmorWriter.BytesPerLine;
        dataEnd += written;
    }

    private static readonly SearchValues<byte> Symbols =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="u8);

    private static bool IsLine(ReadOnlyMemory<byte> line, string mark) =>
        line.Length == mark.Length && System.Text.Ascii.Equals(line.Span, mark);

    private bool HasWholeLine() => text.AsSpan(textStart, textEnd - textStart).Contains((byte)'\n');

    /// <summary>The next line without its end; the last may lack one.</summary>
    private async ValueTask<ReadOnlyMemory<byte>> NextLineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var held = text.AsMemory(textStart, textEnd - textStart);
            var end = held.Span.IndexOf((byte)'\n');
            if (end >= 0)
            {
                textStart += end + 1;
                var line = held[..end];
                return line.Span.EndsWith((byte)'\r') ? line[..^1] : line;
            }

            if (held.Length > 2 * ArmorWriter.Columns) throw Refused("a line does not have 64 columns");
            if (!await FillAsync(cancellationToken))
            {
                textStart = textEnd;
                return held.IsEmpty ? throw Refused("it has no end mark") : held;
            }
        }
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        text.AsSpan(textStart, textEnd - textStart).CopyTo(text);
        (textStart, textEnd) = (0, textEnd - textStart);
        var read = await input.ReadSomeAsync(text.AsMemory(textEnd), cancellationToken);
        textEnd += read;
        return read > 0;
    }

    private async ValueTask SkipLeadingWhiteSpaceAsync(CancellationToken cancellationToken)
    {
        for (var skipped = 0; ; textStart++, skipped++)
        {
            if (textStart == textEnd && !await FillAsync(cancellationToken)) return;
            if (!IsWhiteSpace(text[textStart])) return;
            if (skipped == MaxWhiteSpace) throw Refused("there is too much white space before it");
        }
    }

    private async ValueTask RequireOnlyWhiteSpaceAsync(CancellationToken cancellationToken)
    {
        for (var skipped = 0; textStart < textEnd || await FillAsync(cancellationToken); textStart++, skipped++)
        {
            if (!IsWhiteSpace(text[textStart])) throw Refused("there is something after it");
            if (skipped == MaxWhiteSpace) throw Refused("there is too much white space after it");
        }
    }

    private static bool IsWhiteSpace(byte symbol) => symbol is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';

    private static AgeException Refused(string why) =>
        new(AgeErrors.Armor, $"The armor is malformed: {why}.", "Copy the whole text, from BEGIN to END, without changes.");
}
