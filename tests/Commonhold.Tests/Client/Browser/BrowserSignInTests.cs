using System.Text.Json.Nodes;
using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Tests.Exports.Browser;

namespace Commonhold.Tests.Client.Browser;

/// <summary>A sign-in that is made on a page of a node, held against the command line's and against what a validator reads.</summary>
[Trait("Speed", "slow")]
public sealed class BrowserSignInTests
{
    private const ulong ChainId = 31337;
    private const string SignInPage = "https://node.example/sign-in";
    private static readonly SignInSource Source = new(
        "reddit", "https://x.example/a", "https://x.example/t", "https://x.example/i", "client", "identity", "/name", "https://issuer.example", RedirectPages: [SignInPage]);
    private static readonly Address Registry = Address.Parse("0x5FbDB2315678afecb367f032d93F642f64180aa3");
    private static readonly Address Owner = Address.Parse("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");

    [BrowserCodeFact]
    public async Task A_sign_in_asks_for_what_the_command_line_asks_for()
    {
        SignInSource[] sources = [Source, Source with { AuthorizeUrl = "https://x.example/a?compact=1", ClientId = "it's (us)!*~ü &?", Scope = "identity read" }];
        EvidenceCommitment[] commitments =
        [
            new(new CommonholdDomain(ChainId, Registry), Owner, Schema.Hash("file"), Schema.Hash("salt")),
            new(new CommonholdDomain(11_155_111, Owner), Registry, Schema.Hash("another"), EvidenceCommitment.NewSalt()),
        ];
        var answers = await BrowserMember.AskAsync([.. sources.Zip(commitments).Select(asked => new JsonObject
        {
            ["kind"] = "signIn", ["source"] = SourceJson(asked.First), ["of"] = OfJson(asked.Second), ["redirectUri"] = SignInPage, ["state"] = "-state_", ["salt"] = asked.Second.Salt.ToString(),
        })]);
        Assert.Equal(commitments.Select(c => c.CodeChallenge), answers.Select(answer => (string)answer["challenge"]!));
        Assert.Equal(
            sources.Zip(commitments).Select(asked => SignInRequest.For(asked.First, asked.Second, SignInPage)).Select(request => request.Url.Replace(StateOf(request), "-state_", StringComparison.Ordinal)),
            answers.Select(answer => (string)answer["url"]!));
    }

    [BrowserCodeFact]
    public async Task What_comes_back_is_read_as_the_command_line_reads_it()
    {
        var request = SignInRequest.For(Source, new EvidenceCommitment(new CommonholdDomain(ChainId, Registry), Owner, Schema.Hash("file"), Schema.Hash("salt")), SignInPage);
        string[] queries =
        [
            "?code=mine&state=STATE&iss=https%3A%2F%2Fissuer.example", "?code=a%2Fb+c&state=STATE", "?state=STATE&code=mine&more=1", "?code=mine&state=other", "?code=mine", "", "?", "?state=STATE", "?code=&state=STATE",
            $"?code={new string('a', 4096)}&state=STATE", $"?code={new string('a', 4097)}&state=STATE", "?code=a&code=b&state=STATE", "?code=a&state=STATE&state=STATE", "?code=a&state=STATE&iss=", "?code=mine&state=STATE&iss=https%3A%2F%2Fevil.example",
            "?error=access_denied&state=STATE", "?error=access_denied&state=other", "?error=%3Cb%3E&state=STATE&iss=https%3A%2F%2Fissuer.example", "?error=&state=STATE", "?error=x&code=mine&state=STATE", "?error=access_denied&state=STATE&iss=https%3A%2F%2Fevil.example",
        ];
        queries = [.. queries.Select(query => query.Replace("STATE", StateOf(request), StringComparison.Ordinal))];
        var answers = await BrowserMember.AskAsync([.. queries.Select(query => new JsonObject { ["kind"] = "answer", ["query"] = query, ["state"] = StateOf(request), ["source"] = SourceJson(Source) })]);
        Assert.Equal(
            queries.Select(query => request.Read(query)).Select(read => read.Refusal?.Code ?? $"{read.Value.Code} {read.Value.Issuer}"),
            answers.Select(answer => (string?)answer["refusal"]?["code"] ?? $"{answer["code"]} {answer["issuer"]}"));
    }

