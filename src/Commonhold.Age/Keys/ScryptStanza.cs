using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Commonhold.Age;

/// <summary>A passphrase stanza: salt, work factor and the wrapped file key (age v1, "scrypt").</summary>
internal sealed record ScryptStanza(byte[] Salt, int WorkFactor, byte[] Body)
{
    internal const string Type = "scrypt";
    internal const int SaltSize = 16;

    internal static ScryptStanza Read(Stanza stanza)
    {
        if (stanza.Arguments.Count != 2) throw HeaderParser.Malformed("a scrypt stanza has not two arguments");
        var salt = UnpaddedBase64.TryDecode(stanza.Arguments[0]);
        if (salt is not { Length: SaltSize }) throw HeaderParser.Malformed("a scrypt salt is not 16 bytes of base64");

        // Decimal without sign or leading zero; 63 is the last power of two that fits libsodium's parameter.
        var text = stanza.Arguments[1];
        if (text.Length > 2 || text[0] == '0' || !text.All(char.IsAsciiDigit) || int.Parse(text, CultureInfo.InvariantCulture) > 63)
            throw HeaderParser.Malformed("a scrypt work factor is not a small decimal number");
        if (stanza.Body.Length != WrapCipher.BodySize) throw HeaderParser.Malformed("a scrypt body is not 32 bytes");
        return new ScryptStanza(salt, int.Parse(text, CultureInfo.InvariantCulture), stanza.Body.ToArray());
    }

    internal static Stanza Write(ReadOnlySpan<byte> passphrase, int workFactor, FileKey key)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltSize);
        using var wrapKey = DeriveWrapKey(passphrase, salt, workFactor);
        var body = WrapCipher.Seal(wrapKey.Span, key);
        return new Stanza([Type, UnpaddedBase64.Encode(salt), workFactor.ToString(CultureInfo.InvariantCulture)], body);
    }

    internal FileKey? TryUnwrap(ReadOnlySpan<byte> passphrase)
    {
        using var wrapKey = DeriveWrapKey(passphrase, Salt, WorkFactor);
        return WrapCipher.TryOpen(wrapKey.Span, Body);
    }

    internal static SecretBytes Encode(ReadOnlySpan<char> passphrase)
    {
        var bytes = new SecretBytes(Encoding.UTF8.GetByteCount(passphrase));
        Encoding.UTF8.GetBytes(passphrase, bytes.Span);
        return bytes;
    }

    private static SecretBytes DeriveWrapKey(ReadOnlySpan<byte> passphrase, ReadOnlySpan<byte> salt, int workFactor)
    {
        Span<byte> label = [.. "age-encryption.org/v1/scrypt"u8, .. salt];
        var wrapKey = new SecretBytes(32);
        if (Sodium.Scrypt(passphrase, (nuint)passphrase.Length, label, (nuint)label.Length, 1ul << workFactor, 8, 1, wrapKey.Span, 32) == 0)
            return wrapKey;
        wrapKey.Dispose();
        throw new AgeException(
            AgeErrors.WorkFactor, $"There is not enough memory for scrypt work factor {workFactor}.",
            $"It needs {1L << (workFactor - 10)} MiB.");
    }
}
