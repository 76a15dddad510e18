using System.Text.Json;
using System.Web;
using Commonhold.Client;
using Commonhold.Validator.Ownership;
using CheckOutcome = Commonhold.Client.CheckOutcome;

namespace Commonhold.Tests.Validator.Ownership.Online;

/// <summary>A sign-in at the platform, redeemed by the validator, against a provider that keeps to the standards.</summary>
public sealed class SignInProofTests : IAsyncLifetime
{
    private const string RedirectUri = "http://127.0.0.1:51234/commonhold";
    private const string Page = "https://node.example/sign-in";

    private TestProvider _provider = null!;
    private EvidenceWorld _world = null!;

    public async Task InitializeAsync()
    {
        _provider = await TestProvider.StartAsync();
        _world = World();
        _provider.SignedIn = _world.Account;
    }

    public async Task DisposeAsync()
    {
        _world.Dispose();
        await _provider.DisposeAsync();
    }

    [Theory]
    [InlineData("a client without a secret", false, null)]
    [InlineData("a client that names itself by Basic with an empty secret", true, null)]
    [InlineData("a secret in the form", false, "s&cret")]
    [InlineData("a secret by Basic", true, "s:cret")]
    public async Task A_sign_in_to_the_account_proves_it(string name, bool basic, string? secret)
    {
        _provider.Secret = secret;
        using EvidenceWorld world = World(s => s with { UsesBasic = basic }, secret);
        ProofResult result = await world.VerifyAsync(await SignInAsync(world));
        Assert.Equal((name, CheckOutcome.Passed, EvidenceLevel.SignIn), (name, result.Outcome, result.Level!.Value));
        Assert.Equal(["GET /authorize", "POST /token", "GET /me"], _provider.Requests);
        Assert.DoesNotContain(world.Account, JsonSerializer.Serialize(result), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_sign_in_to_another_account_is_refused()
    {
        _provider.SignedIn = "somebody_else";
        Assert.Equal("evidence.other_account", (await _world.VerifyAsync(await SignInAsync(_world))).Refusal?.Code);
    }

    [Fact]
    public async Task A_code_serves_once()
    {
        EvidenceItem item = await SignInAsync(_world);
        Assert.Equal(CheckOutcome.Passed, (await _world.VerifyAsync(Copy(item))).Outcome);
        // The same contribution that comes again finds what was found; anybody else's finds the code spent.
        Assert.Equal(CheckOutcome.Passed, (await _world.VerifyAsync(Copy(item))).Outcome);
        using EvidenceWorld again = World();
        AssertNoToken(await again.VerifyAsync(item));
    }

    [Fact]
    public async Task A_code_that_was_asked_for_by_another_wallet_or_for_another_file_is_of_no_use()
    {
        using EvidenceWorld thief = new(_provider.Authority, Sources()) { Owner = default };
        AssertNoToken(await thief.VerifyAsync(await SignInAsync(_world)));
        using EvidenceWorld otherFile = new(_provider.Authority, Sources()) { Digest = default };
        AssertNoToken(await otherFile.VerifyAsync(await SignInAsync(_world)));
    }

    [Fact]
    public async Task A_code_of_another_client_is_of_no_use()
    {
        EvidenceItem item = await SignInAsync(_world);
        using EvidenceWorld other = World(s => s with { ClientId = "another" });
        ProofResult result = await other.VerifyAsync(item);
        AssertNoToken(result);
        Assert.Contains("invalid_client", result.Reason);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData(null)]
    public async Task An_answer_of_another_issuer_is_refused_before_the_code_is_shown_to_anybody(string? issuer)
    {
        EvidenceItem item = EvidenceItem.OfSignIn(EvidenceWorld.Platform, "code", _world.Salt, RedirectUri, issuer);
        Assert.Equal("evidence.issuer_mixed_up", (await _world.VerifyAsync(item)).Refusal?.Code);
        Assert.Empty(_provider.Requests);
    }

    [Theory]
    [InlineData("https://evil.example/commonhold")]
    [InlineData("http://127.0.0.1.evil.example:80/commonhold")]
    [InlineData("http://127.0.0.1:80/commonhold?x")]
    [InlineData("http://127.0.0.1:080/commonhold")]
    [InlineData("http://127.0.0.1:70000/commonhold")]
    [InlineData("http://127.0.0.1:/commonhold")]
    [InlineData("http://127.0.0.1/commonhold")]
    public async Task A_sign_in_comes_back_to_the_members_own_machine(string redirectUri)
    {
        EvidenceItem item = EvidenceItem.OfSignIn(EvidenceWorld.Platform, "code", _world.Salt, redirectUri, _provider.Issuer);
        Assert.Equal("evidence.redirect_invalid", (await _world.VerifyAsync(item)).Refusal?.Code);
        Assert.Empty(_provider.Requests);
    }

    [Theory]
    [InlineData("a page that is named", Page)]
    [InlineData("the member's own machine, as ever", RedirectUri)]
    public async Task A_sign_in_may_come_back_to_a_page_that_the_policy_names(string name, string redirectUri)
    {
        using EvidenceWorld world = World(s => s with { RedirectPages = ["https://other.example/sign-in", Page] });
        Assert.Equal((name, CheckOutcome.Passed), (name, (await world.VerifyAsync(await SignInAsync(world, redirectUri))).Outcome));
    }

    [Theory]
    [InlineData("a page, where none is named", Page, null)]
    [InlineData("another page than is named", "https://commons.example/sign-in", Page)]
    [InlineData("a page that begins like it", Page + "/more", Page)]
    [InlineData("a page with a query", Page + "?x", Page)]
    [InlineData("the same page in capitals", "HTTPS://NODE.EXAMPLE/sign-in", Page)]
    [InlineData("nothing", "", Page)]
    public async Task A_sign_in_that_came_back_to_another_page_is_refused_before_the_code_is_shown_to_anybody(string name, string redirectUri, string? named)
    {
        using EvidenceWorld world = World(s => s with { RedirectPages = named is null ? null : [named] });
        EvidenceItem item = new EvidenceItem(EvidenceItem.OAuth).With("platform", EvidenceWorld.Platform).With("code", "code").With("salt", world.Salt.ToString())
            .With("redirectUri", redirectUri).With("issuer", _provider.Issuer);
        Assert.Equal((name, "evidence.redirect_invalid"), (name, (await world.VerifyAsync(item)).Refusal?.Code));
        Assert.Empty(_provider.Requests);
    }

    [Fact]
    public async Task A_code_that_came_back_to_one_page_is_of_no_use_as_that_of_another()
    {
        using EvidenceWorld world = World(s => s with { RedirectPages = [Page] });
        EvidenceItem item = await SignInAsync(world, Page);
        AssertNoToken(await world.VerifyAsync(EvidenceItem.OfSignIn(EvidenceWorld.Platform, item.Text("code"), world.Salt, RedirectUri, _provider.Issuer)));
    }

    [Theory]
    [InlineData("a token that is none", """{"access_token":"a\r\nX: y","token_type":"bearer"}""", 200)]
    [InlineData("a token of another kind", """{"access_token":"a","token_type":"mac"}""", 200)]
    [InlineData("no JSON", "oops", 200)]
    [InlineData("an array", "[]", 200)]
    [InlineData("an error that quotes the code", """{"error":"CODE is wrong"}""", 400)]
    public async Task What_is_no_token_is_not_used_and_not_quoted(string name, string body, int status)
    {
        await using TrickServer server = new(_ => TrickServer.Ok(body).Replace("200 OK", $"{status} X", StringComparison.Ordinal));
        using EvidenceWorld world = new(server.Authority, Sources(authority: server.Authority));
        ProofResult result = await world.VerifyAsync(EvidenceItem.OfSignIn(EvidenceWorld.Platform, "CODE", world.Salt, RedirectUri, _provider.Issuer));
        AssertNoToken(result);
        Assert.False(result.Reason.Contains("CODE", StringComparison.Ordinal), name);
        Assert.Single(server.Heads);
    }

    [Fact]
    public async Task A_provider_that_is_down_is_not_asked_twice_with_the_same_code()
    {
        await using TrickServer server = new(_ => "HTTP/1.1 503 X\r\nContent-Length: 0\r\n\r\n");
        using EvidenceWorld world = new(server.Authority, Sources(authority: server.Authority), o => o with { PatienceSeconds = 600 });
        ProofResult result = await world.VerifyAsync(EvidenceItem.OfSignIn(EvidenceWorld.Platform, "code", world.Salt, RedirectUri, _provider.Issuer));
        Assert.Equal(CheckOutcome.NotChecked, result.Outcome);
        Assert.Single(server.Heads);
    }

    private static void AssertNoToken(ProofResult result)
    {
        Assert.Equal((CheckOutcome.NotChecked, null), (result.Outcome, result.Level));
        Assert.StartsWith("evidence.sign_in_refused", result.Reason);
    }

    private static EvidenceItem Copy(EvidenceItem item)
    {
        EvidenceItem copy = new(item.Type);
        foreach (string field in (string[])["platform", "code", "salt", "redirectUri", "issuer"])
            copy.With(field, item.Bytes(field));
        return copy;
    }

    private EvidenceWorld World(Func<SignInSource, SignInSource>? change = null, string? secret = null) => new(
        _provider.Authority, Sources(change),
        o => secret is null ? o : o with { ClientSecrets = new Dictionary<string, string> { [TestProvider.ClientId] = secret } });

    private PolicySources Sources(Func<SignInSource, SignInSource>? change = null, string? authority = null)
    {
        authority ??= _provider.Authority;
        SignInSource source = new(
            EvidenceWorld.Platform, $"http://{authority}/authorize", $"http://{authority}/token", $"http://{authority}/me", TestProvider.ClientId, "identity", "/name", _provider.Issuer);
        return PolicySources.None with { SignIn = [change?.Invoke(source) ?? source] };
    }

    /// <summary>As the client does it.</summary>
    private async Task<EvidenceItem> SignInAsync(EvidenceWorld world, string redirectUri = RedirectUri)
    {
        SignInRequest request = SignInRequest.For(world.Policy.Sources.SignIn[0], world.Commitment, redirectUri);
        Uri back = await _provider.SignInAsync(request.Url);
        SignInAnswer answer = request.Read(back.Query).Value;
        Assert.Equal(HttpUtility.ParseQueryString(back.Query)["code"], answer.Code);
        return EvidenceItem.OfSignIn(EvidenceWorld.Platform, answer.Code, world.Salt, redirectUri, answer.Issuer);
    }
}
