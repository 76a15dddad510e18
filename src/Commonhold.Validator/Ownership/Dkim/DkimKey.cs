using System.Security.Cryptography;
using System.Text;
using Commonhold.Age;

namespace Commonhold.Validator.Ownership.Dkim;

/// <summary>A public key as its domain published it: RFC 6376 §3.6.1, RFC 8463 §4.</summary>
/// <remarks>RSA keys below 1,024 bits and above 8,192 are refused outright (RFC 8301 §3.2, and bounded work). Those below 2,048 are
/// refused unless the policy accepts them by name: who factors such a key mints tokens with it, and 1,024 bits are within
/// reach of a wealthy attacker; but some providers sign with nothing better, so it is a decision, made in the open.</remarks>
internal sealed class DkimKey
{
    public const int LeastRsaBits = 1024;
    public const int MostRsaBits = 8192;
    public const int StrongRsaBits = 2048;

    private readonly byte[] _key;

    private DkimKey(DkimAlgorithm algorithm, byte[] key, int bits, bool isStrict) =>
        (Algorithm, _key, Bits, IsStrict) = (algorithm, key, bits, isStrict);

    public DkimAlgorithm Algorithm { get; }

    public int Bits { get; }

    /// <summary>Signatures must not speak for subdomains (<c>t=s</c>).</summary>
    public bool IsStrict { get; }

    public bool IsWeak => Algorithm == DkimAlgorithm.RsaSha256 && Bits < StrongRsaBits;

    /// <summary>Reads the text of a <c>_domainkey</c> record.</summary>
    /// <exception cref="FormatException">It is none, or its key may not be used.</exception>
    public static DkimKey Parse(string record)
    {
        var tags = TagList.TryParse(Encoding.UTF8.GetBytes(record)) ?? throw new FormatException("it is no list of tags");
        if (tags["v"] is { } version && version != "DKIM1")
            throw new FormatException($"its version is {version}");
        if (tags.Compact("h") is { } hashes && !hashes.Split(':').Contains("sha256"))
            throw new FormatException($"it is for {hashes} only");
        if (tags.Compact("s") is { } services && !services.Split(':').Any(s => s is "*" or "email"))
            throw new FormatException($"it is for {services}, not for e-mail");
        string[] flags = tags.Compact("t")?.Split(':') ?? [];
        if (flags.Contains("y"))
            throw new FormatException("its domain only tests DKIM (t=y)");
        var text = tags.Compact("p");
        if (string.IsNullOrEmpty(text))
            throw new FormatException("it is revoked (p= is empty)");
        var key = Convert.FromBase64String(text);
        return (tags["k"] ?? "rsa") switch
        {
            "rsa" => Rsa(key, flags.Contains("s")),
            "ed25519" when key.Length == Ed25519.PublicKeyBytes => new DkimKey(DkimAlgorithm.Ed25519Sha256, key, 256, flags.Contains("s")),
            var kind => throw new FormatException($"a key of {key.Length} bytes of the kind {kind} is none"),
        };
    }

    /// <summary>True when this key made the signature over what hashes to <paramref name="digest"/>.</summary>
    public bool Verify(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        // RFC 8463 §3: Ed25519 signs the SHA-256, not the headers.
        if (Algorithm == DkimAlgorithm.Ed25519Sha256)
            return Ed25519.Verify(_key, digest, signature);
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(_key, out _);
        return rsa.VerifyHash(digest, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private static DkimKey Rsa(byte[] key, bool isStrict)
    {
        using var rsa = RSA.Create();
        try
        {
            rsa.ImportSubjectPublicKeyInfo(key, out var read);
            if (read != key.Length)
                throw new FormatException("bytes follow the key");
        }
        catch (CryptographicException)
        {
            // RFC 6376 §3.6.1 says RSAPublicKey; nearly everybody, its own example included, publishes SubjectPublicKeyInfo.
            try
            {
                rsa.ImportRSAPublicKey(key, out _);
            }
            catch (CryptographicException)
            {
                throw new FormatException("it is no RSA key");
            }
        }

        var parameters = rsa.ExportParameters(false);
        if (rsa.KeySize is < LeastRsaBits or > MostRsaBits)
            throw new FormatException($"an RSA key of {rsa.KeySize} bits is not taken; {LeastRsaBits} to {MostRsaBits} are");
        if (parameters.Exponent is [1] or [] || (parameters.Exponent![^1] & 1) == 0 || parameters.Exponent.Length > 4)
            throw new FormatException("its exponent is none that anybody uses");
        return new DkimKey(DkimAlgorithm.RsaSha256, rsa.ExportSubjectPublicKeyInfo(), rsa.KeySize, isStrict);
    }
}
