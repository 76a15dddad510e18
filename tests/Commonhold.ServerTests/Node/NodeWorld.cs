using System.Numerics;
using Commonhold.Age;
using Commonhold.Cli.Chain;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Server.Operations;

namespace Commonhold.ServerTests.Node;

/// <summary>A chain with one DAO on it, one guardian whose key ceremony is faked by a plain key, two validators of whom both sign.</summary>
public sealed class NodeWorld : IAsyncDisposable
{
    private readonly HttpClient _http = new();
    private readonly AnvilProcess _anvil;

    private NodeWorld(AnvilProcess anvil)
    {
        _anvil = anvil;
        Chain = new EthereumNode(new JsonRpcClient(_http, anvil.Url));
    }

    public const string Name = "Test dataset";

    public EthereumNode Chain { get; }

    public Uri Rpc => _anvil.Url;

    internal AnvilControl Anvil => _anvil.Control;

    public Secp256k1Key Relayer { get; } = Secp256k1Key.Generate();

    public Secp256k1Key Guardian { get; } = Secp256k1Key.Generate();

    public Secp256k1Key[] Validators { get; private init; } = [Secp256k1Key.Generate(), Secp256k1Key.Generate()];

    public X25519Identity Dataset { get; } = X25519Identity.Generate();

    public X25519Identity ValidatorIdentity { get; } = X25519Identity.Generate();

    public DaoContracts Contracts { get; private set; } = null!;

    public Address Currency { get; private set; }

    public CommonholdDomain Registry { get; private set; } = null!;

    /// <summary>The document whose digest the registry was created with.</summary>
    public byte[] Policy { get; private set; } = [];

    /// <param name="validators">Two keys for who brings validators of its own.</param>
    public static async Task<NodeWorld> CreateAsync(TimeSpan? blockTime = null, Secp256k1Key[]? validators = null)
    {
        var anvil = await AnvilProcess.StartAsync(new AnvilOptions { BlockTime = blockTime ?? TimeSpan.FromSeconds(2) }, default);
        var world = validators is null ? new NodeWorld(anvil) : new NodeWorld(anvil) { Validators = validators };
        using var deployer = Secp256k1Key.Generate();
        foreach (var account in new[] { deployer.Address, world.Relayer.Address, world.Guardian.Address })
            await world.FundAsync(account);
        var settings = new DaoSettings(Name, "TEST", Schema.RedditExport, [world.Guardian.Address], 1, [.. world.Validators.Select(key => key.Address)], 2)
        {
            // Tests move the clock; nothing opens, ends or becomes due by itself while a slow machine is still at the step before.
            Rules = GovernanceRules.Trial with { VotingDelay = 600, VotingPeriod = 3_600, LateQuorumExtension = 600, TimelockDelay = 600 }, Trial = true,
        };
        world.Policy = settings.Policy;
        world.Contracts = await new DaoCreator(world.Chain, TimeProvider.System).CreateAsync(settings, deployer, null, default);
        world.Registry = new CommonholdDomain(await world.Chain.ChainIdAsync(default), world.Contracts.Registry);
        world.Currency = Address.OfContract(deployer.Address, await world.Chain.TransactionCountAsync(deployer.Address, BlockReference.Latest, default));
        await world.SendAsync(deployer, null, TestCurrency.Creation());
        var recipient = Bytes32.FromSpan(world.Dataset.Recipient.Point);
        await world.SendAsync(world.Guardian, new GuardianRegistry(world.Contracts.Guardians).ConfirmKey(1, recipient, [recipient]));
        return world;
    }

    internal NodeOptions Options(string directory) => new()
    {
        DataDirectory = directory, Rpc = Rpc, Dao = Contracts.Dao, Name = Name, Policies = [Policy], LogToStandardError = false, Trial = new TrialOptions { Currency = Currency },
        Indexing = new IndexingOptions { PollInterval = TimeSpan.FromMilliseconds(100) },
        Batching = new BatchingOptions { MaxCount = 1000, MaxAge = TimeSpan.Zero },
        Limits = new LimitOptions { ReservedBytes = 0, WritesPerMinute = 100_000, WaitingPerOwner = 1000 },
    };

    public Task FundAsync(Address account) => Anvil.SetBalanceAsync(account.ToString(), BigInteger.Pow(10, 21), default);

    public Task<TransactionReceipt> SendAsync(Secp256k1Key key, ContractCall call) => SendAsync(key, call.To, call.Data);

    /// <summary>Sends a transaction and waits until it is mined; it must not revert.</summary>
    public async Task<TransactionReceipt> SendAsync(Secp256k1Key key, Address? to, ReadOnlyMemory<byte> data)
    {
        var fees = await Chain.SuggestFeesAsync(default);
        var nonce = await Chain.TransactionCountAsync(key.Address, BlockReference.Latest, default);
        var gas = await Chain.EstimateGasAsync(new CallRequest(to, data, key.Address), default);
        var signed = new Eip1559Transaction(Registry?.ChainId ?? 31337, nonce, fees.MaxPriorityFeePerGas, fees.MaxFeePerGas, gas * 3 / 2, to, 0, data).Sign(key);
        await Chain.BroadcastAsync(signed, default);
        var receipt = await Eventually.GetAsync(() => Chain.ReceiptAsync(signed.Hash, default), "the transaction is mined");
        Assert.True(receipt.Succeeded);
        return receipt;
    }

    public async Task<T> ReadAsync<T>(ContractCall<T> call) =>
        call.Decode(await Chain.CallAsync(new CallRequest(call.To, call.Data), BlockReference.Latest, default));

    public async ValueTask DisposeAsync()
    {
        await _anvil.DisposeAsync();
        _http.Dispose();
        foreach (var key in Validators.Append(Relayer).Append(Guardian))
            key.Dispose();
        Dataset.Dispose();
        ValidatorIdentity.Dispose();
    }
}

/// <summary>Waits for something to become true, as long as a slow machine may need.</summary>
internal static class Eventually
{
    public static async Task<T> GetAsync<T>(Func<Task<T?>> look, string what, int seconds = 240) where T : class
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        while (true)
        {
            if (await look() is { } found)
                return found;
            Assert.False(limit.IsCancellationRequested, $"Waited {seconds} s in vain: {what}.");
            await Task.Delay(30);
        }
    }

    public static async Task HoldsAsync(Func<Task<bool>> holds, string what, int seconds = 240) =>
        await GetAsync(async () => await holds() ? "yes" : null, what, seconds);
}
