using System.Text;
using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Tests.Client;

/// <summary>Evidence on its way from a member to a validator, and what strangers may send in its place.</summary>
public sealed class EvidenceTests : IDisposable
{
    private static readonly Bytes32 Digest = Keccak256.Hash("file"u8);
    private readonly X25519Identity _validator = X25519Identity.Generate();

    public void Dispose() => _validator.Dispose();

    [Fact]
    public void Evidence_arrives_as_it_was_sent()
    {
        using EvidenceBundle sent = new(Digest,
        [
            EvidenceItem.OfEmail("From: a\r\n\r\nüñ"u8),
            new EvidenceItem(EvidenceItem.OriginalFiles).WithFile("statistics.csv", "statistic,value\n"u8).WithFile("checkfile.csv", [0, 255]),
            EvidenceItem.OfAccountCode("the \"quoted\" place", Digest, "p1"),
            EvidenceItem.OfSignIn("reddit", "code", Digest, "http://127.0.0.1/cb", "https://issuer.example"),
            EvidenceItem.OfIdToken("a.b.c", Digest),
            EvidenceItem.OfDownload("https://example.org/x?y=+"),
        ]);
        byte[] file = sent.Seal(_validator.Recipient).Value;

        using EvidenceBundle read = Open(file).Value;

        Assert.Equal(sent.Items.Select(i => i.Type), read.Items.Select(i => i.Type));
        Assert.Equal("From: a\r\n\r\nüñ", read.Find(EvidenceItem.Email)!.Text("message"));
        Assert.Equal([0, 255], read.Find(EvidenceItem.OriginalFiles)!.File("checkfile.csv").ToArray());
        Assert.Equal("the \"quoted\" place", read.Find(EvidenceItem.AccountCode)!.Text("place"));
        Assert.Equal(Digest.ToString(), read.Find(EvidenceItem.OAuth)!.Text("salt"));
        Assert.Equal("p1", read.Find(EvidenceItem.AccountCode)!.Text("post"));
        Assert.Equal("https://example.org/x?y=+", read.Find(EvidenceItem.Download)!.Text("url"));
    }

    [Fact]
    public void Unknown_evidence_keeps_its_name_and_nothing_else()
    {
        using EvidenceBundle read = Open(Sealed("""{"version":1,"ciphertextDigest":"DIGEST","items":[{"type":"tlsnotary","proof":{"deep":[1]}},{"type":"account_code","place":"x","salt":"0x"}]}""")).Value;
        Assert.Equal(["tlsnotary", "account_code"], read.Items.Select(i => i.Type));
        Assert.False(read.Items[0].IsKnown);
        Assert.True(read.Items[0].Bytes("proof").IsEmpty);
    }

    [Theory]
    [InlineData("no JSON", "x")]
    [InlineData("an array", "[]")]
    [InlineData("no version", """{"ciphertextDigest":"DIGEST","items":[]}""")]
    [InlineData("another version", """{"version":2,"ciphertextDigest":"DIGEST","items":[]}""")]
    [InlineData("no digest", """{"version":1,"items":[]}""")]
    [InlineData("no items", """{"version":1,"ciphertextDigest":"DIGEST"}""")]
    [InlineData("items twice", """{"version":1,"ciphertextDigest":"DIGEST","items":[],"items":[]}""")]
    [InlineData("an unknown field", """{"version":1,"ciphertextDigest":"DIGEST","items":[],"more":1}""")]
    [InlineData("something behind", """{"version":1,"ciphertextDigest":"DIGEST","items":[]} 1""")]
    [InlineData("type not first", """{"version":1,"ciphertextDigest":"DIGEST","items":[{"place":"x","type":"account_code"}]}""")]
    [InlineData("a number for a text", """{"version":1,"ciphertextDigest":"DIGEST","items":[{"type":"account_code","place":1}]}""")]
    [InlineData("a field twice", """{"version":1,"ciphertextDigest":"DIGEST","items":[{"type":"account_code","place":"x","place":"y"}]}""")]
    [InlineData("a field of another type", """{"version":1,"ciphertextDigest":"DIGEST","items":[{"type":"account_code","message":"eA=="}]}""")]
    [InlineData("a missing field", """{"version":1,"ciphertextDigest":"DIGEST","items":[{"type":"oauth","platform":"reddit"}]}""")]
    [InlineData("an empty field", """{"version":1,"ciphertextDigest":"DIGEST","items":[{"type":"account_code","place":""}]}""")]
    [InlineData("no base64", """{"version":1,"ciphertextDigest":"DIGEST","items":[{"type":"email","message":"?"}]}""")]
    [InlineData("a file twice", """{"version":1,"ciphertextDigest":"DIGEST","items":[{"type":"original_files","files":[{"name":"a","content":""},{"name":"a","content":""}]}]}""")]
    [InlineData("a file with more", """{"version":1,"ciphertextDigest":"DIGEST","items":[{"type":"original_files","files":[{"name":"a","content":"","x":1}]}]}""")]
    [InlineData("an item that is none", """{"version":1,"ciphertextDigest":"DIGEST","items":[1]}""")]
    [InlineData("half a surrogate", """{"version":1,"ciphertextDigest":"DIGEST","items":[{"type":"account_code","place":"\ud800"}]}""")]
    public void What_is_no_evidence_is_refused(string name, string json) =>
        Assert.Equal((name, "evidence.invalid"), (name, Open(Sealed(json)).Refusal?.Code));

    [Fact]
    public void More_items_than_a_bundle_has_are_refused()
    {
        string items = string.Join(',', Enumerable.Repeat("""{"type":"x"}""", EvidenceBundle.MaxItems + 1));
        Assert.Equal("evidence.invalid", Open(Sealed($$"""{"version":1,"ciphertextDigest":"DIGEST","items":[{{items}}]}""")).Refusal?.Code);
    }

    [Fact]
    public void Evidence_for_another_file_validator_or_signature_is_refused()
    {
        using EvidenceBundle bundle = EvidenceBundle.None(Digest);
        byte[] file = bundle.Seal(_validator.Recipient).Value;
        using X25519Identity other = X25519Identity.Generate();
        Assert.Equal("evidence.mismatch", EvidenceBundle.Open(file, EvidenceBundle.DigestOf(file), Keccak256.Hash("other"u8), _validator).Refusal?.Code);
        Assert.Equal("evidence.digest_mismatch", EvidenceBundle.Open(file, Digest, Digest, _validator).Refusal?.Code);
        Assert.Equal("evidence.unreadable", EvidenceBundle.Open(file, EvidenceBundle.DigestOf(file), Digest, other).Refusal?.Code);
    }

    [Fact]
    public void Too_much_evidence_is_refused_on_both_sides()
    {
        byte[] big = new byte[EvidenceBundle.MaxBytes];
        using EvidenceBundle bundle = new(Digest, [EvidenceItem.OfEmail(big)]);
        Assert.Equal("evidence.too_large", bundle.Seal(_validator.Recipient).Refusal?.Code);
        Assert.Equal("evidence.too_large", Open([.. big, 1]).Refusal?.Code);
    }

    private Result<EvidenceBundle> Open(byte[] file) => EvidenceBundle.Open(file, EvidenceBundle.DigestOf(file), Digest, _validator);

    private byte[] Sealed(string json) => AgeFile.Seal(Encoding.UTF8.GetBytes(json.Replace("DIGEST", Digest.ToString(), StringComparison.Ordinal)), _validator.Recipient);
}
