using System.Numerics;
using System.Security.Cryptography;
using Commonhold.Age;
using Commonhold.Cli.Chain;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Guardians;
using Commonhold.Guardians.Chain;
using Commonhold.Guardians.Hosting;
using Commonhold.Guardians.Keys;
using Commonhold.Server;
using Commonhold.Server.Operations;
using Commonhold.Server.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Commonhold.Benchmarks;

/// <summary>A DAO on anvil with a node and five guardians in this process, each behind HTTP on loopback, and one grant over all its files.</summary>
/// <remarks>Everything is the product's but two shortcuts that no figure sees: files and manifests are put into the node's storage
/// as an earlier life of it would have left them, and the timelock is told to approve.</remarks>
internal sealed class OpenGrantWorld : IAsyncDisposable
{
    private const int Guardians = 5;
    private const int Threshold = 3;
    private const int BatchSize = 1000;
    private const string Name = "Benchmark";
    private static readonly Points Each = new(1_000_000);

    private readonly HttpClient _http = new();
    private readonly Secp256k1Key _validator = Secp256k1Key.Generate(), _buyer = Secp256k1Key.Generate(), _member = Secp256k1Key.Generate();
    private readonly List<GuardianHost> _guardians = [];
    private readonly List<HttpClient> _clients = [];
    private readonly Passphrase _passphrase = Passphrase.Of("benchmark");
    private readonly string _folder;
    private readonly AnvilProcess _anvil;
    private WebApplication? _node;

    private OpenGrantWorld(string folder, AnvilProcess anvil)
    {
        (_folder, _anvil) = (folder, anvil);
        Chain = new EthereumNode(new JsonRpcClient(_http, anvil.Url), DaoErrors.All);
    }

    public EthereumNode Chain { get; }

    public DaoContracts Contracts { get; private set; } = null!;

    public X25519Identity BuyerIdentity { get; } = X25519Identity.Generate();

    /// <summary>A key that opens every file by itself, as a member's opens the member's own.</summary>
    public X25519Identity KnownIdentity { get; } = X25519Identity.Generate();

    public GrantId Grant { get; private set; }

    public GrantTerms Terms { get; private set; } = null!;

    /// <summary>The age files, as they lie in the node's storage.</summary>
    public IReadOnlyList<string> Files { get; private set; } = [];

    public static int AnswersNeeded => Threshold;

