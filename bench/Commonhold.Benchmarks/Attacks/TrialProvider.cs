using System.Security.Cryptography;
using System.Text;
using Commonhold.Cli.Demo;
using Commonhold.Client;

namespace Commonhold.Benchmarks.Attacks;

/// <summary>A made-up provider whose "your data is ready" message the policy of a trial believes.</summary>
internal sealed class TrialProvider : IDisposable
{
    private const string Domain = "mail.example.com";

    private readonly DkimSigner _signer = new(Domain, "trial", SHA256.HashData("the provider's key of a trial"u8));
    private readonly DkimSigner _stranger = new(Domain, "trial", SHA256.HashData("somebody else's key"u8));

    /// <summary>What the policy pins; the key is believed for a year before <paramref name="now"/>.</summary>
    public EmailSource Source(DateTimeOffset now) => new(
        "reddit", Domain, [$"noreply@{Domain}"], ["Your data request is complete"], ["u/{account}"], [_signer.Pin(now.AddDays(-365), now.AddDays(1))]);

    public byte[] Message(string account, string address, DateTimeOffset time, DkimSigning? how = null, bool isForged = false)
    {
        var message = Encoding.ASCII.GetBytes(
            $"""
            From: Trial <noreply@{Domain}>
            To: {address}
            Subject: Your data request is complete
            Date: {time.UtcDateTime:ddd, dd MMM yyyy HH:mm:ss} +0000
            Message-ID: <{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{account} {address} {time}")))[..16]}@{Domain}>
            MIME-Version: 1.0
            Content-Type: text/plain; charset=utf-8

            Hi u/{account},

            the data that you asked for is ready.

            """.ReplaceLineEndings("\r\n"));
        return (isForged ? _stranger : _signer).Sign(message, (how ?? new DkimSigning()) with { SignedAt = time });
    }

    public void Dispose()
    {
        _signer.Dispose();
        _stranger.Dispose();
    }
}
