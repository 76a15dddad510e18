using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Commonhold.Cli.Demo;
using Commonhold.Validator.Ownership.Dkim;
using FsCheck;
using FsCheck.Fluent;

namespace Commonhold.Tests.Validator.Dkim;

/// <summary>What a forger tries with a message of somebody else, or one of his own.</summary>
public sealed class DkimAttackTests
{
    private static readonly DkimSigning Usual = new() { SignedAt = Mails.Sent };

    [Fact]
    public void A_message_as_the_provider_sends_it_verifies_with_both_algorithms_and_either_line_end()
    {
        foreach (var signer in new[] { Mails.Rsa, Mails.Ed })
        {
            foreach (var header in Enum.GetValues<Canonicalisation>())
            {
                foreach (var body in Enum.GetValues<Canonicalisation>())
                {
                    var signed = Mails.Signed(Usual with { Header = header, Body = body }, signer: signer);
                    Assert.Null(Mails.Code(signed));
                    Assert.Null(Mails.Code(signed.Replace("\r\n", "\n")));
                }
            }
        }
    }

    [Fact]
    public void Relays_may_put_their_lines_on_top_and_others_may_sign_too()
    {
        using var relay = new DkimSigner("relay.example.net", "r", RSA.Create(2048));
        var signed = Mails.Signed();
        Assert.Null(Mails.Code(relay.Sign(signed, Usual)));
        Assert.Null(Mails.Code([.. "Received: from a\r\n by b; Sun, 1 Mar 2026 07:10:05 +0000\r\nReturn-Path: <x@example.net>\r\n"u8, .. signed]));
        Assert.Equal("email.domain", Mails.Code(relay.Sign(Mails.Ready(), Usual)));
        Assert.Equal("email.not_signed", Mails.Code(Mails.Ready()));
    }

    [Theory]
    [InlineData("the recipient changed", "amber_otter_17@example.org", "thief@example.org", "email.signature_wrong")]
    [InlineData("the account changed", "u/amber_otter_17", "u/victim", "email.body_changed")]
    [InlineData("the subject changed", "complete", "ready", "email.signature_wrong")]
    [InlineData("the date changed", "07:10:00", "07:10:01", "email.signature_wrong")]
    [InlineData("the sender's name changed", "Example <", "Reddit <", "email.signature_wrong")]
    [InlineData("text appended", "is ready.\r\n", "is ready.\r\nu/victim\r\n", "email.body_changed")]
    [InlineData("a second From below", "Date: ", "From: Example <noreply@mail.example.com>\r\nDate: ", "email.duplicate_header")]
    [InlineData("a second To", "Date: ", "To: thief@example.org\r\nDate: ", "email.duplicate_header")]
    [InlineData("a second Subject in odd case", "Date: ", "SUBJECT : Other\r\nDate: ", "email.duplicate_header")]
    [InlineData("a second To with white space before the colon", "Date: ", "To : thief@example.org\r\nDate: ", "email.duplicate_header")]
    [InlineData("another content type put above", "From: ", "Content-Type: text/html\r\nFrom: ", "email.duplicate_header")]
    [InlineData("a transfer encoding that was not there", "MIME-Version: 1", "Content-Transfer-Encoding: base64\r\nMIME-Version: 1", "email.signature_wrong")]
    [InlineData("a bare carriage return", "Hi u", "Hi\ru", "email.malformed")]
    [InlineData("a bare line feed among CRLF", "Hi u", "Hi\nu", "email.malformed")]
    [InlineData("a NUL", "Hi u", "Hi\0u", "email.malformed")]
    [InlineData("a line that is no header", "MIME-Version: 1.0", "MIME-Version 1.0", "email.malformed")]
    [InlineData("two recipients", "To: ", "To: thief@example.org, ", "email.address")]
    [InlineData("an address hidden in a comment", "To: ", "To: (thief) ", "email.address")]
    [InlineData("the key's name changed", "s=s2026", "s=e2026", "email.unsupported")]
    [InlineData("an unknown key", "s=s2026", "s=other", "email.no_key")]
    [InlineData("the domain changed", "d=mail.example.com", "d=thief.example.com", "email.domain")]
    [InlineData("the domain widened to a registry", "d=mail.example.com", "d=com", "email.domain")]
    [InlineData("another algorithm", "a=rsa-sha256", "a=rsa-sha1", "email.unsupported")]
    [InlineData("another version", "v=1;", "v=2;", "email.unsupported")]
    [InlineData("no version", "v=1; ", "", "email.unsupported")]
    [InlineData("an unknown canonicalisation", "c=relaxed/relaxed", "c=nowsp", "email.unsupported")]
    [InlineData("a tag twice", "v=1;", "v=1; d=mail.example.com;", "email.signature_malformed")]
    [InlineData("an empty tag", "v=1;", "v=1;;", "email.signature_malformed")]
    [InlineData("a length appended", "v=1;", "v=1; l=10;", "email.body_length")]
    [InlineData("an expiry appended", "v=1;", "v=1; x=99999999999;", "email.signature_wrong")]
    [InlineData("an identity outside the domain", "v=1;", "v=1; i=@example.com;", "email.signature_malformed")]
    [InlineData("the time moved", "t=17", "t=16", "email.key_window")]
    public void A_changed_message_is_refused(string _, string old, string with, string code) =>
        Assert.Equal(code, Mails.Code(Mails.Signed().Replace(old, with)));

