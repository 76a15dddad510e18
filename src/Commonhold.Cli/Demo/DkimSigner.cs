using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Validator.Ownership.Dkim;

namespace Commonhold.Cli.Demo;

/// <summary>How a trial message is signed.</summary>
internal sealed record DkimSigning
{
    public Canonicalisation Header { get; init; } = Canonicalisation.Relaxed;

    public Canonicalisation Body { get; init; } = Canonicalisation.Relaxed;

    /// <summary>Names for <c>h=</c>; one that stands more often than it is in the message is signed over.</summary>
    public IReadOnlyList<string> Signed { get; init; } = ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "From"];

    public DateTimeOffset? SignedAt { get; init; }

    /// <summary>More tags, as <c>x=1700000000; </c>: what a test of the verifier wants to say.</summary>
    public string MoreTags { get; init; } = "";

    /// <summary>Signs only so many bytes of the body, and says so in <c>l=</c>.</summary>
    public int? BodyBytes { get; init; }
}

/// <summary>Signs e-mail as a provider does (RFC 6376 §5): for the demo, samples and tests. No part of a validator.</summary>
internal sealed class DkimSigner : IDisposable
{
    private readonly string _domain;
    private readonly string _selector;
    private readonly RSA? _rsa;
    private readonly byte[] _seed = [];

    /// <param name="rsa">Becomes the signer's.</param>
    public DkimSigner(string domain, string selector, RSA rsa) => (_domain, _selector, _rsa) = (domain, selector, rsa);

    /// <param name="seed">The private key of RFC 8032.</param>
    public DkimSigner(string domain, string selector, byte[] seed) => (_domain, _selector, _seed) = (domain, selector, seed);

    /// <summary>What the domain would publish.</summary>
    public string Record => _rsa is null
        ? $"v=DKIM1; k=ed25519; p={Convert.ToBase64String(Ed25519.PublicKey(_seed))}"
        : $"v=DKIM1; k=rsa; p={Convert.ToBase64String(_rsa.ExportSubjectPublicKeyInfo())}";

    public PinnedDkimKey Pin(DateTimeOffset notBefore, DateTimeOffset notAfter, bool acceptWeak = false) =>
        new(_selector, Record, (ulong)notBefore.ToUnixTimeSeconds(), (ulong)notAfter.ToUnixTimeSeconds(), "made for a trial", acceptWeak);

    /// <summary>The message with a signature on top.</summary>
    public byte[] Sign(ReadOnlyMemory<byte> message, DkimSigning how)
    {
        var parsed = MailMessage.Parse(message);
        var body = new ArrayBufferWriter<byte>(parsed.Body.Length + 2);
        Canonical.Body(how.Body, parsed.Body.Span, body);
        var covered = body.WrittenSpan[..(how.BodyBytes ?? body.WrittenCount)];
        var time = how.SignedAt is { } t ? $" t={t.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)};" : "";
        var length = how.BodyBytes is { } l ? $" l={l.ToString(CultureInfo.InvariantCulture)};" : "";
        var field = $"DKIM-Signature: v=1; a={(_rsa is null ? "ed25519" : "rsa")}-sha256; c={Name(how.Header)}/{Name(how.Body)};\r\n"
            + $" d={_domain}; s={_selector};{time}{length}{how.MoreTags}\r\n h={string.Join(" : ", how.Signed)};\r\n"
            + $" bh={Convert.ToBase64String(SHA256.HashData(covered))};\r\n b=\r\n";
        var input = new ArrayBufferWriter<byte>(4096);
        var taken = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in how.Signed)
        {
            var matching = parsed.Fields.Where(f => f.Is(name)).Reverse().Skip(taken.GetValueOrDefault(name)).FirstOrDefault();
            taken[name] = taken.GetValueOrDefault(name) + 1;
            if (matching is not null)
                Canonical.Header(how.Header, matching.Raw.Span, matching.Colon, input);
        }

        Canonical.Header(how.Header, Encoding.ASCII.GetBytes(field), "DKIM-Signature".Length, input);
        var signature = Convert.ToBase64String(SignHash(SHA256.HashData(input.WrittenSpan[..^2])));
        return [.. Encoding.ASCII.GetBytes(field.Replace(" b=\r\n", $" b={Fold(signature)}\r\n", StringComparison.Ordinal)), .. message.Span];
    }

    public void Dispose() => _rsa?.Dispose();

    private byte[] SignHash(byte[] digest) =>
        _rsa is null ? Ed25519.Sign(_seed, digest) : _rsa.SignHash(digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    private static string Fold(string base64) => string.Join("\r\n  ", base64.Chunk(72).Select(line => new string(line)));

    private static string Name(Canonicalisation how) => how == Canonicalisation.Simple ? "simple" : "relaxed";
}
