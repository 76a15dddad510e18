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
        // Three a minute is one in twenty seconds.
        Assert.InRange(last.Headers.RetryAfter?.Delta ?? default, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(20));
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
        var open = new List<TcpClient>();
        try
        {
            while (open.Count < 10 && await EnterAsync(host, port) is { } client)
                open.Add(client);
            // RunningNode may hold some of the places itself.
            Assert.InRange(open.Count, 1, 3);
            open[0].Dispose();
            await Eventually.HoldsAsync(async () =>
            {
                using var again = await EnterAsync(host, port);
                return again is not null;
            }, "the place is free");
        }
        finally
        {
            open.ForEach(client => client.Dispose());
        }
    }

    /// <summary>Asks until it is too often. On a slow machine the allowance grows again meanwhile; nobody gets this many.</summary>
    private static async Task<HttpResponseMessage> RefusedAsync(Func<Task<HttpResponseMessage>> ask)
    {
        var answer = await ask();
        for (var i = 1; i < 100 && answer.StatusCode != HttpStatusCode.TooManyRequests; i++)
            answer = await ask();
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        return answer;
    }

    /// <summary>A connection that is answered; null when it is cut, which may be seen while it is made, written to or read from.</summary>
    private static async Task<TcpClient?> EnterAsync(string host, int port)
    {
        var client = new TcpClient();
        try
        {
            await client.ConnectAsync(host, port);
            await client.GetStream().WriteAsync("HEAD /v1/dao HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
            if (await client.GetStream().ReadAsync(new byte[4096]) > 0)
                return client;
        }
        catch (Exception cut) when (cut is IOException or SocketException)
        {
            // That is how a connection too many ends.
        }

        client.Dispose();
        return null;
    }
}
