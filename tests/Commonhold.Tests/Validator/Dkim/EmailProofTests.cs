using System.IO.Compression;
using Commonhold.Cli.Demo;
using Commonhold.Client;
using Commonhold.Exports;
using Commonhold.Exports.Reddit;
using Commonhold.Validator.Ownership;
using Commonhold.Validator.Ownership.Dkim;
using CheckOutcome = Commonhold.Client.CheckOutcome;

namespace Commonhold.Tests.Validator.Dkim;

/// <summary>The provider's message against the account of an export.</summary>
public sealed class EmailProofTests
{
    private static readonly RedditFormat Format = new();
    private static readonly Dictionary<string, byte[]> Original = [];
    private static readonly ExportReading Cleaned = Clean();
    private static readonly string Account = Cleaned.Account.Id!;

    [Fact]
    public async Task The_providers_message_about_this_account_to_its_address_proves_it()
    {
        var result = await VerifyAsync(Message());
        Assert.Equal((CheckOutcome.Passed, EvidenceLevel.Email, "ownership.email"), (result.Outcome, result.Level, result.Name));
        Assert.Equal("2048", result.Evidence["keyBits"]);
        Assert.DoesNotContain(Account, string.Join(' ', [result.Reason, .. result.Evidence.Values]), StringComparison.OrdinalIgnoreCase);
        Assert.NotNull(result.Nullifier);
        Assert.Equal("email", Assert.Single(result.Links).Kind);
    }

    [Fact]
    public async Task A_replay_is_known_by_its_nullifier_whichever_signature_of_the_message_is_shown()
    {
        var message = Mails.Ready(Account, $"{Account}@example.org");
        var both = Mails.Signed(message: Mails.Signed(message: message), signer: Mails.Ed);
        var results = new[] { await VerifyAsync(both), await VerifyAsync(Mails.Signed(message: message)), await VerifyAsync(Mails.Signed(message: message, signer: Mails.Ed)) };
        Assert.Single(results.Select(r => r.Nullifier).Distinct());
        Assert.NotEqual(results[0].Nullifier, (await VerifyAsync(Mails.Signed(message: message.Replace("is ready", "is now ready")))).Nullifier);
    }

    [Fact]
    public async Task Addresses_of_one_mailbox_are_linked_and_nobody_without_the_key_can_try_addresses()
    {
        var mine = Assert.Single((await VerifyAsync(Message())).Links);
        Assert.NotEqual(mine, Assert.Single((await new EmailProof(new byte[] { 7 }).VerifyAsync(Item(Message()), Context(), default)).Links));
        Assert.Equal("ab@gmail.com", MailAddress.TryParse("A.b+reddit@GoogleMail.com")?.Mailbox);
        Assert.Equal("a.b@example.org", MailAddress.TryParse("Some One <a.b+x@example.org>")?.Mailbox);
    }

    [Theory]
    [InlineData("another account", "u/{0},", "u/somebody_else,", "email.account")]
    [InlineData("a longer name", "u/{0},", "u/{0}_2,", "email.account")]
    [InlineData("no account", "Hi u/{0},", "Hi,", "email.account")]
    [InlineData("two accounts", "u/{0},", "u/{0} and u/somebody_else,", "email.account")]
    [InlineData("another address", "To: {0}@", "To: thief@", "email.recipient")]
    [InlineData("another message of the provider", "request is complete", "request was received", "email.other_message")]
    [InlineData("more in the subject", "is complete", "is complete: u/{0}", "email.other_message")]
    public async Task A_message_that_the_provider_signed_about_something_else_proves_nothing(string _, string old, string with, string code)
    {
        var message = Mails.Ready(Account, $"{Account}@example.org").Replace(string.Format(null, old, Account), string.Format(null, with, Account));
        var result = await VerifyAsync(Mails.Signed(message: message));
        Assert.Equal((CheckOutcome.Failed, code, null), (result.Outcome, result.Refusal?.Code, result.Nullifier));
    }

    [Fact]
    public async Task The_original_files_are_needed_and_must_fit()
    {
        var bundle = new EvidenceBundle(default, [EvidenceItem.OfEmail(Message())]);
        Assert.Equal("evidence.no_originals", (await VerifyAsync(Message(), bundle: bundle)).Refusal?.Code);
    }

