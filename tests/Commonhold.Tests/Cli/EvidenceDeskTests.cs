using System.Net;
using System.Text;
using Commonhold.Cli.Evidence;
using Commonhold.Cli.Voice;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Exports.Reddit;
using Commonhold.Tests.Validator.Ownership.Online;
using CheckOutcome = Commonhold.Client.CheckOutcome;

namespace Commonhold.Tests.Cli;

/// <summary>A member makes proofs at the terminal, and a validator that gets them finds them good.</summary>
public sealed class EvidenceDeskTests : IAsyncLifetime
{
    private readonly MemberKey _member = MemberKey.Generate();
    private TestProvider _provider = null!;
    private EvidenceWorld _world = null!;

    public async Task InitializeAsync()
    {
        _provider = await TestProvider.StartAsync();
        string url = _provider.Issuer;
        _world = new EvidenceWorld(_provider.Authority, PolicySources.None with
        {
            AccountCode =
            [
                new(EvidenceWorld.Platform, "profile", $"{url}/user/{{account}}", PageFormat.Json, "/name", "/about", "the About text of your profile"),
                new(EvidenceWorld.Platform, "post", $"{url}/post/{{post}}", PageFormat.Json, "/author", "/text", "a post"),
            ],
            SignIn = [new(EvidenceWorld.Platform, $"{url}/authorize", $"{url}/token", $"{url}/me", TestProvider.ClientId, "identity", "/name", url)],
            OpenId = [new(url, TestProvider.ClientId, "https://accounts.google.com", $"{url}/authorize", $"{url}/token", $"{url}/keys")],
            Download = [new(EvidenceWorld.Platform, [_provider.Authority])],
        }) { Owner = _member.Address };
        _provider.SignedIn = _world.Account;
    }

