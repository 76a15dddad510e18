using System.Text;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Tests.Client;

/// <summary>The policy document: one digest, one meaning.</summary>
public sealed class PolicyTests
{
    private static readonly ContributionPolicy Full = ContributionPolicy.Standard("reddit-export-v1") with
    {
        Sources = new PolicySources(
            [new EmailSource("reddit", "redditmail.com", ["noreply@redditmail.com"], ["Your data"], ["u/{account}"], [new PinnedDkimKey("s1", "v=DKIM1; p=AA==", 1, 2, "https://k.example")])],
            [new AccountCodeSource("reddit", "profile", "https://www.reddit.com/user/{account}/about.json", PageFormat.Json, "/data/name", "/data/subreddit/public_description", "the About text")],
            [new SignInSource("reddit", "https://a", "https://t", "https://i", "client", "identity", "/name", "https://issuer.example", UsesBasic: true, RedirectPages: ["https://commons.example/sign-in", "http://localhost:7420/sign-in"])],
            [new DownloadSource("reddit", ["reddit.com"])],
            [new OpenIdSource("https://accounts.example", "client", "google", "https://a", "https://t", KeysUrl: "https://k")]),
    };

    [Fact]
    public void A_policy_reads_back_to_the_same_bytes()
    {
        foreach (ContributionPolicy policy in new[] { ContributionPolicy.Standard("x"), ContributionPolicy.Trial("x"), Full })
        {
            byte[] json = policy.ToJsonBytes();
            ContributionPolicy read = ContributionPolicy.Parse(json, ContributionPolicy.DigestOf(json)).Value;
            Assert.Equal(Encoding.UTF8.GetString(json), Encoding.UTF8.GetString(read.ToJsonBytes()));
        }
    }

    [Fact]
    public void A_policy_that_names_no_redirect_page_has_the_bytes_that_it_always_had()
    {
        string json = Encoding.UTF8.GetString((Full with { Sources = Full.Sources with { SignIn = [Full.Sources.SignIn[0] with { RedirectPages = null }] } }).ToJsonBytes());
        Assert.DoesNotContain("redirectPages", json, StringComparison.Ordinal);
        Assert.Null(ContributionPolicy.Parse(Encoding.UTF8.GetBytes(json)).Value.Sources.SignIn[0].RedirectPages);
    }

    [Theory]
    [InlineData("https", "https://commons.example/sign-in", true)]
    [InlineData("a port", "https://commons.example:8443/sign-in", true)]
    [InlineData("a name in other letters, as browsers write it", "https://xn--bcher-kva.example/sign-in", true)]
    [InlineData("a trial", "http://localhost:7420/sign-in", true)]
    [InlineData("a trial by IPv4", "http://127.0.0.1:7420/sign-in", true)]
    [InlineData("a trial by IPv6", "http://[::1]:7420/sign-in", true)]
    [InlineData("http elsewhere", "http://commons.example/sign-in", false)]
    [InlineData("http at a name that only looks like this machine", "http://localhost.example/sign-in", false)]
    [InlineData("another path", "https://commons.example/commonhold", false)]
    [InlineData("a longer path", "https://commons.example/a/sign-in", false)]
    [InlineData("a stroke too many", "https://commons.example/sign-in/", false)]
    [InlineData("a query", "https://commons.example/sign-in?a", false)]
    [InlineData("a fragment", "https://commons.example/sign-in#a", false)]
    [InlineData("user info", "https://a@commons.example/sign-in", false)]
    [InlineData("capitals", "https://Commons.example/sign-in", false)]
    [InlineData("the port that goes without saying", "https://commons.example:443/sign-in", false)]
    [InlineData("other letters", "https://bücher.example/sign-in", false)]
    [InlineData("an odd spelling of an address", "http://127.1:7420/sign-in", false)]
    [InlineData("dots", "https://commons.example/./sign-in", false)]
    [InlineData("another scheme", "ftp://commons.example/sign-in", false)]
    [InlineData("a script", "javascript://commons.example/sign-in", false)]
    [InlineData("no address", "/sign-in", false)]
    [InlineData("nothing", "", false)]
    public void A_redirect_page_is_written_in_one_way(string name, string page, bool isPossible) =>
        Assert.Equal((name, isPossible ? null : "policy.impossible"), (name, WithPages(page)?.Code));