    [Theory]
    [InlineData("To")]
    [InlineData("From")]
    [InlineData("Subject")]
    [InlineData("Date")]
    [InlineData("Content-Type")]
    [InlineData("MIME-Version")]
    public void A_header_that_matters_must_be_signed(string name) =>
        Assert.Equal("email.header_unsigned", Mails.Code(Mails.Signed(Usual with { Signed = [.. Usual.Signed.Where(n => n != name)] })));

    [Fact]
    public void A_header_put_on_top_of_a_signed_one_is_refused_whether_it_was_signed_over_or_not()
    {
        var message = Mails.Ready().Replace("Message-ID", "X-Account: amber\r\nMessage-ID");
        var once = Mails.Signed(Usual with { Signed = [.. Usual.Signed, "X-Account"] }, message);
        Assert.Null(Mails.Code(once));
        Assert.Equal("email.header_added", Mails.Code([.. "X-Account: victim\r\n"u8, .. once]));
        var over = Mails.Signed(Usual with { Signed = [.. Usual.Signed, "X-Account", "X-Account"] }, message);
        Assert.Null(Mails.Code(over));
        Assert.Equal("email.signature_wrong", Mails.Code([.. "X-Account: victim\r\n"u8, .. over]));
        var absent = Mails.Signed(Usual with { Signed = [.. Usual.Signed, "Cc"] });
        Assert.Null(Mails.Code(absent));
        Assert.Equal("email.signature_wrong", Mails.Code([.. "Cc: thief@example.org\r\n"u8, .. absent]));
    }

    [Fact]
    public void A_signature_over_a_part_of_the_body_is_refused_with_and_without_what_was_appended()
    {
        var signed = Mails.Signed(Usual with { BodyBytes = 20 });
        Assert.Equal("email.body_length", Mails.Code(signed));
        Assert.Equal("email.body_length", Mails.Code([.. signed, .. "u/victim\r\n"u8]));
    }

