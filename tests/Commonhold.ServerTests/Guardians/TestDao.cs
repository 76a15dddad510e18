using System.Numerics;
using System.Security.Cryptography;
using Commonhold.Age;
using Commonhold.Cli.Chain;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.ServerTests.Node;

namespace Commonhold.ServerTests.Guardians;

/// <summary>A DAO on a chain of its own. The timelock acts as soon as it is told to; votes are tested elsewhere.</summary>
internal sealed class TestDao : IAsyncDisposable
{
    private readonly HttpClient _http = new();
    private readonly Dictionary<Address, TransactionSender> _senders = [];
    private readonly Dictionary<Address, Points> _rewards = [];
    private readonly Secp256k1Key _validator = Secp256k1Key.Generate();
    private Bytes32 _previous;
    private ulong _batches;

    private TestDao(AnvilProcess chain, NodeStub node)
    {
        Chain = chain;
        Node = node;
        Ethereum = new EthereumNode(new JsonRpcClient(_http, chain.Url), DaoErrors.All);
    }

    public AnvilProcess Chain { get; }

    public NodeStub Node { get; }

    public EthereumNode Ethereum { get; }

    public DaoContracts Contracts { get; private set; } = null!;

    public DaoFile File { get; private set; } = null!;

    public Secp256k1Key Buyer { get; } = Secp256k1Key.Generate();

    public X25519Identity BuyerIdentity { get; } = X25519Identity.Generate();

    public Secp256k1Key Member { get; } = Secp256k1Key.Generate();

    public Secp256k1Key Thief { get; } = Secp256k1Key.Generate();

    public static async Task<TestDao> StartAsync(IReadOnlyList<Address> guardians, uint threshold)
    {
        var chain = await AnvilProcess.StartAsync(new AnvilOptions { BlockTime = TimeSpan.FromHours(1) }, default);
        TestDao dao = new(chain, await NodeStub.StartAsync());
        using var creator = Secp256k1Key.Generate();
        await Task.WhenAll(guardians.Concat([creator.Address, dao.Buyer.Address, dao.Member.Address, dao.Thief.Address, dao._validator.Address])
            .Select(dao.FundAsync));
        DaoSettings settings = new("A dataset", "DATA", "reddit-export-v1", guardians, threshold, [dao._validator.Address], 1)
        {
            Trial = true, Rules = GovernanceRules.Trial,
        };
        dao.Contracts = await new DaoCreator(dao.Ethereum, TimeProvider.System).CreateAsync(settings, creator, null, default);
        dao.File = new DaoFile(31337, 0, dao.Contracts, settings);
        await dao.FundAsync(dao.Contracts.Timelock);
        await chain.Control.CallAsync("anvil_impersonateAccount", [dao.Contracts.Timelock.ToString()], default);
        return dao;
    }

    /// <summary>A contribution as its member seals it: to the dataset and to the member.</summary>
    public static TestContribution Seal(X25519Recipient dataset, Address owner, string plaintext)
    {
        using var own = X25519Identity.Generate();
        var file = AgeFile.Seal(System.Text.Encoding.UTF8.GetBytes(plaintext), dataset, own.Recipient);
        var share = Bytes32.FromSpan(AgeHeader.Parse(file).X25519Shares[0].Span);
        return new TestContribution(owner, plaintext, file, share);
    }

