using System.Buffers;

namespace Commonhold.Validator.Ownership.Dkim;

/// <summary>How much a relay may change before a signature breaks: RFC 6376 §3.4.</summary>
internal enum Canonicalisation
{
    /// <summary>Nothing but empty lines at the end of the body.</summary>
    Simple,

    /// <summary>White space, folding and the case of header names.</summary>
    Relaxed,
}

/// <summary>The bytes that are hashed: RFC 6376 §3.4.1 to §3.4.4. Expects CRLF line ends and writes them.</summary>
internal static class Canonical
{
    public static void Header(Canonicalisation how, ReadOnlySpan<byte> raw, int colon, IBufferWriter<byte> output)
    {
        if (how == Canonicalisation.Simple)
        {
            output.Write(raw);
            return;
        }

        Span<byte> name = raw[..colon].TrimEnd(" \t"u8).ToArray();
        foreach (ref var letter in name)
            letter = (byte)char.ToLowerInvariant((char)letter);
        output.Write(name);
        output.Write(":"u8);

        // Unfolded: CRLF counts as nothing, the white space behind it as white space.
        var value = raw[(colon + 1)..].ToArray().AsSpan();
        var length = 0;
        foreach (var b in value)
        {
            if (b is not ((byte)'\r' or (byte)'\n'))
                value[length++] = b;
        }

        Collapse(value[..length].Trim(" \t"u8), output);
        output.Write("\r\n"u8);
    }

    public static void Body(Canonicalisation how, ReadOnlySpan<byte> body, IBufferWriter<byte> output)
    {
        var emptyLines = 0;
        var isEmpty = true;
        while (!body.IsEmpty)
        {
            var end = body.IndexOf("\r\n"u8);
            var line = end < 0 ? body : body[..end];
            body = end < 0 ? default : body[(end + 2)..];
            if (how == Canonicalisation.Relaxed)
                line = line.TrimEnd(" \t"u8);
            if (line.IsEmpty)
            {
                emptyLines++;
                continue;
            }

            for (isEmpty = false; emptyLines > 0; emptyLines--)
                output.Write("\r\n"u8);
            if (how == Canonicalisation.Relaxed)
                Collapse(line, output);
            else
                output.Write(line);
            output.Write("\r\n"u8);
        }

        // §3.4.3: an empty body is one CRLF in simple form; §3.4.4: and nothing in relaxed form.
        if (isEmpty && how == Canonicalisation.Simple)
            output.Write("\r\n"u8);
    }

    private static void Collapse(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        if (text.IsEmpty)
            return;
        var collapsed = output.GetSpan(text.Length);
        var length = 0;
        foreach (var b in text)
        {
            var isWhite = b is (byte)' ' or (byte)'\t';
            if (!isWhite || length == 0 || collapsed[length - 1] != ' ')
                collapsed[length++] = isWhite ? (byte)' ' : b;
        }

        output.Advance(length);
    }
}