    [Fact]
    public void Times_are_held_against_the_signature_the_key_and_the_clock()
    {
        var inTime = Usual with { MoreTags = $" x={Mails.Sent.AddDays(7).ToUnixTimeSeconds()};" };
        Assert.Null(Mails.Code(Mails.Signed(inTime)));
        Assert.Equal("email.expired", Mails.Code(Mails.Signed(inTime), now: Mails.Sent.AddDays(8)));
        Assert.Equal("email.signature_malformed", Mails.Code(Mails.Signed(Usual with { MoreTags = " x=1;" })));
        Assert.Equal("email.not_yet", Mails.Code(Mails.Signed(), now: Mails.Sent.AddHours(-1)));
        Assert.Null(Mails.Code(Mails.Signed(), now: Mails.Sent.AddMinutes(-10)));

        var early = Mails.Provider(Mails.Rsa.Pin(Mails.Sent.AddDays(-9), Mails.Sent.AddSeconds(-1)));
        var late = Mails.Provider(Mails.Rsa.Pin(Mails.Sent.AddSeconds(1), Mails.Sent.AddDays(9)));
        Assert.Equal("email.key_window", Mails.Code(Mails.Signed(), early));
        Assert.Equal("email.key_window", Mails.Code(Mails.Signed(), late));
        // Without t= the Date counts, which is signed.
        Assert.Equal("email.key_window", Mails.Code(Mails.Signed(new DkimSigning()), late));
        Assert.Null(Mails.Code(Mails.Signed(new DkimSigning()), Mails.Provider(Mails.Rsa.Pin(Mails.Sent, Mails.Sent))));
    }

    [Fact]
    public void Wrong_weak_and_unfit_keys_do_not_verify()
    {
        using var other = new DkimSigner("mail.example.com", "s2026", RSA.Create(2048));
        Assert.Equal("email.signature_wrong", Mails.Code(other.Sign(Mails.Ready(), Usual)));

        using var small = new DkimSigner("mail.example.com", "s2026", RSA.Create(1024));
        var signed = small.Sign(Mails.Ready(), Usual);
        Assert.Equal("email.weak_key", Mails.Code(signed, Mails.Provider(small.Pin(Mails.Sent, Mails.Sent))));
        Assert.Null(Mails.Code(signed, Mails.Provider(small.Pin(Mails.Sent, Mails.Sent, acceptWeak: true))));
        using var tiny = RSA.Create(512);
        Assert.Throws<FormatException>(() => DkimKey.Parse($"p={Convert.ToBase64String(tiny.ExportSubjectPublicKeyInfo())}"));
    }

    [Theory]
    [InlineData("v=DKIM1; p=")]
    [InlineData("v=DKIM2; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")]
    [InlineData("v=DKIM1; k=ed25519; t=y; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")]
    [InlineData("v=DKIM1; k=ed25519; h=sha1; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")]
    [InlineData("v=DKIM1; k=ed25519; s=tlsrpt; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")]
    [InlineData("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHUR")]
    [InlineData("v=DKIM1; k=rsa; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")]
    [InlineData("nothing")]
    public void A_record_that_is_revoked_for_something_else_or_broken_is_no_key(string record) =>
        Assert.Throws<FormatException>(() => DkimKey.Parse(record));

    [Fact]
    public void Only_the_policys_domain_and_senders_count()
    {
        Assert.Equal("email.domain", Mails.Code(Mails.Signed(), Mails.Provider() with { Domain = "example.com" }));
        Assert.Equal("email.domain", Mails.Code(Mails.Signed(message: Mails.Ready().Replace("noreply@", "thief@"))));
        Assert.Equal("email.no_key", Mails.Code(Mails.Signed(), Mails.Provider() with { Keys = [] }));
        Assert.Equal("email.no_key", Mails.Code(Mails.Signed(), Mails.Provider(Mails.Rsa.Pin(Mails.Sent, Mails.Sent) with { Record = "p=AA==" })));
    }

