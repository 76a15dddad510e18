using System.Numerics;
using Commonhold.Ethereum;
using Xunit;

namespace Commonhold.Tests.Ethereum;

public sealed class TransactionSenderTests : IDisposable
{
    private static readonly TransactionRequest Ping = new(Address.Parse("0x3535353535353535353535353535353535353535"), new byte[] { 1, 2, 3 });
    private static readonly AbiError Closed = AbiError.Parse("error Closed(uint256 since)");

    private readonly FakeChain _chain = new();
    private readonly HttpClient _http;
    private readonly Secp256k1Key _key = Secp256k1Key.Generate();
    private readonly TransactionSender _sender;

    public TransactionSenderTests()
    {
        _http = new HttpClient(_chain);
        _sender = Sender(new TransactionSenderOptions());
    }

    [Fact]
    public async Task A_transaction_is_sent_once_and_its_receipt_comes_back()
    {
        Bytes32? announced = null;
        TransactionReceipt receipt = await _sender.SendAsync(Ping, hash => announced = hash, default);
        Assert.True(receipt.Succeeded);
        Assert.Equal(announced, receipt.TransactionHash);
        Eip1559Transaction sent = Assert.Single(_chain.Accepted);
        // The estimate and a fifth; twice the base fee and the tip.
        Assert.Equal((25_200UL, new BigInteger(2_100), new BigInteger(100)), (sent.GasLimit, sent.MaxFeePerGas, sent.MaxPriorityFeePerGas));
    }

