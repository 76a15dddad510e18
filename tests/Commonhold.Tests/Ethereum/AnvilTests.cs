using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using Commonhold.Cli.Chain;
using Commonhold.Ethereum;
using Commonhold.Tests.Cli;
using Xunit;

namespace Commonhold.Tests.Ethereum;

/// <summary>The same code against a real EVM.</summary>
[Trait("Speed", "slow")]
public sealed class AnvilTests : IAsyncLifetime
{
    // Without call data it emits a log with topic 0x2a; with some, it reverts with just those bytes.
    private const string EchoRuntime = "3615600f573660006000373660" + "00fd5b602a60006000a100";
    private const string EchoInitCode = "0x60188060095f395ff3" + EchoRuntime;
    private const string FundedKey = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

    private static readonly AbiError Closed = AbiError.Parse("error Closed(uint256 since)");

    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly Secp256k1Key _key = Secp256k1Key.Parse(FundedKey);
    private Process? _anvil;
    private EthereumNode _node = null!;

    [AnvilFact]
    public async Task Transactions_logs_and_reverts_go_all_the_way()
    {
        using TransactionSender sender = Sender(TimeSpan.FromMinutes(1));
        TransactionReceipt deployed = await sender.SendAsync(new TransactionRequest(null, Hex.Decode(EchoInitCode)), default);
        Address echo = deployed.ContractAddress!.Value;
        Assert.Equal(Address.OfContract(sender.Address, 0), echo);
        Assert.Equal("0x" + EchoRuntime, Hex.Encode(await _node.CodeAsync(echo, BlockReference.Latest, default)));

        TransactionReceipt logged = await sender.SendAsync(new TransactionRequest(echo, default), default);
        LogEntry log = Assert.Single(logged.Logs);
        Assert.Equal(Bytes32.FromUInt256(0x2a), Assert.Single(log.Topics));
        var filter = new LogFilter([echo], [[Bytes32.FromUInt256(0x2a)]]);
        Assert.Equal(log.TransactionHash, Assert.Single(await _node.LogsAsync(filter, logged.BlockHash, default)).TransactionHash);
        await foreach (LogPage page in _node.LogsAsync(filter, 0, logged.BlockNumber, default))
            Assert.Single(page.Logs);

        var e = await Assert.ThrowsAsync<ContractRevertException>(() => sender.SendAsync(new TransactionRequest(echo, Closed.Encode(42)), default));
        Assert.Equal(("Closed", 42UL), (e.ErrorName, e.Args[0].AsUInt64()));
        e = await Assert.ThrowsAsync<ContractRevertException>(() => sender.SendAsync(new TransactionRequest(echo, Closed.Encode(43), GasLimit: 100_000), default));
        Assert.Equal(("Closed", 43UL), (e.ErrorName, e.Args[0].AsUInt64()));
        Assert.NotNull(e.TransactionHash);
        e = await Assert.ThrowsAsync<ContractRevertException>(
            () => _node.CallAsync(new CallRequest(echo, AbiError.Panic.Encode(0x11)), BlockReference.Hash(logged.BlockHash), default));
        Assert.Equal("Panic", e.ErrorName);
    }

    [AnvilFact]
    public async Task A_block_that_is_not_there_is_an_error_and_not_an_empty_answer()
    {
        Assert.Null(await _node.BlockAsync(1_000_000, default));
        await Assert.ThrowsAsync<RpcException>(
            () => _node.CallAsync(new CallRequest(_key.Address, default), BlockReference.Hash(Keccak256.Hash("nowhere"u8)), default));
        Assert.Equal(31337UL, await _node.ChainIdAsync(default));
        Assert.Equal(0UL, (await _node.HeadAsync(Finality.Latest, default))!.Number);
        Assert.Null(await _node.HeadAsync(Finality.Blocks(5), default));
    }

    [AnvilFact]
    public async Task Twenty_senders_at_once_and_one_stuck_transaction()
    {
        using TransactionSender sender = Sender(TimeSpan.FromMilliseconds(300));
        var to = Address.Parse("0x3535353535353535353535353535353535353535");
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => sender.SendAsync(new TransactionRequest(to, default, 5), default)));
        Assert.Equal(new BigInteger(100), await _node.BalanceAsync(to, BlockReference.Latest, default));

        await _node.Rpc.CallAsync(new JsonRpcRequest("evm_setAutomine", false), default);
        int announced = 0;
        var replaced = new TaskCompletionSource();
        Task<TransactionReceipt> stuck = sender.SendAsync(
            new TransactionRequest(to, default, 1),
            _ =>
            {
                if (++announced == 3)
                    replaced.TrySetResult();
            },
            default);
        await replaced.Task.WaitAsync(TimeSpan.FromMinutes(4));
        Task<TransactionReceipt> behind = sender.SendAsync(new TransactionRequest(to, default, 1), default);
        await _node.Rpc.CallAsync(new JsonRpcRequest("evm_setAutomine", true), default);
        await _node.Rpc.CallAsync("evm_mine", default);
        await Task.WhenAll(stuck, behind);
        Assert.Equal(new BigInteger(102), await _node.BalanceAsync(to, BlockReference.Latest, default));
        Assert.Equal(22UL, await _node.TransactionCountAsync(sender.Address, BlockReference.Latest, default));
    }

    public async Task InitializeAsync()
    {
        if (AnvilBinary.TryFind() is not { } program)
            return;

        _anvil = Process.Start(new ProcessStartInfo(program, ["--host", "127.0.0.1", "--port", "0"]) { RedirectStandardOutput = true })!;
        while (await _anvil.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith("Listening on ", StringComparison.Ordinal))
                continue;

            // The pipe must be drained, or anvil stops when it is full.
            _ = _anvil.StandardOutput.ReadToEndAsync();
            int port = int.Parse(line.AsSpan(line.LastIndexOf(':') + 1), CultureInfo.InvariantCulture);
            _node = new EthereumNode(new JsonRpcClient(_http, new Uri($"http://127.0.0.1:{port}/")), new AbiErrorSet([Closed]));
            return;
        }

        throw new InvalidOperationException("anvil ended before it listened.");
    }

    public async Task DisposeAsync()
    {
        _key.Dispose();
        _http.Dispose();
        if (_anvil is null)
            return;

        _anvil.Kill();
        await _anvil.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        _anvil.Dispose();
    }

    private TransactionSender Sender(TimeSpan speedUpAfter) =>
        new(_node, _key, new TransactionSenderOptions { PollInterval = TimeSpan.FromMilliseconds(20), SpeedUpAfter = speedUpAfter });
}