    [Fact]
    public void Thousands_of_signatures_headers_and_very_long_lines_cost_little()
    {
        var watch = Stopwatch.StartNew();
        var signature = Mails.Text(Mails.Signed())[..Mails.Text(Mails.Signed()).IndexOf("From:", StringComparison.Ordinal)];
        Assert.Equal("email.too_large", Mails.Code(Mails.Bytes(string.Concat(Enumerable.Repeat(signature, 5000)) + Mails.Text(Mails.Ready()))));
        Assert.Equal("email.malformed", Mails.Code(Mails.Bytes(string.Concat(Enumerable.Repeat(signature, 1000)) + Mails.Text(Mails.Ready()))));
        Assert.Equal("email.too_many_signatures", Mails.Code(Mails.Bytes(string.Concat(Enumerable.Repeat(signature, 200)) + Mails.Text(Mails.Ready()))));
        Assert.Equal("email.malformed", Mails.Code(Mails.Bytes($"X: {new string('x', 1_000_000)}\n{Mails.Text(Mails.Ready())}")));
        Assert.Equal("email.malformed", Mails.Code(Mails.Bytes(new string('x', 1_000_000))));
        Assert.Equal("email.malformed", Mails.Code(Mails.Bytes($"X: {string.Concat(Enumerable.Repeat("\n ", 300_000))}\n")));
        Assert.Equal("email.signature_malformed", Mails.Code(Mails.Signed().Replace("h=From", $"h={string.Concat(Enumerable.Repeat("a:", 5000))}From")));
        var longBody = Mails.Signed(message: Mails.Ready().Replace("Hi u/", new string(' ', 500_000) + "Hi u/"));
        Assert.Null(Mails.Code(longBody));
        Assert.Null(Mails.Code(Mails.Signed(Usual with { Body = Canonicalisation.Simple }, Mails.Ready().Replace("Hi", string.Concat(Enumerable.Repeat("\r\n", 250_000)) + "Hi"))));
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 30);
    }

    [Fact]
    public void Any_changed_byte_of_what_was_signed_is_noticed()
    {
        var signed = Mails.Signed(Usual with { Header = Canonicalisation.Simple, Body = Canonicalisation.Simple }, signer: Mails.Ed);
        // White space in the signature's own base64 is folding (§3.5): nobody signs it.
        var folded = Mails.Text(signed).IndexOf("\n b=", StringComparison.Ordinal) is >= 0 and var b ? b : throw new InvalidOperationException("There is no signature.");
        var end = Mails.Text(signed).IndexOf("\r\nFrom:", StringComparison.Ordinal);
        var changes = from at in Gen.Choose(0, signed.Length - 1)
                      from bits in Gen.Choose(1, 255)
                      where !(at > folded && at < end && IsWhite(signed[at]) && IsWhite(signed[at] ^ bits))
                      select (at, bits);
        Prop.ForAll(changes.ToArbitrary(), change =>
        {
            var changed = signed.ToArray();
            changed[change.at] ^= (byte)change.bits;
            return Mails.Code(changed) is not null;
        }).QuickCheckThrowOnFailure();

        static bool IsWhite(int value) => value is ' ' or '\t';
    }

    [Fact]
    public void A_signature_is_written_in_one_way()
    {
        var signed = Mails.Text(Mails.Signed(signer: Mails.Ed));
        // 64 bytes leave four bits over in the last letter; the one after it in the alphabet decodes to the same signature.
        var last = signed.IndexOf("==\r\nFrom:", StringComparison.Ordinal) - 1;
        Assert.Contains(signed[last], "AQgw");
        Assert.Equal("email.signature_malformed", Mails.Code(Mails.Bytes($"{signed[..last]}{(char)(signed[last] + 1)}{signed[(last + 1)..]}")));
    }

    [Fact]
    public void Any_bytes_at_all_are_answered_with_a_refusal()
    {
        var texts = from size in Gen.Choose(0, 400) from bytes in Gen.ArrayOf(Gen.Elements((byte[])[.. "DKIM-Signature: v=1;\r\n\r\n \tFrom:<>@ab=?"u8, 0, 255]), size) select bytes;
        Prop.ForAll(texts.ToArbitrary(), bytes => Mails.Code(bytes) is not null).QuickCheckThrowOnFailure();
    }
}
