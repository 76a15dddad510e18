using System.Text;

namespace Commonhold.Age;

/// <summary>Writes a header for the stanzas that wrap one file key.</summary>
internal static class HeaderWriter
{
    internal static byte[] Write(IReadOnlyList<Stanza> stanzas, FileKey key)
    {
        var text = new StringBuilder(Encoding.ASCII.GetString(HeaderParser.VersionLine));
        foreach (var stanza in stanzas)
        {
            text.Append("-> ").Append(stanza.Type);
            foreach (var argument in stanza.Arguments) text.Append(' ').Append(argument);
            text.Append('\n');
            AppendBody(text, UnpaddedBase64.Encode(stanza.Body));
        }

        text.Append("---");
        Span<byte> mac = stackalloc byte[32];
        AgeHeader.ComputeMac(key, Encoding.ASCII.GetBytes(text.ToString()), mac);
        text.Append(' ').Append(UnpaddedBase64.Encode(mac)).Append('\n');
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static void AppendBody(StringBuilder text, string body)
    {
        // A full last line is followed by an empty one, so that every body ends with a short line.
        for (var start = 0; start <= body.Length; start += 64)
            text.Append(body.AsSpan(start, Math.Min(64, body.Length - start))).Append('\n');
    }
}
