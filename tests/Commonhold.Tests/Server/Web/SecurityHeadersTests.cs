using Commonhold.Server.Web;

namespace Commonhold.Tests.Server.Web;

public sealed class SecurityHeadersTests
{
    [Fact]
    public void Pages_run_only_our_scripts_and_talk_only_to_node_chain_and_guardians()
    {
        var policy = SecurityHeaders.Policy(Rendering.Options() with
        {
            PublicRpc = new Uri("https://rpc.example/key/abc"), GuardianUrls = [new Uri("https://g1.example/"), new Uri("http://127.0.0.1:7431")],
        });
        var rules = policy.Split("; ").ToDictionary(rule => rule.Split(' ')[0], rule => rule.Split(' ')[1..]);
        Assert.Equal(["'none'"], rules["default-src"]);
        Assert.Equal(["'self'"], rules["script-src"]);
        Assert.Equal(["'self'"], rules["style-src"]);
        Assert.Equal(["'self'"], rules["worker-src"]);
        Assert.Equal(["'self'", "https://g1.example", "http://127.0.0.1:7431", "https://rpc.example"], rules["connect-src"]);
        Assert.Equal(["'none'"], rules["frame-ancestors"]);
        Assert.Equal(["'none'"], rules["base-uri"]);
        Assert.Equal(["'script'"], rules["require-trusted-types-for"]);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain('*', policy);
    }
}
