using System.Text.Json;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Validator.Ownership;
using CheckOutcome = Commonhold.Client.CheckOutcome;

namespace Commonhold.Tests.Validator.Ownership.Online;

/// <summary>A code on a page: whose page, in which place, and for whom.</summary>
public sealed class AccountCodeProofTests
{
    [Fact]
    public async Task A_code_where_only_the_holder_writes_proves_the_account()
    {
        await using TrickServer server = Profile(world => ("{0}", world.Commitment.AccountCode + " hello"), out Page page);
        using EvidenceWorld world = page.World(server);
        ProofResult result = await world.VerifyAsync(EvidenceItem.OfAccountCode("profile", world.Salt));
        Assert.Equal((CheckOutcome.Passed, EvidenceLevel.AccountCode, null), (result.Outcome, result.Level, result.Refusal));
        Assert.StartsWith($"GET /user/{world.Account}/about.json HTTP", server.Heads.Single());
        Assert.DoesNotContain(world.Account, JsonSerializer.Serialize(result), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_code_says_nothing_to_whoever_knows_wallet_and_file_but_not_the_salt()
    {
        EvidenceCommitment one = new(new CommonholdDomain(1, default), default, default, EvidenceCommitment.NewSalt());
        EvidenceCommitment[] others =
        [
            one with { Salt = EvidenceCommitment.NewSalt() }, one with { CiphertextDigest = Keccak256.Hash("x"u8) },
            one with { Owner = Address.FromSpan([.. Enumerable.Repeat((byte)1, 20)]) }, one with { Registry = new CommonholdDomain(2, default) },
        ];
        Assert.All(others, other => Assert.NotEqual(one.AccountCode, other.AccountCode));
        Assert.Matches("^commonhold-[a-z2-7]{26}$", one.AccountCode);
        Assert.Matches("^[A-Za-z0-9_-]{43}$", one.CodeVerifier);
        Assert.Equal(4, new[] { one.AccountCode, one.CodeVerifier, one.CodeChallenge, one.Nonce }.Distinct().Count());
    }

    [Theory]
    [InlineData("no code", "{0}", "hello", "evidence.code_missing")]
    [InlineData("another's page", "somebody_else", "{1}", "evidence.other_account")]
    [InlineData("a longer word", "{0}", "{1}a", "evidence.code_missing")]
    [InlineData("a word before", "{0}", "x{1}", "evidence.code_missing")]
    [InlineData("no name", "", "{1}", "evidence.other_account")]
    public async Task Another_page_or_another_code_proves_nothing(string name, string account, string about, string code)
    {
        await using TrickServer server = Profile(w => (account, about.Replace("{1}", w.Commitment.AccountCode, StringComparison.Ordinal)), out Page page);
        using EvidenceWorld world = page.World(server);
        ProofResult result = await world.VerifyAsync(EvidenceItem.OfAccountCode("profile", world.Salt));
        Assert.Equal((name, CheckOutcome.Failed, code), (name, result.Outcome, result.Refusal?.Code));
    }

    [Fact]
    public async Task A_code_for_another_wallet_or_file_proves_nothing()
    {
        await using TrickServer server = Profile(w => ("{0}", (w.Commitment with { Owner = default }).AccountCode), out Page page);
        using EvidenceWorld world = page.World(server);
        Assert.Equal("evidence.code_missing", (await world.VerifyAsync(EvidenceItem.OfAccountCode("profile", world.Salt))).Refusal?.Code);
    }

    [Fact]
    public async Task A_code_that_a_stranger_wrote_elsewhere_on_the_page_is_not_seen()
    {
        Page page = new();
        await using TrickServer server = new(_ => TrickServer.Ok(JsonSerializer.Serialize(new
        {
            data = new { name = page.Made!.Account, subreddit = new { public_description = "nothing" }, comments = new[] { page.Made.Commitment.AccountCode } },
        })));
        using EvidenceWorld world = page.World(server);
        Assert.Equal("evidence.code_missing", (await world.VerifyAsync(EvidenceItem.OfAccountCode("profile", world.Salt))).Refusal?.Code);
    }

    [Fact]
    public async Task A_code_may_stand_in_a_post_that_the_member_names()
    {
        Page page = new();
        await using TrickServer server = new(_ => TrickServer.Ok(JsonSerializer.Serialize(new[] { new { author = page.Made!.Account, selftext = $"({page.Made.Commitment.AccountCode})" } })));
        using EvidenceWorld world = page.World(server);
        ProofResult passed = await world.VerifyAsync(EvidenceItem.OfAccountCode("post", world.Salt, "1abc2d"));
        Assert.Equal(CheckOutcome.Passed, passed.Outcome);
        Assert.StartsWith("GET /comments/1abc2d.json HTTP", server.Heads.Single());
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a?b")]
    [InlineData("a%2fb")]
    [InlineData("a#b")]
    [InlineData("ä")]
    public async Task A_post_that_would_lead_elsewhere_is_not_asked_for(string post)
    {
        Page page = new();
        await using TrickServer server = new(_ => TrickServer.Ok("{}"));
        using EvidenceWorld world = page.World(server);
        Assert.Equal("evidence.post_invalid", (await world.VerifyAsync(EvidenceItem.OfAccountCode("post", world.Salt, post))).Refusal?.Code);
        Assert.Empty(server.Heads);
    }

    [Fact]
    public async Task A_page_of_html_is_read_by_its_meta_elements()
    {
        Page page = new();
        await using TrickServer server = new(_ => TrickServer.Ok(
            $"<html><head><meta property=\"profile:username\" content=\"{page.Made!.Account}\"><meta name=description content='{page.Made.Commitment.AccountCode}'></head><body></body></html>",
            "text/html"));
        using EvidenceWorld world = page.World(server);
        Assert.Equal(CheckOutcome.Passed, (await world.VerifyAsync(EvidenceItem.OfAccountCode("page", world.Salt))).Outcome);
    }

    [Theory]
    [InlineData("404 Not Found", "evidence.status")]
    [InlineData("503 Service Unavailable", "evidence.status")]
    public async Task A_page_that_cannot_be_had_is_not_checked(string status, string code)
    {
        Page page = new();
        await using TrickServer server = new(_ => $"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
        using EvidenceWorld world = page.World(server);
        ProofResult result = await world.VerifyAsync(EvidenceItem.OfAccountCode("profile", world.Salt));
        Assert.Equal(CheckOutcome.NotChecked, result.Outcome);
        Assert.StartsWith(code, result.Reason);
    }

    [Fact]
    public async Task A_host_that_is_down_is_waited_for_and_then_gone_without()
    {
        Page page = new();
        SettableTime time = new();
        await using TrickServer server = new(_ => "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
        using EvidenceWorld world = page.World(server, o => o with { PatienceSeconds = 600 }, time);
        EvidenceItem item = EvidenceItem.OfAccountCode("profile", world.Salt);
        Assert.True((await Assert.ThrowsAnyAsync<CommonholdException>(() => world.VerifyAsync(item))).IsTransient);
        time.Advance(TimeSpan.FromMinutes(11));
        ProofResult result = await world.VerifyAsync(EvidenceItem.OfAccountCode("profile", world.Salt));
        Assert.Equal(CheckOutcome.NotChecked, result.Outcome);
    }

    [Theory]
    [InlineData("nothing named by the operator", "profile")]
    [InlineData("a place that the policy does not name", "elsewhere")]
    public async Task Without_operator_and_policy_nobody_goes_out(string name, string place)
    {
        Page page = new();
        await using TrickServer server = new(_ => TrickServer.Ok("{}"));
        using EvidenceWorld world = page.World(server, o => place == "profile" ? o with { Hosts = [], Loopback = [] } : o);
        ProofResult result = await world.VerifyAsync(EvidenceItem.OfAccountCode(place, world.Salt));
        Assert.Equal((name, CheckOutcome.NotChecked), (name, result.Outcome));
        Assert.Empty(server.Heads);
    }

    private static TrickServer Profile(Func<EvidenceWorld, (string Account, string About)> write, out Page page)
    {
        Page mine = page = new Page();
        return new TrickServer(_ =>
        {
            (string account, string about) = write(mine.Made!);
            return TrickServer.Ok(JsonSerializer.Serialize(new
            {
                data = new { name = account.Replace("{0}", mine.Made!.Account.ToUpperInvariant(), StringComparison.Ordinal), subreddit = new { public_description = about } },
            }));
        });
    }

    private sealed class Page
    {
        public EvidenceWorld? Made { get; private set; }

        public EvidenceWorld World(
            TrickServer server, Func<Commonhold.Validator.Ownership.Online.EvidenceOptions, Commonhold.Validator.Ownership.Online.EvidenceOptions>? change = null, TimeProvider? time = null) =>
            Made = new EvidenceWorld(server.Authority, PolicySources.None with
            {
                AccountCode =
                [
                    new(EvidenceWorld.Platform, "profile", $"http://{server.Authority}/user/{{account}}/about.json", PageFormat.Json, "/data/name", "/data/subreddit/public_description", "About"),
                    new(EvidenceWorld.Platform, "post", $"http://{server.Authority}/comments/{{post}}.json", PageFormat.Json, "/0/author", "/0/selftext", "a post"),
                    new(EvidenceWorld.Platform, "page", $"http://{server.Authority}/user/{{account}}", PageFormat.Html, "profile:username", "description", "About"),
                ],
            }, change, time);
    }
}
