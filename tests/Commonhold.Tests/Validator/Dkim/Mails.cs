using System.Security.Cryptography;
using System.Text;
using Commonhold.Cli.Demo;
using Commonhold.Client;
using Commonhold.Validator.Ownership.Dkim;

namespace Commonhold.Tests.Validator.Dkim;

/// <summary>A made-up provider, its keys and its message.</summary>
internal static class Mails
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Sent = new(2026, 3, 1, 7, 10, 0, TimeSpan.Zero);
    public static readonly DkimSigner Rsa = new("mail.example.com", "s2026", RSA.Create(2048));
    public static readonly DkimSigner Ed = new("mail.example.com", "e2026", SHA256.HashData("a trial key"u8));

    public static EmailSource Provider(params PinnedDkimKey[] keys) => new(
        "reddit", "mail.example.com", ["noreply@mail.example.com"], ["Your data request is complete"], ["u/{account}"],
        keys.Length > 0 ? keys : [Rsa.Pin(Sent.AddDays(-30), Sent.AddDays(30)), Ed.Pin(Sent.AddDays(-30), Sent.AddDays(30))]);

    public static byte[] Ready(string account = "amber_otter_17", string to = "amber_otter_17@example.org") => Bytes(
        $"""
        From: Example <noreply@mail.example.com>
        To: {to}
        Subject: Your data request is complete
        Date: Sun, 01 Mar 2026 07:10:00 +0000
        Message-ID: <1@mail.example.com>
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8

        Hi u/{account},

        the data that you asked for  is ready.

        """);

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n"));

    public static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    public static byte[] Signed(DkimSigning? how = null, byte[]? message = null, DkimSigner? signer = null) =>
        (signer ?? Rsa).Sign(message ?? Ready(), how ?? new DkimSigning { SignedAt = Sent });

    public static byte[] Replace(this byte[] message, string old, string with)
    {
        var text = Encoding.Latin1.GetString(message);
        Assert.Contains(old, text, StringComparison.Ordinal);
        return Encoding.Latin1.GetBytes(text.Replace(old, with, StringComparison.Ordinal));
    }

    public static string? Code(byte[] message, EmailSource? source = null, DateTimeOffset? now = null)
    {
        Result<VerifiedMail> result = DkimVerifier.Verify(message, source ?? Provider(), now ?? Now);
        return result.Refusal?.Code;
    }
}
