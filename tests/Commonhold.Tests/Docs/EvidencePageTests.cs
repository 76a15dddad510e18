using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Commonhold.Client;
using Commonhold.Validator.Ownership.Online;

namespace Commonhold.Tests.Docs;

/// <summary>The files that docs/evidence.md shows are files that work.</summary>
public sealed partial class EvidencePageTests
{
    private static readonly string[] Blocks =
        [.. JsonBlock().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "evidence.md"))).Select(m => m.Groups[1].Value)];

    [Fact]
    public void The_operators_file_is_read()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, Blocks[0]);
            EvidenceOptions options = EvidenceOptions.Load(file);
            Assert.Equal(["www.example.com", "api.example.com", "downloads.example.com:8443"], options.Hosts);
            Assert.DoesNotContain("what the platform gave us", options.ToString());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("""{"hosts":["https://www.example.com"]}""")]
    [InlineData("""{"hosts":["WWW.example.com"]}""")]
    [InlineData("""{"hosts":["www.example.com/"]}""")]
    [InlineData("""{"hosts":["www.example.com:443"]}""")]
    [InlineData("""{"hosts":["*.example.com"]}""")]
    [InlineData("""{"hosts":["a"],"loopback":["127.0.0.1:1"]}""")]
    [InlineData("""{"hosts":["a"],"requestsPerMinute":0}""")]
    [InlineData("""{"hosts":["a"],"host":["b"]}""")]
    [InlineData("""{"hosts":["a"],"contact":"a)b"}""")]
    [InlineData("""{}""")]
    [InlineData("oops")]
    public void A_file_that_cannot_mean_what_it_says_is_refused(string json)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, json);
            Assert.Equal("evidence.options_invalid", Assert.Throws<CommonholdException>(() => EvidenceOptions.Load(file)).Refusal?.Code);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void The_policys_part_is_read()
    {
        JsonNode policy = JsonNode.Parse(ContributionPolicy.Standard("reddit-export-v1").ToJsonBytes())!;
        policy["sources"] = JsonNode.Parse(Blocks[1]);
        PolicySources sources = ContributionPolicy.Parse(Encoding.UTF8.GetBytes(policy.ToJsonString())).Value.Sources;
        Assert.Equal((1, 1, 1, 1), (sources.AccountCode.Count, sources.SignIn.Count, sources.Download.Count, sources.OpenId.Count));
    }

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex JsonBlock();
}