    /// <summary>Commits a batch; the node serves its manifest and blobs.</summary>
    public async Task<BatchManifest> CommitAsync(params IReadOnlyList<TestContribution> contributions)
    {
        Points each = new(1_000_000);
        BatchId id = new(_batches);
        Leaf[] leaves = [.. contributions.Select((c, i) => new Leaf(
            (uint)i, c.Owner, c.Digest, (ulong)c.File.Length, c.Share, Keccak256.Hash("reddit-export-v1"u8), c.Epoch, each,
            Bytes32.FromSpan(RandomNumberGenerator.GetBytes(32))))];
        BatchManifest manifest = new(31337, Contracts.Registry, id, leaves);
        foreach (var contribution in contributions)
        {
            _rewards[contribution.Owner] = _rewards.GetValueOrDefault(contribution.Owner) + each;
            Node.Blobs[contribution.Digest] = contribution.File;
        }

        var message = BatchMessage.Of(manifest, new RewardTree(_rewards), _previous);
        var signature = message.Sign(_validator, new CommonholdDomain(31337, Contracts.Registry));
        await SendAsync(_validator, new ContributionRegistry(Contracts.Registry).CommitBatch(message.ToContract(), [signature.ToArray()]));
        _previous = message.StructHash();
        _batches++;
        Node.Manifests[id.Value] = manifest.ToJsonBytes();
        return manifest;
    }

    public GrantTerms Terms(ulong? scope = null, ulong duration = 30 * 86_400) => new(
        GrantMode.Raw, Pricing.Sale, 0, 0, duration, scope ?? _batches, Address.Zero, Wei.Zero,
        Bytes32.FromSpan(BuyerIdentity.Recipient.Point), Keccak256.Hash("training"u8), Bytes32.Zero, Bytes32.Zero);

    public async Task<GrantId> RequestAsync(GrantTerms terms)
    {
        AccessMarket market = new(Contracts.Market);
        var count = await Ethereum.ReadAsync(market.GrantCount(), BlockReference.Latest, default);
        await SendAsync(Buyer, market.Request(terms.ToContract()));
        return new GrantId((ulong)count);
    }

    public async Task<GrantId> GrantAsync(GrantTerms terms)
    {
        var id = await RequestAsync(terms);
        await ApproveAsync(id, terms);
        return id;
    }

    public Task ApproveAsync(GrantId id, GrantTerms terms) => AsTimelockAsync(new AccessMarket(Contracts.Market).Approve(id, terms.Hash()));

    public Task RevokeAsync(GrantId id) => AsTimelockAsync(new AccessMarket(Contracts.Market).Revoke(id));

    public Task WithdrawAsync(Secp256k1Key owner, BatchManifest manifest, int index) => SendAsync(
        owner, new ContributionRegistry(Contracts.Registry).Withdraw(
            manifest.BatchId.Value, manifest.Leaves[index].ToContract(), manifest.Tree.Proof(index)));

    public async Task SendAsync(Secp256k1Key key, ContractCall call)
    {
        if (!_senders.TryGetValue(key.Address, out var sender))
            _senders[key.Address] = sender = new TransactionSender(
                Ethereum, key, new TransactionSenderOptions { PollInterval = TimeSpan.FromMilliseconds(20) });
        await sender.SendAsync(new TransactionRequest(call.To, call.Data), default);
    }

    public async ValueTask DisposeAsync()
    {
        await Chain.DisposeAsync();
        await Node.DisposeAsync();
        foreach (var sender in _senders.Values)
            sender.Dispose();
        _http.Dispose();
        _validator.Dispose();
        Buyer.Dispose();
        Member.Dispose();
        Thief.Dispose();
        BuyerIdentity.Dispose();
    }

    private async Task AsTimelockAsync(ContractCall call)
    {
        var hash = (await Chain.Control.CallAsync(
            "eth_sendTransaction",
            [new { from = Contracts.Timelock.ToString(), to = call.To.ToString(), data = Hex.Encode(call.Data.Span) }], default)).GetString();
        var receipt = await Eventually.GetAsync(() => Ethereum.ReceiptAsync(Bytes32.Parse(hash!), default), $"{call} is mined");
        Assert.True(receipt.Succeeded, call.ToString());
    }

    private Task FundAsync(Address account) => Chain.Control.SetBalanceAsync(account.ToString(), BigInteger.Pow(10, 20), default);
}

/// <summary>A contribution that is ready for a batch.</summary>
internal sealed record TestContribution(Address Owner, string Plaintext, byte[] File, Bytes32 Share, uint Epoch = 1)
{
    public Bytes32 Digest { get; } = Bytes32.FromSpan(SHA256.HashData(File));
}