    [BrowserCodeFact]
    public async Task Sealed_evidence_of_a_sign_in_is_what_a_validator_redeems()
    {
        var commitment = new EvidenceCommitment(new CommonholdDomain(ChainId, Registry), Owner, Schema.Hash("file"), EvidenceCommitment.NewSalt());
        using var validator = X25519Identity.Generate();
        JsonObject Ask(string? issuer) => new()
        {
            ["kind"] = "signedIn", ["source"] = SourceJson(Source), ["of"] = OfJson(commitment), ["redirectUri"] = SignInPage, ["salt"] = commitment.Salt.ToString(), ["validator"] = validator.Recipient.ToString(),
            ["answer"] = issuer is null ? new JsonObject { ["code"] = "mine" } : new JsonObject { ["code"] = "mine", ["issuer"] = issuer },
        };
        string?[] issuers = ["https://issuer.example", null];
        foreach (var (issuer, answer) in issuers.Zip(await BrowserMember.AskAsync([.. issuers.Select(Ask)])))
        {
            using var bundle = EvidenceBundle.Open(
                Convert.FromBase64String((string)answer["evidence"]!), Bytes32.Parse((string)answer["evidenceDigest"]!), commitment.CiphertextDigest, validator).Value!;
            var item = Assert.Single(bundle.Items);
            using var asTheCommandLine = EvidenceItem.OfSignIn("reddit", "mine", commitment.Salt, SignInPage, issuer);
            Assert.Equal(EvidenceItem.OAuth, item.Type);
            Assert.All((string[])["platform", "code", "salt", "redirectUri", "issuer"], field => Assert.Equal((field, asTheCommandLine.Text(field)), (field, item.Text(field))));
        }
    }

    [BrowserCodeFact]
    public async Task A_sign_in_is_offered_on_a_page_that_the_policy_names_and_nowhere_else()
    {
        var openId = new OpenIdSource("https://i.example", "c", "google", "https://x.example/a", "https://x.example/t", KeysUrl: "https://x.example/k");
        JsonObject Ask(SignInSource[] sources, string origin = "https://node.example", OpenIdSource[]? openIds = null) => new()
        {
            ["kind"] = "offers", ["origin"] = origin, ["account"] = new JsonObject { ["platform"] = "reddit", ["id"] = "somebody" },
            ["policy"] = JsonNode.Parse((ContributionPolicy.Standard("reddit-export-v1") with { Sources = PolicySources.None with { SignIn = sources, OpenId = openIds ?? [] } }).ToJsonBytes()),
        };
        var answers = await BrowserMember.AskAsync(
            Ask([Source]), Ask([Source], "https://node.example:8443"), Ask([Source], "http://node.example"), Ask([Source with { RedirectPages = null }]), Ask([Source], openIds: [openId]), Ask([], openIds: [openId]),
            // The first of a platform counts for the validator; no page of ours leads to a script.
            Ask([Source with { RedirectPages = null }, Source]), Ask([Source with { Platform = "x" }, Source]), Ask([Source with { AuthorizeUrl = "javascript:alert(1)" }]), Ask([Source with { AuthorizeUrl = "http://x.example/a" }]));
        Assert.Equal(
            ["oauth/", "/sign_in", "/sign_in", "/sign_in", "oauth/openid", "/openid", "/sign_in", "oauth/", "/sign_in", "/sign_in"],
            answers.Select(a => string.Join(' ', a["proofs"]!.AsArray().Select(p => (string)p!["type"]!)) + "/" + a["elsewhere"]));
    }

    private static string StateOf(SignInRequest request) => request.Url.Split("&state=")[1].Split('&')[0];

    private static JsonObject SourceJson(SignInSource source)
    {
        var policy = ContributionPolicy.Standard("reddit-export-v1") with { Sources = PolicySources.None with { SignIn = [source] } };
        return JsonNode.Parse(policy.ToJsonBytes())!["sources"]!["signIn"]![0]!.DeepClone().AsObject();
    }

    private static JsonObject OfJson(EvidenceCommitment of) => new()
    {
        ["registry"] = new JsonObject { ["chainId"] = of.Registry.ChainId, ["address"] = of.Registry.VerifyingContract.ToString() },
        ["owner"] = of.Owner.ToString(), ["ciphertextDigest"] = of.CiphertextDigest.ToString(),
    };
}
