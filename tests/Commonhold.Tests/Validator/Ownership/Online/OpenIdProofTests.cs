using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Commonhold.Client;
using Commonhold.Validator.Ownership;
using Microsoft.IdentityModel.Tokens;
using CheckOutcome = Commonhold.Client.CheckOutcome;

namespace Commonhold.Tests.Validator.Ownership.Online;

/// <summary>ID tokens, right and forged, against the identities that an export links to its account.</summary>
public sealed class OpenIdProofTests : IAsyncLifetime
{
    private TestProvider _provider = null!;
    private EvidenceWorld _world = null!;
    private string _subject = "";

    private string Nonce => _world.Commitment.Nonce;

    public async Task InitializeAsync()
    {
        _provider = await TestProvider.StartAsync();
        _world = World();
        _subject = EvidenceWorld.Linked(_world.Reading).Subject;
    }

    public async Task DisposeAsync()
    {
        _world.Dispose();
        await _provider.DisposeAsync();
    }

    [Theory]
    [InlineData("ES256", false)]
    [InlineData("RS256", false)]
    [InlineData("ES256", true)]
    public async Task A_fresh_sign_in_with_the_linked_identity_proves_the_account(string algorithm, bool pinned)
    {
        using EvidenceWorld world = World(pinned);
        string token = _provider.IdToken(_subject, world.Commitment.Nonce, key: algorithm == "RS256" ? new RsaSecurityKey(TestProvider.RsaKey) { KeyId = "rsa" } : null);
        ProofResult result = await VerifyAsync(token, world);
        Assert.Equal((CheckOutcome.Passed, EvidenceLevel.OpenId), (result.Outcome, result.Level));
        Assert.Equal(pinned ? [] : ["GET /keys"], _provider.Requests);
        Assert.Single(result.Links);
        Assert.DoesNotContain(_subject, JsonSerializer.Serialize(result));
    }

    [Fact]
    public async Task Pinned_keys_need_no_operator()
    {
        using EvidenceWorld world = new("127.0.0.1:1", Sources(pinned: true), o => o with { Hosts = [], Loopback = [] });
        Assert.Equal(CheckOutcome.Passed, (await VerifyAsync(_provider.IdToken(_subject, world.Commitment.Nonce), world)).Outcome);
        using EvidenceWorld fetching = new("127.0.0.1:1", Sources(), o => o with { Hosts = [], Loopback = [] });
        Assert.Equal(CheckOutcome.NotChecked, (await VerifyAsync(_provider.IdToken(_subject, fetching.Commitment.Nonce), fetching)).Outcome);
    }

    [Fact]
    public async Task Another_identity_is_not_the_linked_one() =>
        Assert.Equal("evidence.identity_not_linked", (await VerifyAsync(_provider.IdToken("1" + _subject, Nonce))).Refusal?.Code);

    [Fact]
    public async Task A_token_for_another_wallet_or_file_is_refused()
    {
        Assert.Equal("evidence.nonce_mismatch", (await VerifyAsync(_provider.IdToken(_subject, (_world.Commitment with { Owner = default }).Nonce))).Refusal?.Code);
        Assert.Equal("evidence.nonce_mismatch", (await VerifyAsync(_provider.IdToken(_subject, (_world.Commitment with { CiphertextDigest = default }).Nonce))).Refusal?.Code);
        Assert.Equal("evidence.nonce_mismatch", (await VerifyAsync(_provider.IdToken(_subject, Nonce, d => d.Claims.Remove("nonce")))).Refusal?.Code);
    }

    [Fact]
    public async Task A_token_for_another_client_is_refused()
    {
        Assert.Equal("evidence.token_invalid", (await VerifyAsync(_provider.IdToken(_subject, Nonce, d => d.Audience = "another"))).Refusal?.Code);
        Assert.Equal("evidence.token_invalid", (await VerifyAsync(_provider.IdToken(_subject, Nonce, d => d.Claims["azp"] = "another"))).Refusal?.Code);
        Assert.Equal("evidence.token_invalid", (await VerifyAsync(_provider.IdToken(_subject, Nonce, d =>
        {
            d.Audience = null;
            d.Audiences.Add(TestProvider.ClientId);
            d.Audiences.Add("another");
        }))).Refusal?.Code);
    }

