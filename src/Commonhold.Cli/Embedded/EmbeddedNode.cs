using System.Net;
using System.Numerics;
using Commonhold.Cli.Chain;
using Commonhold.Cli.Creation;
using Commonhold.Cli.Keys;
using Commonhold.Cli.Voice;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Server;
using Commonhold.Server.Operations;
using Microsoft.AspNetCore.Builder;

namespace Commonhold.Cli.Embedded;

/// <summary>A whole data DAO in one process: chain, node, relayer, guardians, validator.</summary>
/// <remarks>Guarantee: killed at any moment, it goes on from there at the next start; every part keeps its own state on disk and decides by it.
/// Trust: one process holding every share is one party, so this is for trials and development: the guardians of a real dataset are
/// separate people with separate machines. Flow: chain → roles' keys → DAO → guardians → node → key ceremony → validator.</remarks>
internal sealed class EmbeddedNode : IAsyncDisposable
{
    private static readonly BigInteger TenCoins = BigInteger.Pow(10, 19);

    private readonly EmbeddedOptions options;
    private readonly HttpClient http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly Stack<IAsyncDisposable> parts = new();
    private readonly CancellationTokenSource stopping = new();

    private EmbeddedNode(EmbeddedOptions options) => this.options = options;

    public AnvilProcess Chain { get; private set; } = null!;

    public EthereumNode Ethereum { get; private set; } = null!;

    public DaoFile Dao { get; private set; } = null!;

    public Uri Url { get; private set; } = null!;

    /// <summary>The same for people: passkeys belong to a name, not to an address in digits.</summary>
    public Uri PeopleUrl => new($"http://localhost:{Url.Port}");

    /// <summary>What the node is made of, for who measures it.</summary>
    public IServiceProvider Services { get; private set; } = null!;

    public EmbeddedGuardians Guardians { get; private set; } = null!;

    /// <summary>The relayer pays gas and holds no power.</summary>
    public Address Relayer { get; private set; }

