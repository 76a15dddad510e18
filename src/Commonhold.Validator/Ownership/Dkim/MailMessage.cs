using System.Text;

namespace Commonhold.Validator.Ownership.Dkim;

/// <summary>A header field as it stands in the message.</summary>
/// <param name="Name">As written, without the white space that may stand before the colon.</param>
/// <param name="Raw">The whole field with its folding and its last CRLF.</param>
/// <param name="Colon">Where in <paramref name="Raw"/> the value begins, less one.</param>
internal sealed record HeaderField(string Name, ReadOnlyMemory<byte> Raw, int Colon)
{
    /// <summary>The value with its folding and without the last CRLF.</summary>
    public ReadOnlySpan<byte> Value => Raw.Span[(Colon + 1)..^2];

    /// <summary>The value on one line, trimmed.</summary>
    public string Text => Encoding.UTF8.GetString(Value).Replace("\r\n", "", StringComparison.Ordinal).Trim(' ', '\t');

    public bool Is(string name) => string.Equals(Name, name, StringComparison.OrdinalIgnoreCase);
}

/// <summary>An e-mail taken apart into header fields and body, byte for byte: RFC 5322 as far as DKIM needs it.</summary>
/// <remarks>Mail programs save messages with CRLF or with LF. Both are read, and LF becomes CRLF, as it was on the wire; a message
/// that mixes them, or has a carriage return alone, is refused: two readers could see two different messages in it. The size, the
/// number of fields and the size of one field are bounded before anything else looks at them.</remarks>
internal sealed class MailMessage
{
    public const int MaxBytes = 1 << 20;
    public const int MaxFields = 256;
    public const int MaxFieldBytes = 32 << 10;

    private const string Hint = "Save the message from your mail program as it is (“show original”, “save as .eml”) and pass that file.";

    private MailMessage(IReadOnlyList<HeaderField> fields, ReadOnlyMemory<byte> body) => (Fields, Body) = (fields, body);

    /// <summary>From the top down.</summary>
    public IReadOnlyList<HeaderField> Fields { get; }

    /// <summary>Everything behind the empty line, with CRLF line ends.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <exception cref="MailRefusedException">It is no message, or too large to look at.</exception>
    public static MailMessage Parse(ReadOnlyMemory<byte> message)
    {
        if (message.Length is 0 or > MaxBytes)
            throw new MailRefusedException("email.too_large", $"The message has {message.Length:N0} bytes; 1 to {MaxBytes:N0} are taken.", Hint);
        var bytes = WithCrLf(message);
        var fields = new List<HeaderField>();
        var at = 0;
        while (at < bytes.Length && !bytes.Span[at..].StartsWith("\r\n"u8))
        {
            if (fields.Count == MaxFields)
                throw Malformed($"it has more than {MaxFields} header fields");
            var length = FieldLength(bytes.Span[at..]);
            fields.Add(Field(bytes.Slice(at, length)));
            at += length;
        }

        return new MailMessage(fields, at < bytes.Length ? bytes[(at + 2)..] : default);
    }

    /// <summary>The one field of this name.</summary>
    public HeaderField Single(string name)
    {
        HeaderField? found = null;
        foreach (var field in Fields.Where(f => f.Is(name)))
        {
            if (found is not null)
                throw new MailRefusedException("email.duplicate_header", $"The message has more than one {name} header.", Hint);
            found = field;
        }

        return found ?? throw Malformed($"it has no {name} header");
    }

    internal static MailRefusedException Malformed(string why) =>
        new("email.malformed", $"The message cannot be read: {why}.", Hint);

    private static ReadOnlyMemory<byte> WithCrLf(ReadOnlyMemory<byte> message)
    {
        var span = message.Span;
        if (span.Contains((byte)0))
            throw Malformed("it has a NUL byte");
        int lines = span.Count((byte)'\n'), returns = span.Count((byte)'\r'), pairs = span.Count("\r\n"u8);
        if (returns != pairs)
            throw Malformed("it has a carriage return without a line feed");
        if (pairs == lines)
            return message;
        if (pairs > 0)
            throw Malformed("some of its lines end in CRLF and some in LF");
        var wire = new byte[span.Length + lines];
        var at = 0;
        foreach (var b in span)
        {
            if (b == '\n')
                wire[at++] = (byte)'\r';
            wire[at++] = b;
        }

        return wire;
    }

    // To the line end that no white space follows: RFC 5322 §2.2.3.
    private static int FieldLength(ReadOnlySpan<byte> rest)
    {
        var length = 0;
        do
        {
            var end = rest[length..].IndexOf("\r\n"u8);
            if (end < 0)
                throw Malformed("its header ends in the middle of a line");
            length += end + 2;
            if (length > MaxFieldBytes)
                throw Malformed($"a header field has more than {MaxFieldBytes:N0} bytes");
        }
        while (length < rest.Length && rest[length] is (byte)' ' or (byte)'\t');

        return length;
    }

    private static HeaderField Field(ReadOnlyMemory<byte> raw)
    {
        var colon = raw.Span.IndexOf((byte)':');
        // RFC 5322 §4.5.8 has old messages with white space before the colon; a reader may see From in it, so we do too.
        var name = colon < 0 ? default : raw.Span[..colon].TrimEnd(" \t"u8);
        if (name.IsEmpty || name.ContainsAnyExceptInRange((byte)33, (byte)126))
            throw Malformed("a line of its header is no header field");
        return new HeaderField(Encoding.ASCII.GetString(name), raw, colon);
    }
}