    [Fact]
    public async Task Transactions_at_the_same_time_get_nonces_of_their_own()
    {
        _chain.MinesFrom = null;
        Task<TransactionReceipt>[] sends = [.. Enumerable.Range(0, 20).Select(_ => _sender.SendAsync(Ping, default))];
        while (_chain.Accepted.Count < 20)
            await Task.Yield();
        _chain.MinesFrom = 0;
        await Task.WhenAll(sends);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => (ulong)i), _chain.Accepted.Select(t => t.Nonce).Distinct().Order());
    }

    [Fact]
    public async Task After_a_restart_nonces_go_on_behind_what_still_waits()
    {
        _chain.MinesFrom = null;
        using (var stopped = new CancellationTokenSource())
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _sender.SendAsync(Ping, _ => stopped.Cancel(), stopped.Token));

        using TransactionSender next = Sender(new TransactionSenderOptions());
        Task<TransactionReceipt> send = next.SendAsync(Ping, _ => _chain.MinesFrom = 0, default);
        Assert.True((await send).Succeeded);
        Assert.Equal([0UL, 1UL], _chain.Accepted.Select(t => t.Nonce));
    }

    [Fact]
    public async Task What_is_stuck_is_replaced_by_what_pays_more()
    {
        _chain.MinesFrom = 5_000;
        TransactionReceipt receipt = await _sender.SendAsync(Ping, default);
        Assert.True(receipt.Succeeded);
        Assert.All(_chain.Accepted, t => Assert.Equal(0UL, t.Nonce));
        Assert.InRange(_chain.Accepted.Count, 6, 8);
        foreach ((Eip1559Transaction before, Eip1559Transaction after) in _chain.Accepted.Zip(_chain.Accepted.Skip(1)))
        {
            Assert.True(after.MaxFeePerGas * 100 >= before.MaxFeePerGas * 110);
            Assert.True(after.MaxPriorityFeePerGas * 100 >= before.MaxPriorityFeePerGas * 110);
        }
    }

    [Fact]
    public async Task Replacements_stop_at_the_limit_of_what_may_be_paid()
    {
        _chain.MinesFrom = 5_000;
        using TransactionSender thrifty = Sender(new TransactionSenderOptions { MaxFeePerGas = 3_000, PollInterval = TimeSpan.FromSeconds(30) });
        var e = await Assert.ThrowsAsync<TransactionUnconfirmedException>(() => thrifty.SendAsync(Ping, default));
        Assert.Equal(0UL, e.Nonce);
        Assert.All(_chain.Accepted, t => Assert.True(t.MaxFeePerGas <= 3_000));
        Assert.Equal(_chain.Accepted.Count, e.Hashes.Count);

        // What was given up does not block what follows: the nonce is filled again.
        _chain.DropPool();
        _chain.MinesFrom = 0;
        Assert.True((await thrifty.SendAsync(Ping, default)).Succeeded);
        Assert.Equal(0UL, _chain.Accepted[^1].Nonce);
    }

    [Fact]
    public async Task An_answer_lost_on_the_way_does_not_send_twice()
    {
        _chain.LoseAnswers = 7;
        Assert.True((await _sender.SendAsync(Ping, default)).Succeeded);
        Assert.Single(_chain.Accepted);
    }

    [Fact]
    public async Task A_nonce_that_is_too_low_because_of_ourselves_is_not_sent_under_the_next()
    {
        // The answer is lost, the transaction is mined at once, and the receipt lags behind.
        int lag = 5;
        _chain.LoseAnswers = 1;
        _chain.Intercept = (method, _) => method == "eth_getTransactionReceipt" && lag-- > 0 ? "\"result\":null" : null;
        Assert.True((await _sender.SendAsync(Ping, default)).Succeeded);
        Assert.Single(_chain.Accepted);
    }

    [Fact]
    public async Task A_pool_that_forgot_a_transaction_gets_it_again()
    {
        _chain.MinesFrom = null;
        Task<TransactionReceipt> send = _sender.SendAsync(Ping, default);
        while (_chain.Accepted.Count < 1)
            await Task.Yield();
        _chain.DropPool();
        _chain.MinesFrom = 0;
        Assert.True((await send).Succeeded);
        Assert.All(_chain.Accepted, t => Assert.Equal(0UL, t.Nonce));
    }

    [Fact]
    public async Task A_nonce_that_another_process_took_is_skipped()
    {
        _chain.MinedCount = 5;
        int lies = 2;
        _chain.Intercept = (method, _) => method == "eth_getTransactionCount" && lies-- > 0 ? "\"result\":\"0x4\"" : null;
        Assert.True((await _sender.SendAsync(Ping, default)).Succeeded);
        Assert.Equal(5UL, Assert.Single(_chain.Accepted).Nonce);
    }

    [Fact]
    public async Task A_nonce_used_by_somebody_else_while_waiting_is_said_not_guessed()
    {
        _chain.MinesFrom = null;
        var e = await Assert.ThrowsAsync<TransactionUnconfirmedException>(
            () => _sender.SendAsync(Ping, _ => _chain.MinedCount = 1, default));
        Assert.Contains("not sent from here", e.Message, StringComparison.Ordinal);
        Assert.False(e.IsTransient);
    }

    [Fact]
    public async Task A_revert_is_found_before_anything_is_paid()
    {
        _chain.Intercept = (method, _) => method == "eth_estimateGas" ? Reverted() : null;
        var e = await Assert.ThrowsAsync<ContractRevertException>(() => _sender.SendAsync(Ping, default));
        Assert.Equal(("Closed", 42UL), (e.ErrorName, e.Args[0].AsUInt64()));
        Assert.Null(e.TransactionHash);
        Assert.Equal(0, _chain.Broadcasts);
    }

    [Fact]
    public async Task A_transaction_that_reverted_when_mined_says_why()
    {
        _chain.MinedTransactionsRevert = true;
        _chain.Intercept = (method, _) => method == "eth_call" ? Reverted() : null;
        var e = await Assert.ThrowsAsync<ContractRevertException>(() => _sender.SendAsync(Ping, default));
        Assert.Equal("Closed", e.ErrorName);
        Assert.NotNull(e.TransactionHash);

        _chain.Intercept = null;
        e = await Assert.ThrowsAsync<ContractRevertException>(() => _sender.SendAsync(Ping, default));
        Assert.Null(e.ErrorName);
        Assert.Contains("cannot say why", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_transaction_gives_its_nonce_back()
    {
        bool poor = true;
        _chain.Intercept = (method, _) => method == "eth_sendRawTransaction" && poor ? FakeChain.Error("insufficient funds for gas * price + value") : null;
        var e = await Assert.ThrowsAsync<RpcException>(() => _sender.SendAsync(Ping, default));
        Assert.Equal(RpcErrorKind.Rejected, e.Kind);
        poor = false;
        Assert.True((await _sender.SendAsync(Ping, default)).Succeeded);
        Assert.Equal(0UL, Assert.Single(_chain.Accepted).Nonce);
    }

    [Fact]
    public async Task A_node_that_is_away_while_waiting_is_waited_for()
    {
        int away = 30;
        _chain.MinesFrom = null;
        _chain.Intercept = (method, _) =>
        {
            if (method != "eth_getTransactionReceipt")
                return null;
            if (away-- > 0)
                throw new HttpRequestException("connection refused");
            _chain.MinesFrom = 0;
            return null;
        };
        Assert.True((await _sender.SendAsync(Ping, default)).Succeeded);
    }

    public void Dispose()
    {
        _sender.Dispose();
        _key.Dispose();
        _http.Dispose();
    }

    private static string Reverted() => FakeChain.Error("execution reverted", 3, $"\"{Hex.Encode(Closed.Encode(42))}\"");

    private TransactionSender Sender(TransactionSenderOptions options)
    {
        var rpc = new JsonRpcClient(_http, new Uri("http://chain.test/"), new JsonRpcOptions { FirstDelay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(1) });
        return new TransactionSender(new EthereumNode(rpc, new AbiErrorSet([Closed])), _key, options, new HastyTimeProvider());
    }
}