    [Fact]
    public async Task A_token_of_an_issuer_that_nobody_pinned_is_refused()
    {
        Assert.Equal("evidence.issuer_unknown", (await VerifyAsync(_provider.IdToken(_subject, Nonce, d => d.Issuer = "https://evil.example"))).Refusal?.Code);
        Assert.Empty(_provider.Requests);
    }

    [Theory]
    [InlineData("expired", -20, -15, -20)]
    [InlineData("not yet valid", 10, 20, 0)]
    [InlineData("issued long ago", -90, 10, -90)]
    [InlineData("issued in the future", 0, 20, 10)]
    public async Task A_token_out_of_its_time_is_not_checked(string name, int notBefore, int expires, int issued)
    {
        DateTime now = TimeProvider.System.GetUtcNow().UtcDateTime;
        ProofResult result = await VerifyAsync(_provider.IdToken(_subject, Nonce, d =>
            (d.NotBefore, d.Expires, d.IssuedAt) = (now.AddMinutes(notBefore), now.AddMinutes(expires), now.AddMinutes(issued))));
        Assert.Equal((name, CheckOutcome.NotChecked), (name, result.Outcome));
        Assert.StartsWith("evidence.token_expired", result.Reason);
    }

    [Fact]
    public async Task A_token_without_an_end_or_a_beginning_is_not_checked()
    {
        Assert.NotEqual(CheckOutcome.Passed, (await VerifyAsync(_provider.IdToken(_subject, Nonce, d => d.Expires = null))).Outcome);
        Assert.NotEqual(CheckOutcome.Passed, (await VerifyAsync(_provider.IdToken(_subject, Nonce, d => d.IssuedAt = null))).Outcome);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("HS256")]
    [InlineData("HS256 with the PEM of the RSA key")]
    [InlineData("HS256 with the key set")]
    public async Task A_token_without_a_signature_or_with_a_public_key_for_a_secret_is_refused(string trick)
    {
        string[] real = _provider.IdToken(_subject, Nonce, key: new RsaSecurityKey(TestProvider.RsaKey) { KeyId = "rsa" }).Split('.');
        string algorithm = trick.Split(' ')[0];
        string head = $"{Encode($$"""{"alg":"{{algorithm}}","kid":"rsa","typ":"JWT"}""")}.{real[1]}";
        byte[] secret = Encoding.ASCII.GetBytes(trick switch
        {
            "HS256 with the PEM of the RSA key" => TestProvider.RsaKey.ExportSubjectPublicKeyInfoPem(),
            "HS256 with the key set" => _provider.KeysJson,
            _ => Convert.ToHexString(TestProvider.RsaKey.ExportSubjectPublicKeyInfo()),
        });
        string signature = algorithm == "HS256" ? Base64UrlEncoder.Encode(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(head))) : "";
        Assert.Equal("evidence.token_invalid", (await VerifyAsync($"{head}.{signature}")).Refusal?.Code);
    }

    [Fact]
    public async Task A_token_that_was_changed_or_signed_by_somebody_else_is_refused()
    {
        string[] real = _provider.IdToken("1" + _subject, Nonce).Split('.');
        string changed = Encode(Encoding.UTF8.GetString(Base64UrlEncoder.DecodeBytes(real[1])).Replace("1" + _subject, _subject, StringComparison.Ordinal));
        Assert.Equal("evidence.token_invalid", (await VerifyAsync($"{real[0]}.{changed}.{real[2]}")).Refusal?.Code);
        using ECDsa stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Equal("evidence.token_invalid", (await VerifyAsync(_provider.IdToken(_subject, Nonce, key: new ECDsaSecurityKey(stranger) { KeyId = "ec" }))).Refusal?.Code);
        string embedded = _provider.IdToken(_subject, Nonce, d => d.AdditionalHeaderClaims = new Dictionary<string, object> { ["jwk"] = _provider.KeysJson, ["jku"] = "http://evil.example/keys" }, new ECDsaSecurityKey(stranger) { KeyId = "x" });
        Assert.Equal("evidence.token_invalid", (await VerifyAsync(embedded)).Refusal?.Code);
    }

    [Theory]
    [InlineData("a critical extension")]
    [InlineData("no token")]
    [InlineData("five parts")]
    [InlineData("no JSON")]
    [InlineData("nested deep")]
    public async Task What_is_no_token_that_we_understand_is_refused(string what)
    {
        string[] real = _provider.IdToken(_subject, Nonce).Split('.');
        string token = what switch
        {
            "a critical extension" => _provider.IdToken(_subject, Nonce, d => d.AdditionalHeaderClaims = new Dictionary<string, object> { ["crit"] = new[] { "b64" } }),
            "no token" => "hello",
            "five parts" => string.Join('.', real.Concat(["a", "b"])),
            "no JSON" => $"{real[0]}.{Encode("oops")}.{real[2]}",
            _ => $"{Encode(new string('[', 5000))}.{real[1]}.{real[2]}",
        };
        Assert.Equal("evidence.token_invalid", (await VerifyAsync(token)).Refusal?.Code);
    }

    [Fact]
    public void A_weak_key_in_a_pinned_set_does_not_count()
    {
        using RSA weak = RSA.Create(1024);
        RSAParameters p = weak.ExportParameters(false);
        string set = JsonSerializer.Serialize(new { keys = new[] { new { kty = "RSA", kid = "w", n = Base64UrlEncoder.Encode(p.Modulus), e = Base64UrlEncoder.Encode(p.Exponent) } } });
        Assert.Empty(Commonhold.Validator.Ownership.Online.KeySets.Parse(set));
        Assert.Equal(2, Commonhold.Validator.Ownership.Online.KeySets.Parse(_provider.KeysJson).Count);
        Assert.Empty(Commonhold.Validator.Ownership.Online.KeySets.Parse("""{"keys":[{"kty":"oct","k":"AAAA"}]}"""));
        Assert.Empty(Commonhold.Validator.Ownership.Online.KeySets.Parse("oops"));
    }

    [Fact]
    public async Task Without_the_original_files_nothing_can_be_compared()
    {
        ProofResult result = await _world.VerifyAsync(EvidenceItem.OfIdToken(_provider.IdToken(_subject, Nonce), _world.Salt));
        Assert.Equal(CheckOutcome.NotChecked, result.Outcome);
    }

    [Fact]
    public async Task Keys_are_fetched_once_for_many_tokens()
    {
        for (int i = 0; i < 3; i++)
            await VerifyAsync(_provider.IdToken($"{i}", Nonce));
        Assert.Equal(["GET /keys"], _provider.Requests);
    }

    private static string Encode(string text) => Base64UrlEncoder.Encode(Encoding.UTF8.GetBytes(text));

    private Task<ProofResult> VerifyAsync(string token, EvidenceWorld? world = null)
    {
        world ??= _world;
        return world.VerifyAsync(EvidenceWorld.Originals(), EvidenceItem.OfIdToken(token, world.Salt));
    }

    private EvidenceWorld World(bool pinned = false) => new(_provider.Authority, Sources(pinned));

    private PolicySources Sources(bool pinned = false) => PolicySources.None with
    {
        OpenId =
        [
            new(_provider.Issuer, TestProvider.ClientId, "https://accounts.google.com", $"{_provider.Issuer}/authorize", $"{_provider.Issuer}/token",
                pinned ? null : $"{_provider.Issuer}/keys", pinned ? JsonDocument.Parse(_provider.KeysJson).RootElement : null),
        ],
    };
}
