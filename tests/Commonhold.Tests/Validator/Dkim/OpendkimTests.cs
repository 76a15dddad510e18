using System.Security.Cryptography;
using Commonhold.Cli.Demo;
using Commonhold.Validator.Ownership.Dkim;

namespace Commonhold.Tests.Validator.Dkim;

/// <summary>An implementation that is not ours, both ways.</summary>
public sealed class OpendkimTests
{
    // PKCS #8 of RFC 8410 around the seed, as OpenSSL writes it.
    private static readonly byte[] Seed = SHA256.HashData("opendkim signs with this"u8);
    private static readonly string EdPem = PemEncoding.WriteString("PRIVATE KEY", (byte[])[.. Convert.FromHexString("302e020100300506032b657004220420"), .. Seed]);
    private static readonly DateTimeOffset Late = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly RSA Rsa = RSA.Create(2048);

    [OpendkimTheory]
    [Trait("Speed", "slow")]
    [InlineData("rsa-sha256", "simple", "simple")]
    [InlineData("rsa-sha256", "simple", "relaxed")]
    [InlineData("rsa-sha256", "relaxed", "simple")]
    [InlineData("rsa-sha256", "relaxed", "relaxed")]
    [InlineData("ed25519-sha256", "simple", "simple")]
    [InlineData("ed25519-sha256", "simple", "relaxed")]
    [InlineData("ed25519-sha256", "relaxed", "simple")]
    [InlineData("ed25519-sha256", "relaxed", "relaxed")]
    public async Task What_opendkim_signs_verifies_and_what_was_changed_after_does_not(string algorithm, string header, string body)
    {
        var isRsa = algorithm == "rsa-sha256";
        await using var opendkim = Opendkim.Signer(
            isRsa ? Rsa.ExportPkcs8PrivateKeyPem() : EdPem,
            $"Selector s\nSignatureAlgorithm {algorithm}\nCanonicalization {header}/{body}\nOversignHeaders From,To");
        var message = Mails.Ready().Replace("  is ready.\r\n", "  is\t ready. \r\n\r\n \r\n\r\n");
        var signed = await opendkim.PassAsync(message);
        Assert.Contains($"a={algorithm}; c={header}/{body}", Mails.Text(signed), StringComparison.Ordinal);

        using var signer = isRsa ? new DkimSigner("mail.example.com", "s", RSA.Create(Rsa.ExportParameters(true))) : new DkimSigner("mail.example.com", "s", Seed);
        await using var verifier = Opendkim.Verifier("s._domainkey.mail.example.com", signer.Record);
        var provider = Mails.Provider(signer.Pin(DateTimeOffset.UnixEpoch, Late));
        var isGood = Mails.Text(await verifier.PassAsync(signed)).Contains("dkim=pass", StringComparison.Ordinal);

        // opendkim 2.11.0 does not verify what it signs itself with Ed25519 over headers in simple form: a fault of its own.
        Assert.Equal(isRsa || header == "relaxed", isGood);
        Assert.Equal(isGood ? null : "email.signature_wrong", Mails.Code(signed, provider, Late));
        foreach (var (old, with) in new[] { ("u/amber", "u/ember"), ("To: amber", "To: ember"), ("Hi u/", "Hi  u-") })
            Assert.NotNull(Mails.Code(signed.Replace(old, with), provider, Late));
        Assert.Equal("email.duplicate_header", Mails.Code([.. "To: thief@example.org\r\n"u8, .. signed], provider, Late));
    }

    [OpendkimTheory]
    [Trait("Speed", "slow")]
    [InlineData("rsa", Canonicalisation.Simple, Canonicalisation.Relaxed)]
    [InlineData("rsa", Canonicalisation.Relaxed, Canonicalisation.Simple)]
    [InlineData("ed25519", Canonicalisation.Relaxed, Canonicalisation.Relaxed)]
    [InlineData("ed25519", Canonicalisation.Simple, Canonicalisation.Simple)]
    internal async Task What_our_signer_signs_opendkim_verifies(string kind, Canonicalisation header, Canonicalisation body)
    {
        var signer = kind == "rsa" ? Mails.Rsa : Mails.Ed;
        var selector = kind == "rsa" ? "s2026" : "e2026";
        await using var opendkim = Opendkim.Verifier($"{selector}._domainkey.mail.example.com", signer.Record);
        var signed = Mails.Signed(new DkimSigning { SignedAt = Mails.Sent, Header = header, Body = body }, signer: signer);
        Assert.Contains("dkim=pass", Mails.Text(await opendkim.PassAsync(signed)), StringComparison.Ordinal);
        Assert.DoesNotContain("dkim=pass", Mails.Text(await opendkim.PassAsync(signed.Replace("u/amber", "u/ember"))), StringComparison.Ordinal);
    }
}
