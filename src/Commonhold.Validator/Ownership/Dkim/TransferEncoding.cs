using System.Buffers.Text;

namespace Commonhold.Validator.Ownership.Dkim;

/// <summary>Content-Transfer-Encoding: RFC 2045 §6.</summary>
internal static class TransferEncoding
{
    public static byte[]? TryDecode(string? name, ReadOnlySpan<byte> content) => (name ?? "7bit").ToLowerInvariant() switch
    {
        "7bit" or "8bit" or "binary" => content.ToArray(),
        "quoted-printable" => QuotedPrintable(content),
        "base64" => TryBase64(content),
        _ => null,
    };

    /// <summary>§6.7. A <c>=</c> that begins no code stays as it is.</summary>
    public static byte[] QuotedPrintable(ReadOnlySpan<byte> content)
    {
        var output = new byte[content.Length];
        var length = 0;
        for (var at = 0; at < content.Length; at++)
        {
            var rest = content[at..];
            if (rest.StartsWith("=\r\n"u8))
                at += 2;
            else if (rest[0] == '=' && rest.Length > 2 && char.IsAsciiHexDigit((char)rest[1]) && char.IsAsciiHexDigit((char)rest[2]))
                (output[length++], at) = (Convert.FromHexString([(char)rest[1], (char)rest[2]])[0], at + 2);
            else
                output[length++] = rest[0];
        }

        return output[..length];
    }

    public static byte[]? TryBase64(ReadOnlySpan<byte> content)
    {
        var output = new byte[Base64.GetMaxDecodedFromUtf8Length(content.Length)];
        return Base64.DecodeFromUtf8(content, output, out _, out var written) == System.Buffers.OperationStatus.Done ? output[..written] : null;
    }
}
