using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Accounts;
using Commonhold.Server.Indexer;
using Commonhold.Server.Storage;
using Commonhold.Tests.Ethereum;
using Commonhold.Tests.Guardian;

namespace Commonhold.Tests.Server;

/// <summary>What a signature opens, and what it does not: another site's, another chain's, another day's, another person's, or the same again.</summary>
public sealed class SessionTests : IAsyncLifetime, IDisposable
{
    private static readonly Origin Here = new("http", "localhost:7420");
    private readonly ScratchFolder _scratch = new();
    private readonly Database _database;
    private readonly TestClock _time = new(new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero));
    private readonly Sessions _sessions;
    private readonly SignInNonces _nonces;
    private readonly Secp256k1Key _alice = Secp256k1Key.Generate();
    private readonly HttpClient _http = new();
    private readonly FakeRpcServer _rpc;
    private readonly SignIn _signIn;
    private string _code = "0x";

    public SessionTests()
    {
        _database = new Database(_scratch["node.db"]);
        _sessions = new Sessions(_database, _time);
        _nonces = new SignInNonces(_time);
        _rpc = new FakeRpcServer(request => RpcReply.Result(request, _code));
        var addresses = new DaoContracts(default, default, default, default, default, default, default, default);
        _signIn = new SignIn(new Dao(31337, addresses, default), new EthereumNode(new JsonRpcClient(_http, _rpc.Uri)), _nonces, _sessions, _time);
    }

    public Task InitializeAsync() => new Migrator(_database).RunAsync(default);

    public async Task DisposeAsync() => await _rpc.DisposeAsync();

    public void Dispose()
    {
        _alice.Dispose();
        _http.Dispose();
        _database.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public async Task A_signed_message_opens_a_session_that_the_database_does_not_give_away()
    {
        var session = (await EnterAsync(Message())).Value;
        Assert.Equal(_alice.Address, session.Address);
        Assert.Equal(_alice.Address, (await _sessions.FindAsync(session.Token, default))!.Address);
        var kept = await _database.FindAsync<string>("SELECT token_digest || nonce || address FROM sessions", null, default);
        Assert.DoesNotContain(session.Token, kept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_signature_opens_nothing_again_not_even_after_signing_out()
    {
        var text = Message();
        var session = (await EnterAsync(text)).Value;
        Assert.Equal("session.nonce_used", (await EnterAsync(text)).Refusal?.Code);
        await _sessions.EndAsync(session.Token, default);
        Assert.Null(await _sessions.FindAsync(session.Token, default));
        Assert.Equal("session.nonce_used", (await EnterAsync(text)).Refusal?.Code);
    }

    [Theory]
    [InlineData("session.other_domain", "localhost:7420 wants", "localhost:7421 wants")]
    [InlineData("session.other_domain", "localhost:7420 wants", "example.com wants")]
    [InlineData("session.other_domain", "localhost:7420 wants", "https://localhost:7420 wants")]
    [InlineData("session.other_domain", "URI: http://localhost:7420", "URI: https://localhost:7420")]
    [InlineData("session.other_domain", "URI: http://localhost:7420", "URI: http://user@localhost:7420")]
    [InlineData("session.other_domain", "URI: http://localhost:7420", "URI: http://localhost.example.com:7420")]
    [InlineData("session.message_invalid", "URI: http://localhost:7420", "URI: http://localhost:7420.example.com")]
    [InlineData("session.other_chain", "Chain ID: 31337", "Chain ID: 1")]
    [InlineData("session.message_invalid", "Version: 1", "Version: 3")]
    public async Task What_was_signed_for_elsewhere_opens_nothing(string code, string part, string instead)
    {
        var text = Message().Replace(part, instead, StringComparison.Ordinal);
        Assert.Equal(code, (await EnterAsync(text)).Refusal?.Code);
    }

    [Fact]
    public async Task A_message_is_good_for_five_minutes()
    {
        var (endless, ending) = (Message(ends: false), Message());
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("session.expired", (await EnterAsync(ending)).Refusal?.Code);
        Assert.Equal("session.nonce_unknown", (await EnterAsync(endless)).Refusal?.Code);
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal("session.expired", (await EnterAsync(endless)).Refusal?.Code);
        Assert.Equal("session.not_yet", (await EnterAsync(Message(issuedIn: TimeSpan.FromMinutes(10)))).Refusal?.Code);
    }

    [Fact]
    public async Task A_nonce_of_somebody_else_opens_nothing()
    {
        Assert.Equal("session.nonce_unknown", (await EnterAsync(Message(nonce: "abcdefgh12345678"))).Refusal?.Code);
        Assert.Equal("session.nonce_unknown", (await EnterAsync(Message(nonce: new SignInNonces(_time).Make()))).Refusal?.Code);
        Assert.Equal("session.nonce_unknown", (await EnterAsync(Message(nonce: _nonces.Make().ToUpperInvariant()))).Refusal?.Code);
    }

    [Fact]
    public async Task Who_did_not_sign_does_not_get_in()
    {
        using var mallory = Secp256k1Key.Generate();
        var text = Message();
        var forged = mallory.Sign(PersonalMessage.Hash(System.Text.Encoding.UTF8.GetBytes(text))).ToString();
        Assert.Equal("session.signature_invalid", (await _signIn.EnterAsync(text, forged, Here, default)).Refusal?.Code);
        Assert.Equal("session.signature_invalid", (await _signIn.EnterAsync(text, "0x1234", Here, default)).Refusal?.Code);
        _code = "0x6001";
        Assert.Equal("session.contract_wallet", (await _signIn.EnterAsync(text, "0x1234", Here, default)).Refusal?.Code);
        _code = "0xef0100" + new string('1', 40);
        Assert.Equal("session.signature_invalid", (await _signIn.EnterAsync(text, forged, Here, default)).Refusal?.Code);
        Assert.True((await EnterAsync(text)).Refusal is null);
    }

    [Fact]
    public async Task A_session_ends_after_twelve_hours_and_leaves_nothing()
    {
        var session = (await EnterAsync(Message())).Value;
        _time.Advance(Sessions.Lifetime);
        Assert.Null(await _sessions.FindAsync(session.Token, default));
        using var bob = Secp256k1Key.Generate();
        var text = Message(bob);
        Assert.Null((await _signIn.EnterAsync(text, Sign(bob, text), Here, default)).Refusal);
        Assert.Equal(1, await _database.FindAsync<long>("SELECT COUNT(*) FROM sessions", null, default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("' OR 1=1 --")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_made_up_token_is_nobodys(string token) => Assert.Null(await _sessions.FindAsync(token, default));

    private Task<Result<NewSession>> EnterAsync(string text) => _signIn.EnterAsync(text, Sign(_alice, text), Here, default);

    private static string Sign(Secp256k1Key key, string text) => key.Sign(PersonalMessage.Hash(System.Text.Encoding.UTF8.GetBytes(text))).ToString();

    private string Message(Secp256k1Key? who = null, string? nonce = null, TimeSpan? issuedIn = null, bool ends = true) => string.Join('\n',
    [
        "localhost:7420 wants you to sign in with your Ethereum account:", (who ?? _alice).Address.ToString(), "", "Sign in.", "",
        "URI: http://localhost:7420/account", "Version: 1", "Chain ID: 31337", $"Nonce: {nonce ?? _nonces.Make()}",
        $"Issued At: {_time.GetUtcNow() + (issuedIn ?? TimeSpan.Zero):yyyy-MM-ddTHH:mm:ssZ}",
        .. ends ? (string[])[$"Expiration Time: {_time.GetUtcNow() + SignInNonces.Lifetime:yyyy-MM-ddTHH:mm:ssZ}"] : [],
    ]);
}
