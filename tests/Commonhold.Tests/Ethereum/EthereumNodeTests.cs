using System.Globalization;
using System.Text.Json.Nodes;
using Commonhold.Ethereum;
using Xunit;

namespace Commonhold.Tests.Ethereum;

public sealed class EthereumNodeTests : IDisposable
{
    private static readonly Address Contract = Address.Parse("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
    private static readonly Bytes32 Topic = Keccak256.Hash("topic"u8);

    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };

    [Theory]
    [InlineData("geth", -32005, "query returned more than 10000 results")]
    [InlineData("erigon", -32000, "query exceeds max block range 500")]
    [InlineData("alchemy", -32602, "Log response size exceeded. this block range should work: [0x0, 0x1f4]")]
    [InlineData("infura", -32005, "query returned more than 10000 results. Try with this block range")]
    [InlineData("quicknode", -32614, "eth_getLogs is limited to a 500 range")]
    [InlineData("anvil", -32000, "block range too wide")]
    public async Task Ranges_of_logs_follow_the_nodes_limit(string node, int code, string message)
    {
        Assert.NotEmpty(node);
        await using var server = new FakeRpcServer(r =>
        {
            (ulong from, ulong to) = RangeOf(r);
            return to - from + 1 > 500 ? RpcReply.Error(r, code, message) : RpcReply.Result(r, Logs(from, to));
        });
        ulong next = 0;
        int logs = 0;
        await foreach (LogPage page in Node(server).LogsAsync(LogFilter.Of(Contract), 0, 9_999, default))
        {
            Assert.Equal(next, page.FromBlock);
            next = page.ToBlock + 1;
            logs += page.Logs.Count;
        }

        Assert.Equal(10_000UL, next);
        Assert.Equal(1_000, logs);
        Assert.InRange(server.Requests.Count, 20, 60);
    }

    [Fact]
    public async Task Ranges_grow_again_where_the_chain_is_quiet()
    {
        await using var server = new FakeRpcServer(r =>
        {
            (ulong from, ulong to) = RangeOf(r);
            return from < 1000 && to - from + 1 > 10 ? RpcReply.Error(r, -32005, "too many results") : RpcReply.Result(r, new JsonArray());
        });
        int pages = 0;
        await foreach (LogPage page in Node(server).LogsAsync(LogFilter.Of(Contract), 0, 100_000, default))
            pages++;
        Assert.InRange(pages, 100, 170);
    }

