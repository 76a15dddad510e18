using Commonhold.Server.Operations;
using Commonhold.Server.Web;
using Microsoft.AspNetCore.Http;

namespace Commonhold.Tests.Server.Web;

public sealed class HostRuleTests
{
    [Theory]
    [InlineData("localhost", "localhost:7420")]
    [InlineData("localhost in capitals", "LOCALHOST:7420")]
    [InlineData("an IPv4 address", "127.0.0.1:7420")]
    [InlineData("an IPv6 address", "[::1]:7420")]
    [InlineData("an address of the network", "192.168.1.20:7420")]
    [InlineData("the public name", "data.example")]
    [InlineData("a name for programs", "node.internal:7420")]
    public async Task A_node_answers_under_its_own_names(string _, string host) => Assert.Equal(200, (await AskAsync(host, With())).StatusCode);

    [Theory]
    [InlineData("another name", "evil.example")]
    [InlineData("a name that ends like ours", "localhost.evil.example")]
    [InlineData("a name that begins like an address", "127.0.0.1.evil.example")]
    [InlineData("a name that resolves to loopback", "localtest.me:7420")]
    [InlineData("no name", "")]
    public async Task A_foreign_page_cannot_reach_the_node_under_a_name_of_its_own(string _, string host)
    {
        var answer = await AskAsync(host, With());
        Assert.Equal(421, answer.StatusCode);
        answer.Body.Position = 0;
        Assert.Contains("request.host_unknown", await new StreamReader(answer.Body).ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1:7420", "http://localhost:7420/vote?x=1")]
    [InlineData("[::1]:7420", "http://localhost:7420/vote?x=1")]
    public async Task A_person_at_a_loopback_address_is_sent_to_localhost(string host, string to)
    {
        var answer = await AskAsync(host, Rendering.Options(), "/vote", "?x=1", "text/html,application/xhtml+xml");
        Assert.Equal((307, to), (answer.StatusCode, answer.Headers.Location.ToString()));
    }

    [Theory]
    [InlineData("a program", "/vote", "application/json")]
    [InlineData("a program without a wish", "/vote", null)]
    [InlineData("the interface", "/v1/dao", "text/html")]
    [InlineData("a script of a page", "/assets/site.js", "text/html")]
    [InlineData("a monitor", "/health/ready", "text/html")]
    public async Task A_program_at_a_loopback_address_is_answered_there(string _, string path, string? accept) =>
        Assert.Equal(200, (await AskAsync("127.0.0.1:7420", Rendering.Options(), path, "", accept)).StatusCode);

    [Fact]
    public async Task Behind_a_proxy_the_public_name_brings_its_scheme_and_nobody_is_sent_away()
    {
        var context = Context("data.example", "/", "", "text/html");
        await new HostRule(With()).InvokeAsync(context, _ => Task.CompletedTask);
        Assert.Equal((200, "https"), (context.Response.StatusCode, context.Request.Scheme));
        Assert.Equal(200, (await AskAsync("127.0.0.1:7420", With(), "/", "", "text/html")).StatusCode);
    }

    private static NodeOptions With() => Rendering.Options() with { PublicUrl = new Uri("https://data.example"), HostNames = ["node.internal"] };

    private static async Task<HttpResponse> AskAsync(string host, NodeOptions options, string path = "/v1/dao", string query = "", string? accept = null)
    {
        var context = Context(host, path, query, accept);
        await new HostRule(options).InvokeAsync(context, _ => Task.CompletedTask);
        return context.Response;
    }

    private static DefaultHttpContext Context(string host, string path, string query, string? accept)
    {
        var context = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        (context.Request.Method, context.Request.Scheme, context.Request.Path, context.Request.QueryString) = ("GET", "http", path, new QueryString(query));
        context.Request.Host = new HostString(host);
        if (accept is not null)
            context.Request.Headers.Accept = accept;
        return context;
    }
}