    /// <param name="story">Hears in plain words what happens.</param>
    public static async Task<EmbeddedNode> StartAsync(EmbeddedOptions options, Action<string> story, CancellationToken cancellationToken)
    {
        var node = new EmbeddedNode(options);
        try
        {
            await node.StartPartsAsync(story, cancellationToken).ConfigureAwait(false);
            return node;
        }
        catch
        {
            await node.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        while (parts.TryPop(out var part))
            await part.DisposeAsync().ConfigureAwait(false);
        http.Dispose();
        stopping.Dispose();
    }

    private async Task StartPartsAsync(Action<string> story, CancellationToken cancellationToken)
    {
        parts.Push(HomeLock.Take(options.Home));
        var port = options.Port == 0 ? FreePort.Take() : FreePort.Require(options.Port, "commonhold up --port N");
        story("Starting the embedded chain (anvil)");
        Chain = await AnvilProcess.StartAsync(
            new AnvilOptions { Directory = options.Home.Chain, Port = options.ChainPort, PagesOrigin = new Uri($"http://localhost:{port}"), Time = options.Time }, cancellationToken).ConfigureAwait(false);
        parts.Push(Chain);
        Ethereum = new EthereumNode(new JsonRpcClient(http, Chain.Url, time: options.Time));

        var roles = new KeyRing(options.Home.Roles);
        var relayer = Own(roles.OpenOrGenerate("relayer"));
        Relayer = relayer.Address;
        await FundAsync(relayer.Address, cancellationToken).ConfigureAwait(false);
        Url = new Uri($"http://127.0.0.1:{port}");
        Guardians = new EmbeddedGuardians(options);
        var validator = EmbeddedValidator.Open(options);
        Dao = await OpenOrCreateDaoAsync(validator.Account, relayer, story, cancellationToken).ConfigureAwait(false);

        parts.Push(Guardians);
        await Guardians.StartAsync(Dao, Chain.Url, Url, cancellationToken).ConfigureAwait(false);
        foreach (var account in Guardians.Accounts)
            await FundAsync(account, cancellationToken).ConfigureAwait(false);
        story($"Starting the node on {PeopleUrl}");
        var app = await NodeHost.BuildAsync(NodeOptions(port), relayer.Account, cancellationToken, options.Time).ConfigureAwait(false);
        parts.Push(new Stopping(app));
        Services = app.Services;
        await app.StartAsync(cancellationToken).ConfigureAwait(false);
        await Guardians.HoldCeremonyAsync(Ethereum, story, cancellationToken).ConfigureAwait(false);
        parts.Push(validator);
        validator.Start(Dao, Url);
        await WaitForTicketsAsync(cancellationToken).ConfigureAwait(false);
        new NodeFile(Url, Chain.Url, Guardians.Urls, Environment.ProcessId).Write(options.Home);
        parts.Push(new Forgetting(options.Home));
    }

    /// <summary>A member can contribute once the key is indexed and the validator has said where tickets go.</summary>
    private async Task WaitForTicketsAsync(CancellationToken cancellationToken)
    {
        using var client = NodeClient.CreateHttp(Url);
        var node = new NodeClient(client, time: options.Time);
        while (await node.GetDaoAsync(cancellationToken).ConfigureAwait(false) is var dao
            && !(dao.Dataset.Active && dao.Validators.Members.Any(member => member.HasValidRecipient(dao.Contracts.Registry))))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), options.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private NodeOptions NodeOptions(int port) => new()
    {
        DataDirectory = options.Home.Node,
        Rpc = Chain.Url,
        Dao = Dao.Contracts.Dao,
        Name = Dao.Settings.Name,
        SchemaName = Dao.Settings.SchemaName,
        Policies = [Dao.Settings.Policy],
        DeployBlock = (long)Dao.FirstBlock,
        Listen = new IPEndPoint(IPAddress.Loopback, port),
        GuardianUrls = Guardians.Urls,
        PublicRpc = Chain.Url,
        Batching = new BatchingOptions { MaxCount = options.BatchCount, MaxAge = options.BatchAge },
        Indexing = new IndexingOptions { PollInterval = TimeSpan.FromMilliseconds(250) },
        Trial = new TrialOptions { Currency = Dao.TrialCurrency },
        LogToStandardError = options.Log,
    };

    private async Task<DaoFile> OpenOrCreateDaoAsync(Address validator, MemberKey relayer, Action<string> story, CancellationToken cancellationToken)
    {
        var guardians = await Guardians.OpenOrMakeKeysAsync(cancellationToken).ConfigureAwait(false);
        DaoFile dao;
        if (File.Exists(options.Home.DaoFile))
        {
            dao = await DaoFile.ReadAsync(options.Home.DaoFile, cancellationToken).ConfigureAwait(false);
            if ((await Ethereum.CodeAsync(dao.Contracts.Dao, BlockReference.Latest, cancellationToken).ConfigureAwait(false)).Length == 0)
                throw new CommandFailedException(
                    $"the chain in {options.Home.Chain} does not hold the DAO of {options.Home.DaoFile}", "was its state file removed? a new home starts afresh: --home DIR");
        }
        else
        {
            story($"Creating the DAO “{options.Name}” (trial rules: votes take about a minute)");
            var desk = new CreationDesk(options.Home, Ethereum, options.Time);
            var journal = desk.Unfinished ?? await desk.BeginAsync(
                new DaoSettings(options.Name, "DATA", Schema.RedditExport, guardians, options.GuardianThreshold, [validator], 1)
                {
                    Trial = true,
                    Rules = options.Rules,
                    Policy = (options.Policy ?? ContributionPolicy.Trial(Schema.RedditExport)).ToJsonBytes(),
                }, refundTo: null, cancellationToken).ConfigureAwait(false);
            dao = await desk.FinishAsync(journal, FundAsync, null, cancellationToken).ConfigureAwait(false);
        }

        if (dao.TrialCurrency is not null)
            return dao;
        using var sender = new TransactionSender(Ethereum, relayer.Account, new TransactionSenderOptions { PollInterval = TimeSpan.FromMilliseconds(100) }, options.Time);
        var receipt = await sender.SendAsync(new TransactionRequest(null, TestCurrency.Creation()), cancellationToken).ConfigureAwait(false);
        dao = dao with { TrialCurrency = receipt.ContractAddress };
        await dao.WriteAsync(options.Home.DaoFile, cancellationToken).ConfigureAwait(false);
        return dao;

        async Task<bool> FundAsync(Address account, Wei price)
        {
            await Chain.Control.SetBalanceAsync(account.ToString(), price.Value, cancellationToken).ConfigureAwait(false);
            return true;
        }
    }

    private async Task FundAsync(Address account, CancellationToken cancellationToken)
    {
        if (await Ethereum.BalanceAsync(account, BlockReference.Latest, cancellationToken).ConfigureAwait(false) < TenCoins)
            await Chain.Control.SetBalanceAsync(account.ToString(), TenCoins * 100, cancellationToken).ConfigureAwait(false);
    }

    private T Own<T>(T part)
        where T : IDisposable
    {
        parts.Push(new Disposing(part));
        return part;
    }

    private sealed class Disposing(IDisposable part) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            part.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Stopping(WebApplication app) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await app.StopAsync().ConfigureAwait(false);
            await app.DisposeAsync().ConfigureAwait(false);
        }
    }

    private sealed class Forgetting(CommonholdHome home) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            NodeFile.Delete(home);
            return ValueTask.CompletedTask;
        }
    }
}
