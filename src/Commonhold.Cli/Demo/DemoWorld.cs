using System.Numerics;
using System.Text;
using Commonhold.Cli.Embedded;
using Commonhold.Cli.Voice;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;

namespace Commonhold.Cli.Demo;

/// <summary>Where the story plays: the running node, its API, the chain, and a ledger of gas.</summary>
internal sealed class DemoWorld : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <summary>What takes a second takes this long on no machine: it ends what would never end.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(4);
    private readonly Dictionary<string, (BigInteger Sum, int Count)> gas = [];
    private readonly HttpClient http;
    private readonly HttpClient rpc = new() { Timeout = Timeout.InfiniteTimeSpan };

    public DemoWorld(EmbeddedNode embedded, TimeProvider time)
    {
        Embedded = embedded;
        Time = time;
        http = NodeClient.CreateHttp(embedded.Url);
        Api = new NodeClient(http, new HttpLimits { FirstDelay = Poll }, time);
        Chain = new EthereumNode(new JsonRpcClient(rpc, embedded.Chain.Url, time: time), DaoErrors.All);
    }

    public EmbeddedNode Embedded { get; }

    public TimeProvider Time { get; }

    public NodeClient Api { get; }

    public EthereumNode Chain { get; }

    public DaoContracts Dao => Embedded.Dao.Contracts;

    public ulong ChainId => Embedded.Dao.ChainId;

    public Address Currency => Embedded.Dao.TrialCurrency ?? throw new CommandFailedException("the embedded chain has no test currency");

    public Task<T> ReadAsync<T>(ContractCall<T> call, CancellationToken cancellationToken) => Chain.ReadAsync(call, BlockReference.Latest, cancellationToken);

    /// <summary>Sends a transaction from the person's own account and enters its gas.</summary>
    public async Task<TransactionReceipt> SendAsync(MemberKey person, ContractCall call, string operation, CancellationToken cancellationToken)
    {
        using var sender = new TransactionSender(Chain, person.Account, new TransactionSenderOptions { PollInterval = Poll }, Time);
        var receipt = await WithinAsync(
            $"{operation} is mined", token => sender.SendAsync(new TransactionRequest(call.To, call.Data), token), cancellationToken).ConfigureAwait(false);
        EnterGas(operation, receipt.GasUsed, 1);
        return receipt;
    }

    /// <summary>Waits until the relayer's transaction is mined and enters its gas.</summary>
    public async Task<TransactionReceipt> RelayedAsync(RelayReceipt relay, string operation, int shared, CancellationToken cancellationToken)
    {
        var hash = await WithinAsync($"the relayer's {operation} is mined", token => Api.WaitForRelayAsync(relay.Id, Poll, Time, token), cancellationToken).ConfigureAwait(false);
        var receipt = await Chain.ReceiptAsync(hash, cancellationToken).ConfigureAwait(false)
            ?? throw new CommandFailedException($"the node says that {hash} was mined, and the chain does not know it");
        EnterGas(operation, receipt.GasUsed, shared);
        return receipt;
    }

    public void EnterGas(string operation, ulong used, int shared)
    {
        lock (gas)
        {
            var (sum, count) = gas.GetValueOrDefault(operation);
            gas[operation] = (sum + used, count + shared);
        }
    }

    public IEnumerable<KeyValuePair<string, long>> MeanGas() => gas.Select(entry => KeyValuePair.Create(entry.Key, (long)(entry.Value.Sum / entry.Value.Count)));

    /// <summary>Coins and test currency from the trial node's faucet, through its API as anyone would.</summary>
    public async Task VisitFaucetAsync(Address account, CancellationToken cancellationToken)
    {
        using var body = new StringContent($"{{\"account\":\"{account}\"}}", Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(new Uri("/v1/trial/faucet", UriKind.Relative), body, cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
            throw new CommandFailedException($"the faucet answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false)}");
        var currency = new TestCurrency(Currency);
        await UntilAsync(
            "the faucet's gift arrives",
            async () => await Chain.BalanceAsync(account, BlockReference.Latest, cancellationToken).ConfigureAwait(false) > 0
                && await ReadAsync(currency.BalanceOf(account), cancellationToken).ConfigureAwait(false) > 0,
            cancellationToken).ConfigureAwait(false);
    }

    public Task UntilAsync(string what, Func<Task<bool>> condition, CancellationToken cancellationToken) => WithinAsync(what, async token =>
    {
        while (!await condition().ConfigureAwait(false))
            await Task.Delay(Poll, Time, token).ConfigureAwait(false);
        return true;
    }, cancellationToken);

    private static async Task<T> WithinAsync<T>(string what, Func<CancellationToken, Task<T>> wait, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Longest);
        try
        {
            return await wait(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new CommandFailedException($"{Longest.TotalMinutes:0} minutes were not enough until {what}");
        }
    }

    public void Dispose()
    {
        http.Dispose();
        rpc.Dispose();
    }
}