    public static async Task<OpenGrantWorld> CreateAsync(string folder, int files, int bytes, CancellationToken cancellationToken)
    {
        var anvil = await AnvilProcess.StartAsync(new AnvilOptions { BlockTime = TimeSpan.FromHours(1) }, cancellationToken);
        OpenGrantWorld world = new(folder, anvil);
        try
        {
            await world.FoundAsync(cancellationToken);
            var key = await world.StartAsync(cancellationToken);
            await world.FillAsync(key, files, bytes, cancellationToken);
            await world.GrantAsync(cancellationToken);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    public GrantOpener Opener(OpenOptions options) => new(
        new NodeClient(Client(NodeUrl)), new ChainView(Chain, Contracts.Dao),
        [.. _guardians.Select((host, i) => new GuardianLink((uint)(i + 1), new GuardianClient(Client(host.Address), new HttpLimits())))],
        BuyerIdentity, options);

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        foreach (var host in _guardians)
            await host.DisposeAsync();
        if (_node is not null)
            await _node.DisposeAsync();
        await _anvil.DisposeAsync();
        foreach (IDisposable part in (IDisposable[])[_http, _validator, _buyer, _member, _passphrase, BuyerIdentity, KnownIdentity])
            part.Dispose();
    }

    private Uri NodeUrl => new(_node!.Urls.Single());

    private string DirectoryOf(int guardian) => Path.Combine(_folder, $"guardian-{guardian}");

    private async Task FoundAsync(CancellationToken cancellationToken)
    {
        var accounts = new Address[Guardians];
        for (var i = 0; i < Guardians; i++)
            accounts[i] = (await GuardianRuntime.InitializeAsync(DirectoryOf(i), _passphrase, cancellationToken, workFactor: 4)).Account;
        using var creator = Secp256k1Key.Generate();
        foreach (var account in accounts.Concat([creator.Address, _validator.Address, _buyer.Address]))
            await FundAsync(account, cancellationToken);
        DaoSettings settings = new(Name, "BENCH", Schema.RedditExport, accounts, Threshold, [_validator.Address], 1) { Trial = true, Rules = GovernanceRules.Trial };
        Contracts = await new DaoCreator(Chain, TimeProvider.System).CreateAsync(settings, creator, null, cancellationToken);
    }

    /// <summary>The node, then the guardians, who make the dataset's key through it.</summary>
    private async Task<ThresholdKey> StartAsync(CancellationToken cancellationToken)
    {
        _node = await NodeHost.BuildAsync(
            new NodeOptions
            {
                DataDirectory = Path.Combine(_folder, "node"), Rpc = _anvil.Url, Dao = Contracts.Dao, Name = Name, LogToStandardError = false,
                Indexing = new IndexingOptions { PollInterval = TimeSpan.FromMilliseconds(100) },
                Limits = new LimitOptions { WritesPerMinute = 100_000 },
            },
            relayer: null, cancellationToken);
        await _node.StartAsync(cancellationToken);
        for (var i = 0; i < Guardians; i++)
        {
            _guardians.Add(await GuardianHost.StartAsync(
                new GuardianSettings
                {
                    Directory = DirectoryOf(i), Dao = Contracts.Dao, Rpc = _anvil.Url, Node = NodeUrl, Listen = new Uri("http://127.0.0.1:0"),
                    Chain = new ChainSettings(FinalityRule.AtDepth(0), MaxChainAge: null), PollInterval = TimeSpan.FromMilliseconds(50),
                },
                _passphrase, TimeProvider.System, cancellationToken));
        }

        return (await Task.WhenAll(_guardians.Select(host => host.Runtime.Ceremony.RunAsync(1, null, cancellationToken))))[0].Key;
    }

    private async Task FillAsync(ThresholdKey key, int files, int bytes, CancellationToken cancellationToken)
    {
        var paths = new string[files];
        var leaves = new Leaf[files];
        await Parallel.ForAsync(0, files, cancellationToken, async (i, token) =>
        {
            var file = AgeFile.Seal(RandomNumberGenerator.GetBytes(bytes), key.Recipient, KnownIdentity.Recipient);
            var digest = Bytes32.FromSpan(SHA256.HashData(file));
            leaves[i] = new Leaf(
                (uint)(i % BatchSize), _member.Address, digest, (ulong)file.Length, Bytes32.FromSpan(AgeHeader.Parse(file).X25519Shares[0].Span),
                Schema.Hash(Schema.RedditExport), 1, Each, Bytes32.FromSpan(RandomNumberGenerator.GetBytes(32)));
            paths[i] = Path.Combine(_folder, "node", "store", BlobName.OfCiphertext(digest).ToString());
            Directory.CreateDirectory(Path.GetDirectoryName(paths[i])!);
            await File.WriteAllBytesAsync(paths[i], file, token);
        });
        Files = paths;

        var store = _node!.Services.GetRequiredService<IBlobStore>();
        var domain = new CommonholdDomain(await Chain.ChainIdAsync(cancellationToken), Contracts.Registry);
        using var sender = Sender(_validator);
        var previous = Bytes32.Zero;
        var earned = Points.Zero;
        foreach (var (number, part) in leaves.Chunk(BatchSize).Index())
        {
            BatchManifest manifest = new(domain.ChainId, Contracts.Registry, new BatchId((ulong)number), part);
            earned += manifest.TotalPoints;
            var message = BatchMessage.Of(manifest, new RewardTree(new Dictionary<Address, Points> { [_member.Address] = earned }), previous);
            await store.WriteAsync(BlobName.OfManifest(number, manifest.Root), manifest.ToJsonBytes(), cancellationToken);
            await SendAsync(sender, new ContributionRegistry(Contracts.Registry).CommitBatch(
                message.ToContract(), [message.Sign(_validator, domain).ToArray()]), cancellationToken);
            previous = message.StructHash();
        }

        NodeClient node = new(Client(NodeUrl));
        var last = new BatchId((ulong)((files - 1) / BatchSize));
        while ((await node.ListBatchesAsync(last, cancellationToken)).Count == 0)
            await Task.Delay(50, cancellationToken);
        Terms = new GrantTerms(
            GrantMode.Raw, Pricing.Sale, 0, 0, 86_400, last.Value + 1, Address.Zero, Wei.Zero, Bytes32.FromSpan(BuyerIdentity.Recipient.Point),
            Keccak256.Hash("benchmark"u8), Bytes32.Zero, Bytes32.Zero);
    }

    private async Task GrantAsync(CancellationToken cancellationToken)
    {
        AccessMarket market = new(Contracts.Market);
        Grant = new GrantId((ulong)await Chain.ReadAsync(market.GrantCount(), BlockReference.Latest, cancellationToken));
        using var sender = Sender(_buyer);
        await SendAsync(sender, market.Request(Terms.ToContract()), cancellationToken);

        await FundAsync(Contracts.Timelock, cancellationToken);
        await _anvil.Control.CallAsync("anvil_impersonateAccount", [Contracts.Timelock.ToString()], cancellationToken);
        var approval = market.Approve(Grant, Terms.Hash());
        var hash = Bytes32.Parse((await _anvil.Control.CallAsync(
            "eth_sendTransaction", [new { from = Contracts.Timelock.ToString(), to = approval.To.ToString(), data = Hex.Encode(approval.Data.Span) }],
            cancellationToken)).GetString()!);
        TransactionReceipt? receipt;
        while ((receipt = await Chain.ReceiptAsync(hash, cancellationToken)) is null)
            await Task.Delay(20, cancellationToken);
        if (!receipt.Succeeded)
            throw new InvalidOperationException("The timelock's approval reverted.");
    }

    private TransactionSender Sender(Secp256k1Key key) => new(Chain, key, new TransactionSenderOptions { PollInterval = TimeSpan.FromMilliseconds(20) });

    private static Task<TransactionReceipt> SendAsync(TransactionSender sender, ContractCall call, CancellationToken cancellationToken) =>
        sender.SendAsync(new TransactionRequest(call.To, call.Data), cancellationToken);

    private Task FundAsync(Address account, CancellationToken cancellationToken) =>
        _anvil.Control.SetBalanceAsync(account.ToString(), BigInteger.Pow(10, 20), cancellationToken);

    private HttpClient Client(Uri address)
    {
        _clients.Add(NodeClient.CreateHttp(address));
        return _clients[^1];
    }
}