    [Fact]
    public async Task Without_a_pinned_key_it_is_said_to_be_not_checked()
    {
        var result = await VerifyAsync(Message(), ContributionPolicy.Standard("reddit-export-v1"));
        Assert.Equal((CheckOutcome.NotChecked, null), (result.Outcome, result.Level));
        Assert.Contains("pins no key", result.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain", "Content-Type: text/plain\n\nHi u/otter, hello", "Hi u/otter, hello")]
    [InlineData("quoted-printable", "Content-Type: text/plain; charset=\"utf-8\"\nContent-Transfer-Encoding: quoted-printable\n\nHi u/ot=\nter=2C caf=C3=A9", "Hi u/otter, café")]
    [InlineData("base64", "Content-Type: text/plain\nContent-Transfer-Encoding: BASE64\n\nSGkgdS9v\ndHRlcg==\n", "Hi u/otter")]
    [InlineData("HTML", "Content-Type: text/html\n\n<title>x</title><p>Hi <b>u/</b><i>otter</i>,</p><!-- u/victim --><style>p{}</style> &amp; more", "Hi u/otter, & more")]
    [InlineData("parts", "Content-Type: multipart/alternative; boundary=\"b 1\"\n\nu/victim\n--b 1\nContent-Type: text/plain\n\none\n--b 1\nContent-Type: text/html\n\n<p>two</p>\n--b 1--\nu/victim", "one|two")]
    [InlineData("parts in parts", "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\nin\n--b--\n--a\nContent-Type: image/png\n\nu/victim\n--a--", "in")]
    [InlineData("an unknown charset", "Content-Type: text/plain; charset=utf-7\n\nu/otter", "")]
    public void A_body_reads_as_a_person_reads_it(string _, string message, string expected) =>
        Assert.Equal(expected, string.Join('|', MailText.Of(MailMessage.Parse(Mails.Bytes(message)))));

    [Theory]
    [InlineData("=?utf-8?Q?Your_data_is=20ready?=", "Your data is ready")]
    [InlineData("=?UTF-8?B?WW91ciA=?= =?utf-8?b?ZGF0YQ==?= is", "Your data is")]
    [InlineData("=?iso-2022-jp?B?WW91ciA=?=", "=?iso-2022-jp?B?WW91ciA=?=")]
    [InlineData("no =? word", "no =? word")]
    public void Encoded_words_are_read(string header, string expected) => Assert.Equal(expected, EncodedWords.Decode(header));

    [Theory]
    [InlineData("Sun, 01 Mar 2026 07:10:00 +0000", "2026-03-01T07:10:00Z")]
    [InlineData("1 Mar 2026 08:10 +0100 (CET)", "2026-03-01T07:10:00Z")]
    [InlineData("Fri, 11 Jul 2003 21:00:37 GMT", "2003-07-11T21:00:37Z")]
    [InlineData("yesterday", null)]
    [InlineData("Fri, 31 Feb 2003 21:00:37 GMT", null)]
    public void Dates_are_read(string header, string? expected) =>
        Assert.Equal(expected, MailDate.TryParse(header)?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", null));

    [Theory]
    [InlineData("a@example.org", "a@example.org")]
    [InlineData("\"Doe, Jane\" <Jane@Example.org>", "jane@example.org")]
    [InlineData("<a@b.c>", "a@b.c")]
    [InlineData("a@b.c, d@e.f", null)]
    [InlineData("a@b.c <d@e.f>", null)]
    [InlineData("\"a@b.c\" x <d@e.f>", null)]
    [InlineData("group: a@b.c;", null)]
    [InlineData("a@localhost", null)]
    [InlineData("\"a b\"@c.de", null)]
    public void Only_plain_addresses_are_taken(string text, string? expected) => Assert.Equal(expected, MailAddress.TryParse(text)?.ToString());

    private static byte[] Message() => Mails.Signed(message: Mails.Ready(Account, $"{Account}@example.org"));

    private static Task<ProofResult> VerifyAsync(byte[] message, ContributionPolicy? policy = null, EvidenceBundle? bundle = null) =>
        new EmailProof(new byte[32]).VerifyAsync(Item(message), Context(policy, bundle), default);

    private static EvidenceItem Item(byte[] message) => EvidenceItem.OfEmail(message);

    private static ProofContext Context(ContributionPolicy? policy = null, EvidenceBundle? bundle = null)
    {
        var originals = new EvidenceItem(EvidenceItem.OriginalFiles);
        foreach (var name in RedditOriginals.Names)
            originals.WithFile(name, Original[name]);
        policy ??= ContributionPolicy.Standard("reddit-export-v1") with { Sources = PolicySources.None with { Email = [Mails.Provider()] } };
        return new ProofContext(Cleaned.Account, Cleaned, null!, null!, bundle ?? new EvidenceBundle(default, [originals]), policy, Mails.Now);
    }

    private static ExportReading Clean()
    {
        using var zip = new MemoryStream();
        Format.WriteSample(zip, new SampleOptions(Account: 16));
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Read, leaveOpen: true))
        {
            foreach (var entry in archive.Entries)
            {
                using var content = new MemoryStream();
                using var stream = entry.Open();
                stream.CopyTo(content);
                Original[entry.Name] = content.ToArray();
            }
        }

        using var cleaned = new MemoryStream();
        Format.TryClean(ExportSource.OpenArchive(zip), cleaned).OrThrow();
        return Format.TryRead(ExportSource.OpenArchive(new MemoryStream(cleaned.ToArray()))).OrThrow();
    }
}