    public async Task DisposeAsync()
    {
        _world.Dispose();
        _member.Dispose();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task A_code_is_printed_and_waited_for_and_is_the_same_the_next_time()
    {
        Terminal first = new(), second = new();
        using EvidenceItem item = (await GatherAsync(["code"], first, "\n")).Single();
        using EvidenceItem again = (await GatherAsync(["code=profile"], second, "\n")).Single();
        string code = first.Indented.Single();
        Assert.Equal(code, second.Indented.Single());
        Assert.Contains("the About text of your profile", first.ToString());
        _provider.Pages["/user/" + _world.Account] = new { name = _world.Account, about = $"Hi! {code}" };
        Assert.Equal(CheckOutcome.Passed, (await _world.VerifyAsync(item)).Outcome);
    }

    [Fact]
    public async Task A_code_in_a_post_asks_for_the_post()
    {
        Terminal terminal = new();
        using EvidenceItem item = (await GatherAsync(["code=post"], terminal, "1abc\n")).Single();
        _provider.Pages["/post/1abc"] = new { author = _world.Account, text = terminal.Indented.Single() };
        Assert.Equal(CheckOutcome.Passed, (await _world.VerifyAsync(item)).Outcome);
    }

    [Fact]
    public async Task A_sign_in_prints_an_address_and_comes_back_by_itself()
    {
        using EvidenceItem item = (await GatherAsync(["sign-in"], new Terminal(_provider), "")).Single();
        Assert.Equal(CheckOutcome.Passed, (await _world.VerifyAsync(item)).Outcome);
    }

    [Fact]
    public async Task A_linked_identity_brings_an_ID_token_and_the_file_that_lists_it_and_no_other()
    {
        _provider.SignedIn = EvidenceWorld.Linked(_world.Reading).Subject;
        IReadOnlyList<EvidenceItem> items = await GatherAsync(["openid"], new Terminal(_provider), "");
        Assert.Equal([RedditOriginals.Checkfile, RedditOriginals.LinkedIdentities], items[0].FileNames.Order());
        Assert.Equal((CheckOutcome.Passed, EvidenceLevel.OpenId), (await _world.VerifyAsync([.. items])) is var r ? (r.Outcome, r.Level!.Value) : default);
    }

    [Fact]
    public async Task A_link_is_pasted_and_not_repeated()
    {
        _provider.Download = EvidenceWorld.Export;
        Terminal terminal = new();
        using EvidenceItem item = (await GatherAsync(["link"], terminal, $"  {_provider.Issuer}/link/once \n")).Single();
        Assert.DoesNotContain("once", terminal.ToString());
        Assert.Equal(CheckOutcome.Passed, (await _world.VerifyAsync(item)).Outcome);
    }

    [Fact]
    public void What_will_be_shown_and_what_it_is_worth_is_said_in_words()
    {
        Terminal terminal = new();
        Desk(["code", "openid"], terminal, "").Explain(_world.Policy);
        Assert.Equal(
            """
            One validator is shown what follows, and nobody else. It is sealed to that validator's key and destroyed after the verdict.
              Where the code stands. The code itself is public while it stands there; it tells others nothing about your wallet.
              A sign-in with an identity that is linked to your account: its number at the provider, and what else the provider puts in.
              checkfile.csv and linked_identities.csv out of your export, as you got them. They hold your linked identities.
            What it is good for:
              code: you can write on the page of the account. Counts 70 % of the full value.
              openid: you can sign in with an identity that the export links to the account. Counts 90 % of the full value.
              Without any proof the export counts 25 %.

            """.ReplaceLineEndings("\n"), terminal.ToString());
    }

    [Theory]
    [InlineData("email=README.md")]
    [InlineData("code=elsewhere")]
    [InlineData("openid=apple")]
    public void A_proof_that_the_policy_does_not_take_is_refused_before_anything_is_sent(string proof)
    {
        Refusal? refusal = Desk([proof.Replace("README.md", Path.Combine(Repository.Root, "README.md"), StringComparison.Ordinal)], new Terminal(), "").Check(_world.Policy);
        Assert.Equal("evidence.not_asked", refusal?.Code);
        Assert.Equal("It takes: code=profile, code=post, sign-in, openid=https://accounts.google.com, link.", refusal?.Hint);
    }

    [Theory]
    [InlineData("email", "needs the message")]
    [InlineData("email=nowhere.eml", "there is no file nowhere.eml")]
    [InlineData("link=https://example.org/secret", "not given on the command line")]
    [InlineData("passport", "is not a proof")]
    [InlineData("sign-in=x", "is not a proof")]
    public void What_is_no_proof_is_said_at_once(string text, string said)
    {
        string message = Assert.Throws<CommandFailedException>(() => ProofChoice.Parse([text])).Message;
        Assert.Contains(said, message);
        Assert.DoesNotContain("secret", message);
    }

    [Fact]
    public async Task Without_anybody_to_answer_nothing_is_made_up()
    {
        await Assert.ThrowsAsync<CommandFailedException>(() => GatherAsync(["code"], new Terminal(), ""));
        Assert.Throws<CommandFailedException>(() => ProofChoice.Parse(["code", "code=post"]));
    }

    [Fact]
    public async Task An_answer_that_is_not_to_this_sign_in_is_not_taken_for_it()
    {
        using LoopbackAnswer back = LoopbackAnswer.Listen(null);
        SignInRequest request = SignInRequest.For(_world.Policy.Sources.SignIn[0], _world.Commitment, back.RedirectUri);
        Task<Result<SignInAnswer>> waiting = back.WaitAsync(request, default);
        string state = request.Url.Split("state=")[1].Split('&')[0];
        string issuer = Uri.EscapeDataString(_provider.Issuer);
        using HttpClient browser = new();
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(new Uri(new Uri(back.RedirectUri), "/favicon.ico"))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync(new Uri($"{back.RedirectUri}?code=stolen&state=guess&iss={issuer}"))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync(new Uri($"{back.RedirectUri}?code=a&code=b&state={state}&iss={issuer}"))).StatusCode);
        Assert.False(waiting.IsCompleted);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(new Uri($"{back.RedirectUri}?code=mine&state={state}&iss={issuer}"))).StatusCode);
        Assert.Equal("mine", (await waiting).Value.Code);
        Assert.Equal("evidence.issuer_mixed_up", request.Read($"?code=mine&state={state}&iss=https%3A%2F%2Fevil.example").Refusal?.Code);
        Assert.Equal("evidence.sign_in_denied", request.Read($"?error=access_denied&state={state}").Refusal?.Code);
    }

    private EvidenceDesk Desk(string[] proofs, Terminal terminal, string typed) => new(ProofChoice.Parse(proofs), _member, terminal, new StringReader(typed));

    private async Task<IReadOnlyList<EvidenceItem>> GatherAsync(string[] proofs, Terminal terminal, string typed)
    {
        DaoInfo dao = new Client.FakeDao().Info with { ChainId = _world.Registry.ChainId, Contracts = new Client.FakeDao().Info.Contracts with { Registry = _world.Registry.VerifyingContract } };
        using MemoryStream export = new(EvidenceWorld.Export);
        return (await Desk(proofs, terminal, typed).GatherAsync(new EvidenceRequest(_world.Digest, _member.Address, dao, _world.Policy, export), default)).Value;
    }

    /// <summary>What is printed; with a provider, a browser beside it in which somebody opens each address.</summary>
    private sealed class Terminal(TestProvider? provider = null) : StringWriter
    {
        public IEnumerable<string> Indented => ToString().Split('\n').Where(l => l.StartsWith("    ", StringComparison.Ordinal)).Select(l => l.Trim());

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (provider is not null && value?.StartsWith("    http", StringComparison.Ordinal) == true)
                _ = BrowseAsync(value.Trim());
        }

        private async Task BrowseAsync(string url)
        {
            using HttpClient browser = new();
            (await browser.GetAsync(await provider!.SignInAsync(url))).EnsureSuccessStatusCode();
        }
    }
}
