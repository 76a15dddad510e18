using System.Text.Json;
using System.Text.Json.Nodes;
using Commonhold.Ethereum;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Commonhold.Tests.Ethereum;

public sealed class JsonRpcClientTests : IDisposable
{
    private static readonly JsonRpcOptions Quick = new()
    {
        FirstDelay = TimeSpan.FromMilliseconds(1),
        MaxDelay = TimeSpan.FromMilliseconds(5),
        MaxAttempts = 3,
        MaxResponseBytes = 1 << 20,
        MaxBatch = 3,
    };

    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };

    public static TheoryData<string, RpcReply, RpcErrorKind, int> Failures => new()
    {
        { "drops", new RpcReply.Drop(), RpcErrorKind.Unreachable, 3 },
        { "cuts the answer", new RpcReply.Cut("{\"jsonrpc\":"), RpcErrorKind.Unreachable, 3 },
        { "floods", new RpcReply.Flood(), RpcErrorKind.InvalidResponse, 1 },
        { "HTTP 500", new RpcReply.Http(500, "oops"), RpcErrorKind.Server, 3 },
        { "HTTP 502 page", new RpcReply.Http(502, "<html>Bad gateway</html>"), RpcErrorKind.Server, 3 },
        { "HTTP 404", new RpcReply.Http(404, "{}"), RpcErrorKind.Rejected, 1 },
        { "HTTP 429", new RpcReply.Http(429, "slow down", "Retry-After: 0\r\n"), RpcErrorKind.RateLimited, 3 },
        { "HTTP 429 asking for an hour", new RpcReply.Http(429, "slow down", "Retry-After: 3600\r\n"), RpcErrorKind.RateLimited, 3 },
        { "a page", new RpcReply.Http(200, "<html>"), RpcErrorKind.InvalidResponse, 1 },
        { "nothing", new RpcReply.Http(200, ""), RpcErrorKind.InvalidResponse, 1 },
        { "a number", new RpcReply.Http(200, "7"), RpcErrorKind.InvalidResponse, 1 },
        { "neither result nor error", new RpcReply.Http(200, """{"jsonrpc":"2.0","id":1}"""), RpcErrorKind.InvalidResponse, 1 },
        { "somebody else's answer", new RpcReply.Http(200, """{"jsonrpc":"2.0","id":99,"result":"0x1"}"""), RpcErrorKind.InvalidResponse, 1 },
        { "nested beyond measure", new RpcReply.Http(200, new string('[', 10_000)), RpcErrorKind.InvalidResponse, 1 },
        { "rate limit in words", new RpcReply.Http(200, """{"id":1,"error":{"code":-32005,"message":"daily request count exceeded, request rate limited"}}"""), RpcErrorKind.RateLimited, 3 },
        { "internal error", new RpcReply.Http(200, """{"id":1,"error":{"code":-32603,"message":"Internal error"}}"""), RpcErrorKind.Server, 3 },
        { "bytes that are no text", new RpcReply.Http(200, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"\\ud800\"}"), RpcErrorKind.InvalidResponse, 1 },
        { "a member that is no text", new RpcReply.Http(200, "{\"\\udc00\":1,\"id\":1,\"result\":\"0x1\"}"), RpcErrorKind.InvalidResponse, 1 },
        { "unknown method", new RpcReply.Http(200, """{"id":1,"error":{"code":-32601,"message":"Method not found"}}"""), RpcErrorKind.Rejected, 1 },
        { "error with HTTP 400", new RpcReply.Http(400, """{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"bad params"}}"""), RpcErrorKind.Rejected, 1 },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_node_that_fails_is_asked_again_only_when_that_may_help(string kind, RpcReply reply, RpcErrorKind expected, int attempts)
    {
        Assert.NotEmpty(kind);
        await using var server = new FakeRpcServer(_ => reply);
        var e = await Assert.ThrowsAsync<RpcException>(() => Client(server).CallAsync("eth_chainId", default));
        Assert.Equal(expected, e.Kind);
        Assert.Equal(attempts, server.Requests.Count);
        Assert.Equal(attempts > 1, e.IsTransient);
    }

    [Fact]
    public async Task A_node_that_hangs_costs_no_more_than_the_time_allowed()
    {
        await using var server = new FakeRpcServer(_ => new RpcReply.Hang());
        var client = new JsonRpcClient(_http, server.Uri, Quick with { Timeout = TimeSpan.FromMilliseconds(100), MaxAttempts = 2 });
        var e = await Assert.ThrowsAsync<RpcException>(() => client.CallAsync("eth_chainId", default));
        Assert.Equal(RpcErrorKind.Timeout, e.Kind);
        Assert.True(e.IsTransient);
    }

    [Fact]
    public async Task A_node_that_recovers_is_forgiven()
    {
        int calls = 0;
        await using var server = new FakeRpcServer(r => ++calls < 3 ? new RpcReply.Drop() : RpcReply.Result(r, "0x7a69"));
        Assert.Equal(31337UL, await new EthereumNode(Client(server)).ChainIdAsync(default));
    }

    [Fact]
    public async Task What_may_have_happened_is_not_done_twice()
    {
        await using var server = new FakeRpcServer(_ => new RpcReply.Drop());
        await Assert.ThrowsAsync<RpcException>(() => Client(server).CallAsync("evm_mine", default));
        await Assert.ThrowsAsync<RpcException>(() => Client(server).CallAsync("eth_sendTransaction", default));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Nobody_listening_is_unreachable()
    {
        FakeRpcServer server = new(_ => new RpcReply.Drop());
        Uri uri = server.Uri;
        await server.DisposeAsync();
        var e = await Assert.ThrowsAsync<RpcException>(() => new JsonRpcClient(_http, uri, Quick).CallAsync("eth_chainId", default));
        Assert.Equal(RpcErrorKind.Unreachable, e.Kind);
    }

    [Fact]
    public async Task Cancelling_is_not_a_time_out()
    {
        await using var server = new FakeRpcServer(_ => new RpcReply.Hang());
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Client(server).CallAsync("eth_chainId", cancel.Token));
    }

    [Fact]
    public async Task Batches_are_cut_to_size_and_answers_are_put_in_order()
    {
        await using var server = new FakeRpcServer(request => new RpcReply.Http(200, new JsonArray(
            [.. request.AsArray().Reverse().Select(r => r!["method"]!.GetValue<string>() == "bad"
                ? (JsonNode)new JsonObject { ["id"] = r["id"]!.DeepClone(), ["error"] = new JsonObject { ["code"] = -32601, ["message"] = "no" } }
                : new JsonObject { ["id"] = r["id"]!.DeepClone(), ["result"] = r["params"]![0]!.DeepClone() })]).ToJsonString()));
        JsonRpcRequest[] requests = [.. Enumerable.Range(0, 8).Select(i => new JsonRpcRequest(i == 4 ? "bad" : "eth_call", i))];

        IReadOnlyList<JsonRpcOutcome> outcomes = await Client(server).BatchAsync(requests, default);

        Assert.Equal([3, 3, 2], server.Requests.Select(r => r.AsArray().Count));
        Assert.Equal(RpcErrorKind.Rejected, outcomes[4].Error!.Kind);
        Assert.Throws<RpcException>(() => outcomes[4].Result);
        Assert.Equal([0, 1, 2, 3, 5, 6, 7], outcomes.Where(o => o.Error is null).Select(o => o.Result.GetInt32()));
    }

    [Theory]
    [InlineData("one answer missing", """[{"id":1,"result":1}]""")]
    [InlineData("one answer twice", """[{"id":1,"result":1},{"id":1,"result":2}]""")]
    [InlineData("a stranger's answer", """[{"id":1,"result":1},{"id":7,"result":2}]""")]
    [InlineData("no list", """{"id":1,"result":1}""")]
    [InlineData("items that are no objects", "[1,2]")]
    public async Task Batches_that_do_not_add_up_are_refused(string kind, string body)
    {
        Assert.NotEmpty(kind);
        await using var server = new FakeRpcServer(_ => new RpcReply.Http(200, body));
        var e = await Assert.ThrowsAsync<RpcException>(() => Client(server).BatchAsync([new("eth_a"), new("eth_b")], default));
        Assert.Equal(RpcErrorKind.InvalidResponse, e.Kind);
    }

    [Fact]
    public async Task A_result_of_another_type_is_an_invalid_response()
    {
        await using var server = new FakeRpcServer(r => RpcReply.Result(r, "text"));
        var e = await Assert.ThrowsAsync<RpcException>(() => Client(server).CallAsync<int>("eth_x", [], default));
        Assert.Equal(RpcErrorKind.InvalidResponse, e.Kind);
        Assert.Equal("text", await Client(server).CallAsync<string>("eth_x", [], default));
    }

    [Fact]
    public void Damaged_answers_are_read_or_refused_and_nothing_else()
    {
        const string answer = """{"jsonrpc":"2.0","id":1,"result":{"number":"0x1","hash":"0x00","data":"\ud83d\ude00"},"error":null}""";
        Prop.ForAll<PositiveInt, byte>((at, value) =>
        {
            byte[] bytes = System.Text.Encoding.UTF8.GetBytes(answer);
            bytes[at.Get % bytes.Length] = value;
            try
            {
                RpcReader.Header(JsonRpcMessages.ReadSingle(StrictJson.Parse(bytes), 1).Result);
            }
            catch (Exception e) when (e is JsonException or RpcException)
            {
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    public void Dispose() => _http.Dispose();

    private JsonRpcClient Client(FakeRpcServer server) => new(_http, server.Uri, Quick);
}
