using Commonhold.Ethereum;
using Commonhold.Server.Accounts;

namespace Commonhold.Tests.Server;

public sealed class SignInMessageTests
{
    private const string Account = "0xb9db0d48C752903BEc5Ed43d56571b032b0729f1";

    private const string Plain = $"""
        localhost:7420 wants you to sign in with your Ethereum account:
        {Account}

        Sign in to see the pages that are yours. This moves nothing and costs nothing.

        URI: http://localhost:7420/account
        Version: 1
        Chain ID: 31337
        Nonce: 32891756abcd
        Issued At: 2026-11-22T07:30:00.000Z
        Expiration Time: 2026-11-22T07:35:00Z
        """;

    [Fact]
    public void A_message_of_the_page_is_read()
    {
        Assert.True(SignInMessage.TryParse(Plain, out var message));
        Assert.Equal(("localhost:7420", Address.Parse(Account), 31337UL, "32891756abcd"), (message.Domain, message.Address, message.ChainId, message.Nonce));
        Assert.Equal("Sign in to see the pages that are yours. This moves nothing and costs nothing.", message.Statement);
        Assert.Equal(new Uri("http://localhost:7420/account"), message.Uri);
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 7, 30, 0, TimeSpan.Zero), message.IssuedAt);
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 7, 35, 0, TimeSpan.Zero), message.ExpirationTime);
    }

    /// <summary>The EIP's own examples, with the fields that it leaves to the implementer filled in.</summary>
    [Fact]
    public void Every_field_of_the_standard_is_read()
    {
        const string text = $"""
            https://example.com:3388 wants you to sign in with your Ethereum account:
            {Account}

            I accept the ExampleOrg Terms of Service: https://example.com/tos

            URI: https://example.com/login
            Version: 1
            Chain ID: 1
            Nonce: 32891756
            Issued At: 2021-09-30T16:25:24+02:00
            Not Before: 2021-09-30T16:00:00Z
            Request ID: some%20id
            Resources:
            - ipfs://bafybeiemxf5abjwjbikoz4mc3a3dla6ual3jsgpdr4cjr3oz3evfyavhwq/
            - https://example.com/my-web2-claim.json
            """;
        Assert.True(SignInMessage.TryParse(text, out var message));
        Assert.Equal(("https", "example.com:3388", "some%20id"), (message.Scheme, message.Domain, message.RequestId));
        Assert.Equal(2, message.Resources.Count);
        Assert.Equal(new DateTimeOffset(2021, 9, 30, 14, 25, 24, TimeSpan.Zero), message.IssuedAt.ToUniversalTime());
        Assert.True(SignInMessage.TryParse(Plain.Replace("\nSign in to see the pages that are yours. This moves nothing and costs nothing.\n", "\n", StringComparison.Ordinal), out var silent));
        Assert.Null(silent.Statement);
    }

    [Theory]
    [InlineData("nothing", "", "")]
    [InlineData("a line feed at the end", "07:35:00Z", "07:35:00Z\n")]
    [InlineData("carriage returns", "\n", "\r\n")]
    [InlineData("text before", "localhost", "Hello\nlocalhost")]
    [InlineData("another version", "Version: 1", "Version: 2")]
    [InlineData("no version", "Version: 1\n", "")]
    [InlineData("a field twice", "Version: 1\n", "Version: 1\nVersion: 1\n")]
    [InlineData("fields in another order", "Version: 1\nChain ID: 31337", "Chain ID: 31337\nVersion: 1")]
    [InlineData("a short nonce", "32891756abcd", "3289175")]
    [InlineData("a nonce with signs", "32891756abcd", "32891756-bcd")]
    [InlineData("an account in small letters", Account, "0xb9db0d48c752903bec5ed43d56571b032b0729f1")]
    [InlineData("an account with a wrong checksum", Account, "0xB9db0d48C752903BEc5Ed43d56571b032b0729f1")]
    [InlineData("a chain that is no number", "31337", "0x7a69")]
    [InlineData("a chain beyond all numbers", "31337", "99999999999999999999")]
    [InlineData("a day that is none", "2026-11-22T07:30", "2026-11-31T07:30")]
    [InlineData("a time without a zone", "07:30:00.000Z", "07:30:00.000")]
    [InlineData("a statement of two lines", "This moves", "\nThis moves")]
    [InlineData("a statement with signs beyond ASCII", "This moves", "Thîs moves")]
    [InlineData("a relative URI", "http://localhost:7420/account", "/account")]
    [InlineData("a domain with a path", "localhost:7420 wants", "localhost:7420/x wants")]
    [InlineData("an unknown field", "Version: 1\n", "Version: 1\nGas: 1\n")]
    public void What_the_grammar_does_not_make_is_not_read(string what, string part, string instead)
    {
        var text = part.Length == 0 ? "" : Plain.Replace(part, instead, StringComparison.Ordinal);
        Assert.True(text != Plain && !SignInMessage.TryParse(text, out _), what);
    }

    [Fact]
    public void A_text_as_long_as_a_book_is_not_read() =>
        Assert.False(SignInMessage.TryParse(Plain.Replace("This moves", new string('a', SignInMessage.MaxLength), StringComparison.Ordinal), out _));
}
