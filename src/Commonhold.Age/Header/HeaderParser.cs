using System.Text;

namespace Commonhold.Age;

/// <summary>Reads a header line by line (age v1, "Header").</summary>
internal ref struct HeaderParser
{
    private const int BodyColumns = 64;
    private const int MacSize = 32;

    internal static ReadOnlySpan<byte> VersionLine => "age-encryption.org/v1\n"u8;

    private readonly ReadOnlySpan<byte> file;
    private readonly AgeLimits limits;
    private int position;

    private HeaderParser(ReadOnlySpan<byte> file, AgeLimits limits)
    {
        this.file = file;
        this.limits = limits;
    }

    internal static AgeHeader Parse(ReadOnlySpan<byte> file, AgeLimits limits)
    {
        var parser = new HeaderParser(file, limits);
        return parser.Read();
    }

    private AgeHeader Read()
    {
        if (!file.StartsWith(VersionLine))
        {
            throw new AgeException(
                AgeErrors.MalformedHeader, "This is not an age file: it does not begin with age-encryption.org/v1.",
                "An armored file begins with -----BEGIN AGE ENCRYPTED FILE-----.");
        }

        position = VersionLine.Length;
        var stanzas = new List<Stanza>();
        while (true)
        {
            var start = position;
            var line = NextLine();
            if (line.StartsWith("-> "u8))
            {
                if (stanzas.Count == limits.MaxStanzas)
                    throw new AgeException(AgeErrors.HeaderTooLarge, $"The header has more than {limits.MaxStanzas} stanzas.");
                stanzas.Add(ReadStanza(line[3..]));
            }
            else if (line.StartsWith("--- "u8))
            {
                var mac = UnpaddedBase64.TryDecode(line[4..]);
                if (mac is not { Length: MacSize }) throw Malformed("the MAC is not 32 bytes of base64");
                Check(stanzas);
                return new AgeHeader(stanzas, file[..(start + 3)].ToArray(), mac, position);
            }
            else
            {
                throw Malformed("a line is neither a stanza nor the MAC");
            }
        }
    }

    private Stanza ReadStanza(ReadOnlySpan<byte> argumentLine)
    {
        if (argumentLine.ContainsAnyExceptInRange((byte)' ', (byte)'~')) throw Malformed("a stanza argument is not printable");
        var arguments = Encoding.ASCII.GetString(argumentLine).Split(' ');
        if (arguments.Any(string.IsNullOrEmpty)) throw Malformed("a stanza argument is empty");

        var body = new List<byte>();
        while (true)
        {
            var line = NextLine();
            if (line.Length > BodyColumns) throw Malformed("a stanza body line is longer than 64 columns");
            var bytes = UnpaddedBase64.TryDecode(line) ?? throw Malformed("a stanza body is not canonical base64");
            body.AddRange(bytes);
            // A body ends with a short line, which may be empty.
            if (line.Length < BodyColumns) return new Stanza(arguments, [.. body]);
        }
    }

    private ReadOnlySpan<byte> NextLine()
    {
        var rest = file[position..];
        var end = rest.IndexOf((byte)'\n');
        if (end < 0) throw Malformed("it ends too early");
        if (position + end > limits.MaxHeaderBytes) throw TooLarge(limits);
        position += end + 1;
        return rest[..end];
    }

    private static void Check(List<Stanza> stanzas)
    {
        if (stanzas.Count == 0) throw Malformed("it has no recipient");
        // age v1, "scrypt": it must be alone, or a passphrase holder could not know who else can read.
        if (stanzas.Count > 1 && stanzas.Any(s => s.Type == ScryptStanza.Type))
            throw Malformed("a passphrase stanza is not alone");

        foreach (var stanza in stanzas)
        {
            if (stanza.Type == X25519Stanza.Type) _ = X25519Stanza.Read(stanza);
            if (stanza.Type == ScryptStanza.Type) _ = ScryptStanza.Read(stanza);
        }
    }

    internal static AgeException TooLarge(AgeLimits limits) =>
        new(AgeErrors.HeaderTooLarge, $"The header is larger than {limits.MaxHeaderBytes} bytes.");

    internal static AgeException Malformed(string what) =>
        new(AgeErrors.MalformedHeader, $"The header is malformed: {what}.", "Get the file again from its source.");
}
