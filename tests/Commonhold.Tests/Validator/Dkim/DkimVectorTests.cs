using System.Buffers;
using System.Text;
using Commonhold.Client;
using Commonhold.Validator.Ownership.Dkim;

namespace Commonhold.Tests.Validator.Dkim;

/// <summary>The examples of the RFCs.</summary>
public sealed class DkimVectorTests
{
    private const ulong Long = 1_000_000_000;
    private const ulong Until = 1_600_000_000;

    // RFC 6376 §A.2 with errata 3192 (one space behind "game.") and 4926 (no indentation of the page).
    private const string Rfc6376 =
        """
        DKIM-Signature: v=1; a=rsa-sha256; s=brisbane; d=example.com;
              c=simple/simple; q=dns/txt; i=joe@football.example.com;
              h=Received : From : To : Subject : Date : Message-ID;
              bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
              b=AuUoFEfDxTDkHlLXSZEpZj79LICEps6eda7W3deTVFOk4yAUoqOB
              4nujc7YopdG5dWLSdNg6xNAZpOPr+kHxt1IrE+NahM6L/LbvaHut
              KVdkLLkpVaVVQPzeRDI009SO2Il5Lu7rDNH6mZckBdrIx0orEtZV
              4bmp/YzhwvcubU4=;
        Received: from client1.football.example.com  [192.0.2.1]
              by submitserver.example.com with SUBMISSION;
              Fri, 11 Jul 2003 21:01:54 -0700 (PDT)

        """ + Message6376;

    private const string Message6376 =
        """
        From: Joe SixPack <joe@football.example.com>
        To: Suzie Q <suzie@shopping.example.net>
        Subject: Is dinner ready?
        Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
        Message-ID: <20030712040037.46341.5F8J@football.example.com>

        Hi.

        We lost the game. Are you hungry yet?

        Joe.

        """;

    private const string Ed25519Signature =
        """
        DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
         d=football.example.com; i=@football.example.com;
         q=dns/txt; s=brisbane; t=1528637909; h=from : to :
         subject : date : message-id : from : subject : date;
         bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
         b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
         Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==

        """;

    private const string RsaSignature =
        """
        DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
         d=football.example.com; i=@football.example.com;
         q=dns/txt; s=test; t=1528637909; h=from : to : subject :
         date : message-id : from : subject : date;
         bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
         b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
         DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
         dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=

        """;

    private static readonly PinnedDkimKey Key6376 = new(
        "brisbane",
        "v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB",
        Long, Until, "RFC 6376 §C.2", AcceptWeak: true);

    private static readonly PinnedDkimKey Ed25519Key = new(
        "brisbane", "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", Long, Until, "RFC 8463 §A.2");

    private static readonly PinnedDkimKey RsaKey = new(
        "test",
        "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB",
        Long, Until, "RFC 8463 §A.2", AcceptWeak: true);

    [Fact]
    public void The_message_of_rfc_6376_verifies_and_its_signature_covers_the_relays_line_too()
    {
        Assert.Null(Code(Rfc6376, Key6376));
        Assert.Equal("email.signature_wrong", Code(Rfc6376.Replace("21:01:54", "21:01:55", StringComparison.Ordinal), Key6376));
        Assert.Equal("email.body_changed", Code(Rfc6376 + "And more.\n", Key6376));
    }

    [Fact]
    public void The_two_signatures_of_rfc_8463_verify_each_by_itself_and_together()
    {
        var message = Message6376;
        Assert.Null(Code(Ed25519Signature + message, Ed25519Key));
        Assert.Null(Code(RsaSignature + message, RsaKey));
        Assert.Null(Code(Ed25519Signature + RsaSignature + message, Ed25519Key));
        Assert.Null(Code(Ed25519Signature + RsaSignature + message, RsaKey));
        Assert.Equal("email.signature_wrong", Code(Ed25519Signature + message, Ed25519Key with { Record = "v=DKIM1; k=ed25519; p=1hqYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=" }));
    }

    [Fact]
    public void One_message_has_one_digest_whichever_signature_is_shown()
    {
        var one = Verify(Ed25519Signature + Message6376, Ed25519Key);
        var two = Verify(RsaSignature + Message6376.Replace("Joe SixPack", "Joe  SixPack", StringComparison.Ordinal), RsaKey);
        Assert.Equal(one.Digest, two.Digest);
        Assert.NotEqual(one.Signature.Value, two.Signature.Value);
    }

    // RFC 6376 §3.4.5: "<SP>", "<HTAB>" and "<CRLF>" written out.
    [Theory]
    [InlineData("relaxed header", "relaxed", "a:X\r\nb:Y Z\r\n")]
    [InlineData("simple header", "simple", "A: X\r\nB : Y\t\r\n\tZ  \r\n")]
    public void Headers_take_the_forms_of_the_rfc(string _, string how, string expected)
    {
        var message = MailMessage.Parse(Encoding.ASCII.GetBytes("A: X\r\nB : Y\t\r\n\tZ  \r\n\r\n C \r\nD \t E\r\n\r\n\r\n"));
        var output = new ArrayBufferWriter<byte>();
        foreach (var field in message.Fields)
            Canonical.Header(how == "simple" ? Canonicalisation.Simple : Canonicalisation.Relaxed, field.Raw.Span, field.Colon, output);
        Assert.Equal(expected, Encoding.ASCII.GetString(output.WrittenSpan));
    }

    [Theory]
    [InlineData("§3.4.5, relaxed", "relaxed", " C \r\nD \t E\r\n\r\n\r\n", " C\r\nD E\r\n")]
    [InlineData("§3.4.5, simple", "simple", " C \r\nD \t E\r\n\r\n\r\n", " C \r\nD \t E\r\n")]
    [InlineData("nothing, relaxed", "relaxed", "", "")]
    [InlineData("nothing, simple", "simple", "", "\r\n")]
    [InlineData("empty lines only, relaxed", "relaxed", "\r\n \r\n\r\n", "")]
    [InlineData("empty lines only, simple", "simple", "\r\n\r\n\r\n", "\r\n")]
    [InlineData("no last line end", "simple", "a", "a\r\n")]
    [InlineData("white space lines stay in simple form", "simple", "a\r\n \r\n", "a\r\n \r\n")]
    [InlineData("lines between stay", "relaxed", "a\r\n\r\n\t\r\nb", "a\r\n\r\n\r\nb\r\n")]
    public void Bodies_take_the_forms_of_the_rfc(string _, string how, string body, string expected)
    {
        var output = new ArrayBufferWriter<byte>();
        Canonical.Body(how == "simple" ? Canonicalisation.Simple : Canonicalisation.Relaxed, Encoding.ASCII.GetBytes(body), output);
        Assert.Equal(expected, Encoding.ASCII.GetString(output.WrittenSpan));
    }

    private static EmailSource Provider(PinnedDkimKey key) => new("reddit", key == Key6376 ? "example.com" : "football.example.com", ["joe@football.example.com"], ["Is dinner ready?"], ["Hi {account}"], [key]);

    private static string? Code(string message, PinnedDkimKey key) =>
        DkimVerifier.Verify(Mails.Bytes(message), Provider(key), Mails.Now).Refusal?.Code;

    private static VerifiedMail Verify(string message, PinnedDkimKey key) => DkimVerifier.Verify(Mails.Bytes(message), Provider(key), Mails.Now).Value;
}
