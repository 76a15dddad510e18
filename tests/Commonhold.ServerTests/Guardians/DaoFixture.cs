using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Guardians;
using Commonhold.Guardians.Chain;
using Commonhold.Guardians.Keys;
using Commonhold.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace Commonhold.ServerTests.Guardians;

/// <summary>One chain, one DAO, and five guardians as processes of their own, shared by all tests of the collection.</summary>
public sealed class DaoFixture : IAsyncLifetime
{
    internal const int Count = 5;
    internal const int Threshold = 3;

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("commonhold-guardians-");
    private readonly List<HttpClient> _clients = [];
    private readonly CommonholdProcess[] _processes = new CommonholdProcess[Count];
    private readonly Uri[] _addresses = new Uri[Count];

    internal TestDao Dao { get; private set; } = null!;

    /// <summary>The chain node of guardian 5 alone.</summary>
    internal RpcProxy Proxy { get; private set; } = null!;

    internal ThresholdKey Key { get; private set; } = null!;

    internal X25519Recipient Dataset => Key.Recipient;

    public async Task InitializeAsync()
    {
        if (!Require.Anvil())
            return;
        await File.WriteAllTextAsync(PassphraseFile, "correct horse battery staple\n");
        using var passphrase = await Passphrase.ReadAsync(PassphraseFile, default);
        // A random passphrase would do with this little scrypt too; here it is only about time.
        var accounts = new Address[Count];
        for (var i = 0; i < Count; i++)
            accounts[i] = (await GuardianRuntime.InitializeAsync(DirectoryOf(i + 1), passphrase, default, workFactor: 4)).Account;
        Dao = await TestDao.StartAsync(accounts, Threshold);
        Proxy = await RpcProxy.StartAsync(Dao.Chain.Url);

        Key = (await Task.WhenAll(Enumerable.Range(1, Count).Select(i => CeremonyAsync(i, passphrase))))[0];
        await Task.WhenAll(Enumerable.Range(1, Count).Select(StartAsync));
        // Batch 0 is one that every test may ask about.
        await Dao.CommitAsync(TestDao.Seal(Dataset, Dao.Member.Address, "the first file"));
    }

    public async Task DisposeAsync()
    {
        foreach (var process in _processes)
        {
            if (process is not null)
                await process.DisposeAsync();
        }

        _clients.ForEach(client => client.Dispose());
        if (Dao is not null)
        {
            await Proxy.DisposeAsync();
            await Dao.DisposeAsync();
        }

        _root.Delete(recursive: true);
    }

    internal string DirectoryOf(int guardian) => Path.Combine(_root.FullName, $"guardian-{guardian}");

    internal string PassphraseFile => Path.Combine(_root.FullName, "passphrase");

    internal string TemporaryDirectory(string name) => Path.Combine(_root.FullName, name);

    internal GuardianSettings Settings(string directory, Uri rpc) => new()
    {
        Directory = directory,
        Dao = Dao.Contracts.Dao,
        Rpc = rpc,
        Node = Dao.Node.Address,
        Chain = new ChainSettings(FinalityRule.AtDepth(0), MaxChainAge: null),
        Listen = new Uri("http://127.0.0.1:0"),
        PollInterval = TimeSpan.FromMilliseconds(50),
    };

    internal async Task StartAsync(int guardian)
    {
        var rpc = guardian == Count ? Proxy.Address : Dao.Chain.Url;
        var process = CommonholdProcess.Start(
            "guardian", "serve", "--data", DirectoryOf(guardian), "--passphrase-file", PassphraseFile, "--dao", Dao.Contracts.Dao.ToString(),
            "--rpc", rpc.ToString(), "--node", Dao.Node.Address.ToString(), "--finality", "depth:0", "--max-chain-age", "0",
            "--listen", "http://127.0.0.1:0");
        _processes[guardian - 1] = process;
        _addresses[guardian - 1] = await process.AddressAsync();
    }

    /// <summary>kill -9.</summary>
    internal Task KillAsync(int guardian) => _processes[guardian - 1].KillAsync();

    internal string AddressOf(int guardian) => _addresses[guardian - 1].ToString();

    internal GuardianClient Client(int guardian) => Client(_addresses[guardian - 1]);

    internal GuardianClient Client(Uri address)
    {
        var http = NodeClient.CreateHttp(address);
        _clients.Add(http);
        return new GuardianClient(http, new HttpLimits { Attempts = 1 });
    }

    /// <summary>Asks one guardian; the answer as the buyer reads it.</summary>
    internal async Task<ReleaseAnswer> AskAsync(int guardian, ReleaseRequest request)
    {
        using var json = AgeFile.Open(await Client(guardian).ReleaseAsync(request, default), Dao.BuyerIdentity);
        return System.Text.Json.JsonSerializer.Deserialize(json.Span, WireJson.Default.ReleaseAnswer)!;
    }

    /// <summary>The code with which a guardian refuses the whole call.</summary>
    internal async Task<string> RefusalAsync(int guardian, ReleaseRequest request)
    {
        var refused = await Assert.ThrowsAnyAsync<CommonholdException>(() => Client(guardian).ReleaseAsync(request, default));
        return refused.Refusal!.Code;
    }

    internal async Task<Result<OpenReport>> OpenAsync(
        GrantId grant, GrantTerms terms, string directory, params IReadOnlyList<GuardianLink> instead)
    {
        GuardianLink[] links = [.. Enumerable.Range(1, Count).Select(i =>
            instead.FirstOrDefault(link => link.Index == i) ?? new GuardianLink((uint)i, Client(i)))];
        using var http = NodeClient.CreateHttp(Dao.Node.Address);
        GrantOpener opener = new(
            new NodeClient(http), new ChainView(Dao.Ethereum, Dao.Contracts.Dao), links, Dao.BuyerIdentity,
            new OpenOptions { HedgeAfter = TimeSpan.FromMinutes(2) });
        return await opener.OpenAsync(grant, terms, TemporaryDirectory(directory), null, default);
    }

    private async Task<ThresholdKey> CeremonyAsync(int guardian, Passphrase passphrase)
    {
        await using var runtime = await GuardianRuntime.OpenAsync(
            Settings(DirectoryOf(guardian), Dao.Chain.Url), passphrase, NullLoggerFactory.Instance, TimeProvider.System, default);
        return (await runtime.Ceremony.RunAsync(1, null, default)).Key;
    }
}

[CollectionDefinition(Name)]
public sealed class GuardianCollection : ICollectionFixture<DaoFixture>
{
    public const string Name = "guardians";
}
