using System.Text;
using Commonhold.Age;
using Xunit;

namespace Commonhold.Tests.Age;

public sealed class AgeHeaderTests
{
    [Fact]
    public void The_shares_of_all_x25519_stanzas_are_read_in_order()
    {
        using var first = new TicketRecipient(X25519Identity.Generate().Recipient);
        using var second = new TicketRecipient(X25519Identity.Generate().Recipient);
        var header = AgeHeader.Parse(AgeFile.Seal([], first, second));
        Assert.Equal(
            [first.Ticket.Share.ToArray(), second.Ticket.Share.ToArray()], header.X25519Shares.Select(s => s.ToArray()));
    }

    [Fact]
    public async Task A_header_without_end_is_refused_at_its_limit()
    {
        var endless = Encoding.ASCII.GetBytes("age-encryption.org/v1\n-> grease\n" + string.Concat(Enumerable.Repeat(new string('A', 64) + "\n", 40_000)));
        await RefusedAsync(endless, AgeErrors.HeaderTooLarge, new AgeOptions());
        await RefusedAsync(endless, AgeErrors.HeaderTooLarge, new AgeOptions { Limits = AgeLimits.Contribution });
    }

    [Fact]
    public async Task Too_many_stanzas_are_refused()
    {
        var many = Encoding.ASCII.GetBytes(
            "age-encryption.org/v1\n" + string.Concat(Enumerable.Repeat("-> grease\n\n", 17)) + "--- " + new string('A', 43) + "\n");
        Assert.Equal(17, AgeHeader.Parse(many).Stanzas.Count);
        await RefusedAsync(many, AgeErrors.HeaderTooLarge, new AgeOptions { Limits = AgeLimits.Contribution });
    }

    [Theory]
    [InlineData("nothing", "")]
    [InlineData("another format", "PK\u0003\u0004 a zip file that is longer than the version line")]
    [InlineData("a later version", "age-encryption.org/v2\n-> X25519 a\n")]
    [InlineData("only the version", "age-encryption.org/v1\n")]
    [InlineData("no stanza", "age-encryption.org/v1\n--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n")]
    public async Task What_is_not_a_header_is_refused(string _, string file) =>
        await RefusedAsync(Encoding.Latin1.GetBytes(file), AgeErrors.MalformedHeader, new AgeOptions());

    private static async Task RefusedAsync(byte[] file, string code, AgeOptions options) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<AgeException>(() => AgeReader.OpenAsync(new MemoryStream(file), options))).Code);
}
