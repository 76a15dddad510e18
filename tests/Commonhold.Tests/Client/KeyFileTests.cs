using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Tests.Client;

public sealed class KeyFileTests : IDisposable
{
    private const int Quick = 4;
    private readonly string _directory = Directory.CreateTempSubdirectory("commonhold-keys").FullName;

    private string File => Path.Combine(_directory, "me.age");

    [Fact]
    public void A_member_key_comes_back_from_its_file()
    {
        using MemberKey key = MemberKey.Generate();
        key.Save(File, "open sesame", Quick);
        using MemberKey loaded = MemberKey.Load(File, "open sesame");
        Assert.Equal((key.Address, key.Recipient), (loaded.Address, loaded.Recipient));
    }

    [Fact]
    public void Only_its_owner_can_read_a_key_file()
    {
        using MemberKey key = MemberKey.Generate();
        key.Save(File, "p", Quick);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
    }

    [Fact]
    public void A_key_file_is_never_overwritten()
    {
        using MemberKey key = MemberKey.Generate();
        key.Save(File, "p", Quick);
        byte[] before = System.IO.File.ReadAllBytes(File);
        Assert.Throws<IOException>(() => key.Save(File, "p", Quick));
        Assert.Equal(before, System.IO.File.ReadAllBytes(File));
    }

    [Fact]
    public void A_file_that_cannot_be_used_says_why()
    {
        Assert.Equal("key.missing", CodeOf(() => MemberKey.Load(File, "p")));
        using MemberKey key = MemberKey.Generate();
        key.Save(File, "right", Quick);
        Assert.Equal("key.wrong_passphrase", CodeOf(() => MemberKey.Load(File, "wrong")));
        Assert.Equal("key.wrong_kind", CodeOf(() => SealedKeyFile.Open(File, "validator", "right")));
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Equal("key.permissions", CodeOf(() => MemberKey.Load(File, "right")));
    }

    [Fact]
    public void A_ticket_opens_for_its_validator_and_its_file_alone()
    {
        using X25519Identity validator = X25519Identity.Generate();
        using X25519Identity other = X25519Identity.Generate();
        using Ticket ticket = Ticket.FromSecret(Enumerable.Range(1, 32).Select(i => (byte)i).ToArray());
        Bytes32 digest = Keccak256.Hash("file"u8);
        byte[] file = TicketFile.Seal(ticket, digest, validator.Recipient);

        using (OpenedTicket opened = TicketFile.Open(file, digest, validator).Value)
        {
            Assert.True(opened.Ticket.Secret.SequenceEqual(ticket.Secret));
            Assert.Null(opened.ExplainTo);
        }

        using (OpenedTicket opened = TicketFile.Open(TicketFile.Seal(ticket, digest, validator.Recipient, other.Recipient), digest, validator).Value)
            Assert.Equal(other.Recipient.ToString(), opened.ExplainTo?.ToString());
        Assert.Equal("ticket.mismatch", TicketFile.Open(file, Keccak256.Hash("other"u8), validator).Refusal!.Code);
        Assert.Equal("ticket.unreadable", TicketFile.Open(file, digest, other).Refusal!.Code);
        Assert.Equal("ticket.unreadable", TicketFile.Open("not age"u8, digest, validator).Refusal!.Code);
        Assert.Equal("ticket.invalid", TicketFile.Open(new byte[5000], digest, validator).Refusal!.Code);
    }

    [Theory]
    [InlineData("not JSON", "secret")]
    [InlineData("cut", "{\"version\":1,")]
    [InlineData("an array", "[1]")]
    [InlineData("no secret", """{"version":1,"ciphertextDigest":"0x0000000000000000000000000000000000000000000000000000000000000000"}""")]
    [InlineData("a short secret", """{"version":1,"ciphertextDigest":"0x0000000000000000000000000000000000000000000000000000000000000000","ephemeralSecret":"0x00"}""")]
    [InlineData("another version", """{"version":2,"ciphertextDigest":"0x0000000000000000000000000000000000000000000000000000000000000000","ephemeralSecret":"0x0101010101010101010101010101010101010101010101010101010101010101"}""")]
    [InlineData("a number as digest", """{"version":1,"ciphertextDigest":7,"ephemeralSecret":"0x0101010101010101010101010101010101010101010101010101010101010101"}""")]
    [InlineData("an explanation to nobody", """{"version":1,"ciphertextDigest":"0x0000000000000000000000000000000000000000000000000000000000000000","ephemeralSecret":"0x0101010101010101010101010101010101010101010101010101010101010101","explainTo":"age1"}""")]
    [InlineData("an explanation to a number", """{"version":1,"ciphertextDigest":"0x0000000000000000000000000000000000000000000000000000000000000000","ephemeralSecret":"0x0101010101010101010101010101010101010101010101010101010101010101","explainTo":7}""")]
    public void A_hostile_ticket_is_refused(string what, string json)
    {
        Assert.NotEmpty(what);
        using X25519Identity validator = X25519Identity.Generate();
        byte[] file = AgeFile.Seal(System.Text.Encoding.UTF8.GetBytes(json), validator.Recipient);
        Assert.Equal("ticket.invalid", TicketFile.Open(file, Bytes32.Zero, validator).Refusal!.Code);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static string CodeOf(Action action) => Assert.Throws<CommonholdException>(action).Refusal!.Code;
}
