using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
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
        var last = await RefusedAsync(() => node.Http.PostAsJsonAsync("v1/relay/claims", new { accounts = Array.Empty<string>() }));
        Assert.True(last.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.Equal("request.rate_limited", (await last.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.OK, (await node.Http.GetAsync("/")).StatusCode);
    }

    [AnvilFact]
    public async Task Who_looks_up_what_is_costly_too_often_waits_and_still_gets_everything_else()
    {
        await using var world = await NodeWorld.CreateAsync();
        await using var node = await RunningNode.StartAsync(world, _scratch.Path, options => options with { Limits = options.Limits with { CostlyReadsPerMinute = 2 } });
        var last = await RefusedAsync(() => node.Http.GetAsync($"v1/revenue/{world.Relayer.Address}"));
        Assert.Contains("reads", (await last.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);
        await RefusedAsync(() => node.Http.GetAsync($"earnings.csv?account={world.Relayer.Address}"));
        Assert.Equal(HttpStatusCode.OK, (await node.Http.GetAsync("v1/dao")).StatusCode);
    }

    [AnvilFact]
    public async Task One_caller_opens_no_more_connections_than_its_share_and_gets_a_place_back_when_one_closes()
    {
        await using var world = await NodeWorld.CreateAsync();
        await using var node = await RunningNode.StartAsync(world, _scratch.Path, options => options with { Limits = options.Limits with { ConnectionsPerCaller = 3 } });
        var (host, port) = (node.Http.BaseAddress!.Host, node.Http.BaseAddress.Port);
        var kept = new List<TcpClient>();
        try
        {
            // RunningNode may hold some of the places itself.
            TcpClient? refused = null;
            while (refused is null && kept.Count < 10)
            {
                var client = new TcpClient();
                await client.ConnectAsync(host, port);
                kept.Add(client);
                refused = await IsAnsweredAsync(client) ? null : client;
            }

            Assert.InRange(kept.Count, 2, 4);
            kept[0].Dispose();
            await Eventually.HoldsAsync(async () =>
            {
                using var again = new TcpClient();
                await again.ConnectAsync(host, port);
                return await IsAnsweredAsync(again);
            }, "the place is free");
        }
        finally
        {
            kept.ForEach(client => client.Dispose());
        }
    }

    /// <summary>Asks until it is too often. On a slow machine the allowance grows again meanwhile, by one a second; nobody gets this many.</summary>
    private static async Task<HttpResponseMessage> RefusedAsync(Func<Task<HttpResponseMessage>> ask)
    {
        var answer = await ask();
        for (var i = 1; i < 100 && answer.StatusCode != HttpStatusCode.TooManyRequests; i++)
            answer = await ask();
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        return answer;
    }

    private static async Task<bool> IsAnsweredAsync(TcpClient client)
    {
        try
        {
            await client.GetStream().WriteAsync("HEAD /v1/dao HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
            return await client.GetStream().ReadAsync(new byte[4096]) > 0;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
