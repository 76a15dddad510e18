using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Commonhold.ServerTests.Node;
using Commonhold.Tests.Cli;

namespace Commonhold.ServerTests.Web;

[Trait("Speed", "slow")]
public sealed class RateTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [AnvilFact]
    public async Task Who_writes_too_often_is_told_when_to_come_back_and_may_still_read()
    {
        await using var world = await NodeWorld.CreateAsync();
        await using var node = await RunningNode.StartAsync(world, _scratch.Path, options => options with { Limits = options.Limits with { WritesPerMinute = 3 } });
        HttpResponseMessage last = null!;
        for (var i = 0; i < 5; i++)
            last = await node.Http.PostAsJsonAsync("v1/relay/claims", new { accounts = Array.Empty<string>() });
        Assert.Equal(HttpStatusCode.TooManyRequests, last.StatusCode);
        Assert.True(last.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.Equal("request.rate_limited", (await last.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.OK, (await node.Http.GetAsync("/")).StatusCode);
    }
}