    [Fact]
    public async Task A_block_that_no_limit_admits_is_an_error_not_a_loop()
    {
        await using var server = new FakeRpcServer(r => RpcReply.Error(r, -32005, "query returned more than 10000 results"));
        var e = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await foreach (LogPage _ in Node(server).LogsAsync(LogFilter.Of(Contract), 5, 5_000, default))
                Assert.Fail("No page can come.");
        });
        Assert.Equal(-32005, e.Code);
    }

    [Theory]
    [InlineData("another contract", "address", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359")]
    [InlineData("another block", "blockNumber", "0xff")]
    [InlineData("another topic", "topics", "[]")]
    [InlineData("removed", "removed", "true")]
    [InlineData("odd data", "data", "0x123")]
    [InlineData("number too large", "logIndex", "0x10000000000000000")]
    [InlineData("no hash", "blockHash", null)]
    public async Task Logs_that_were_not_asked_for_are_refused(string kind, string member, string? value)
    {
        Assert.NotEmpty(kind);
        await using var server = new FakeRpcServer(r =>
        {
            JsonArray logs = Logs(10, 10);
            logs[0]![member] = value is "[]" or "true" ? JsonNode.Parse(value) : value;
            return RpcReply.Result(r, logs);
        });
        var filter = new LogFilter([Contract], [[Topic]]);
        var e = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await foreach (LogPage _ in Node(server).LogsAsync(filter, 10, 19, default))
                Assert.Fail("The page holds a lie.");
        });
        Assert.Equal(RpcErrorKind.InvalidResponse, e.Kind);
    }

    [Theory]
    [InlineData("geth", 3, "execution reverted", "DATA")]
    [InlineData("anvil", 3, "execution reverted: custom error 0x12345678", "DATA")]
    [InlineData("parity", -32015, "VM execution error.", "Reverted DATA")]
    [InlineData("hardhat", -32603, "VM Exception while processing transaction", "{\"message\":\"x\",\"data\":\"DATA\"}")]
    public async Task Reverts_are_decoded_whatever_the_node_wraps_them_in(string node, int code, string message, string data)
    {
        Assert.NotEmpty(node);
        AbiError closed = AbiError.Parse("error Closed(uint256 since)");
        string text = data.Replace("DATA", Hex.Encode(closed.Encode(42)), StringComparison.Ordinal);
        await using var server = new FakeRpcServer(r => RpcReply.Error(r, code, message, text[0] == '{' ? JsonNode.Parse(text) : text));
        var ethereum = new EthereumNode(new JsonRpcClient(_http, server.Uri), new AbiErrorSet([closed]));
        var e = await Assert.ThrowsAsync<ContractRevertException>(() => ethereum.CallAsync(new CallRequest(Contract, default), BlockReference.Latest, default));
        Assert.Equal("Closed", e.ErrorName);
        Assert.Equal(42UL, e.Args[0].AsUInt64());
    }

    [Fact]
    public async Task State_is_read_at_the_block_that_was_named()
    {
        await using var server = new FakeRpcServer(r => RpcReply.Result(r, "0x" + "2a".PadLeft(64, '0')));
        AbiFunction total = AbiFunction.Parse("function totalSupply() view returns (uint256)");
        Assert.Equal(42UL, (await Node(server).CallAsync(Contract, total, [], BlockReference.Hash(Topic), default))[0].AsUInt64());
        await Node(server).CallAsync(Contract, total, [], 255, default);
        await Node(server).CallAsync(Contract, total, [], BlockReference.Finalized, default);

        Assert.Equal(
            [$$"""{"blockHash":"{{Topic}}","requireCanonical":true}""", "\"0xff\"", "\"finalized\""],
            server.Requests.Select(r => r["params"]![1]!.ToJsonString()));
    }

    [Fact]
    public async Task A_contract_that_is_not_there_is_said_to_be_missing()
    {
        await using var server = new FakeRpcServer(r => RpcReply.Result(r, "0x"));
        AbiFunction total = AbiFunction.Parse("function totalSupply() view returns (uint256)");
        var e = await Assert.ThrowsAsync<AbiException>(() => Node(server).CallAsync(Contract, total, [], BlockReference.Latest, default));
        Assert.Contains("no contract", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_head_at_a_depth_lies_that_far_behind()
    {
        await using var server = new FakeRpcServer(r => RpcReply.Result(
            r, r["method"]!.GetValue<string>() == "eth_blockNumber" ? "0x64" : Block(r["params"]![0]!.GetValue<string>())));
        Assert.Equal(88UL, (await Node(server).HeadAsync(Finality.Parse("12"), default))!.Number);
        Assert.Null(await Node(server).HeadAsync(Finality.Blocks(101), default));
    }

    [Fact]
    public async Task Another_block_than_asked_for_is_refused()
    {
        await using var server = new FakeRpcServer(r => RpcReply.Result(r, Block("0x7")));
        Assert.Equal(7UL, (await Node(server).BlockAsync(7, default))!.Number);
        await Assert.ThrowsAsync<RpcException>(() => Node(server).BlockAsync(8, default));
        await Assert.ThrowsAsync<RpcException>(() => Node(server).BlockAsync(BlockReference.Hash(Bytes32.Zero), default));
    }

    [Theory]
    [InlineData("latest")]
    [InlineData("safe")]
    [InlineData("finalized")]
    [InlineData("12")]
    public void Finality_is_read_and_written_alike(string text) => Assert.Equal(text, Finality.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("pending")]
    [InlineData("-1")]
    public void What_is_no_finality_is_refused(string text) => Assert.Throws<FormatException>(() => Finality.Parse(text));

    public void Dispose() => _http.Dispose();

    private EthereumNode Node(FakeRpcServer server) =>
        new(new JsonRpcClient(_http, server.Uri, new JsonRpcOptions { FirstDelay = TimeSpan.FromMilliseconds(1), MaxAttempts = 2 }));

    private static (ulong From, ulong To) RangeOf(JsonNode request) =>
        (Number(request["params"]![0]!["fromBlock"]!), Number(request["params"]![0]!["toBlock"]!));

    private static ulong Number(JsonNode hex) => Convert.ToUInt64(hex.GetValue<string>(), 16);

    /// <summary>A log in every tenth block.</summary>
    private static JsonArray Logs(ulong from, ulong to)
    {
        var logs = new JsonArray();
        for (ulong block = (from + 9) / 10 * 10; block <= to; block += 10)
        {
            logs.Add(new JsonObject
            {
                ["address"] = Contract.ToLowerString(),
                ["topics"] = new JsonArray(Topic.ToString()),
                ["data"] = "0x",
                ["blockNumber"] = "0x" + block.ToString("x", CultureInfo.InvariantCulture),
                ["blockHash"] = Bytes32.FromUInt256(block).ToString(),
                ["transactionHash"] = Bytes32.FromUInt256(block).ToString(),
                ["logIndex"] = "0x0",
                ["removed"] = false,
            });
        }

        return logs;
    }

    private static JsonObject Block(string number) => new()
    {
        ["number"] = number,
        ["hash"] = Topic.ToString(),
        ["parentHash"] = Bytes32.Zero.ToString(),
        ["timestamp"] = "0x5",
        ["gasLimit"] = "0x1c9c380",
        ["baseFeePerGas"] = "0x7",
    };
}