    [Fact]
    public void Redirect_pages_are_a_few_and_different_ones()
    {
        Assert.Equal("policy.impossible", WithPages()?.Code);
        Assert.Equal("policy.impossible", WithPages("https://a.example/sign-in", "https://a.example/sign-in")?.Code);
        string[] many = [.. Enumerable.Range(0, RedirectPage.Most + 1).Select(i => $"https://a{i}.example/sign-in")];
        Assert.Equal("policy.impossible", WithPages(many)?.Code);
        Assert.Null(WithPages(many[1..]));
        Assert.Equal("policy.impossible", WithPages($"https://{string.Join('.', Enumerable.Repeat("abcdefghi", 55))}.example/sign-in")?.Code);
    }

    private static Refusal? WithPages(params string[] pages) => ContributionPolicy.Parse(
        (Full with { Sources = Full.Sources with { SignIn = [Full.Sources.SignIn[0] with { RedirectPages = pages }] } }).ToJsonBytes()).Refusal;

    [Fact]
    public void A_policy_other_than_the_registrys_is_refused()
    {
        byte[] json = Full.ToJsonBytes();
        Assert.Equal("policy.digest_mismatch", ContributionPolicy.Parse([.. json, (byte)'\n'], ContributionPolicy.DigestOf(json)).Refusal?.Code);
        Assert.Equal("policy.too_large", ContributionPolicy.Parse(new byte[ContributionPolicy.MaxBytes + 1]).Refusal?.Code);
    }

    [Theory]
    [InlineData("an unknown rule", "\"version\": 1,", "\"version\": 1, \"kindness\": true,", "policy.invalid")]
    [InlineData("a rule twice", "\"version\": 1,", "\"version\": 1, \"version\": 1,", "policy.invalid")]
    [InlineData("a missing rule", "\"version\": 1,", "", "policy.invalid")]
    [InlineData("a weight that is none", "\"structure\": 250", "\"structure\": 1.5", "policy.invalid")]
    [InlineData("a level that is none", "\"minimumLevel\": \"structure\"", "\"minimumLevel\": \"passport\"", "policy.invalid")]
    [InlineData("a level by number", "\"minimumLevel\": \"structure\"", "\"minimumLevel\": 1", "policy.invalid")]
    [InlineData("more than everything", "\"structure\": 250", "\"structure\": 1001", "policy.impossible")]
    [InlineData("a check twice", "\"quality\"", "\"uniqueness\"", "policy.impossible")]
    [InlineData("a window that ends before it begins", "\"notBefore\": 1", "\"notBefore\": 3", "policy.impossible")]
    [InlineData("a share beyond the whole", "\"authoredPercent\": 10", "\"authoredPercent\": 101", "policy.impossible")]
    [InlineData("a pointer that is none", "\"accountField\": \"/name\"", "\"accountField\": \"name\"", "policy.impossible")]
    [InlineData("an issuer without keys", "\"keysUrl\": \"https://k\"", "\"publishedSecret\": \"x\"", "policy.impossible")]
    [InlineData("another version", "\"version\": 1", "\"version\": 2", "policy.impossible")]
    public void What_cannot_be_meant_is_refused(string name, string from, string to, string code)
    {
        string json = Encoding.UTF8.GetString(Full.ToJsonBytes());
        Assert.Contains(from, json, StringComparison.Ordinal);
        Assert.Equal((name, code), (name, ContributionPolicy.Parse(Encoding.UTF8.GetBytes(json.Replace(from, to, StringComparison.Ordinal))).Refusal?.Code));
    }
}
