using System.Net;
using System.Net.Sockets;
using Commonhold.Ethereum;
using Commonhold.Server.Access;
using Commonhold.Server.Accounts;
using Commonhold.Server.Catalogue;
using Commonhold.Server.Ceremonies;
using Commonhold.Server.Contributions;
using Commonhold.Server.Creation;
using Commonhold.Server.Governance;
using Commonhold.Server.Home;
using Commonhold.Server.Indexer;
using Commonhold.Server.Operate;
using Commonhold.Server.Operations;
using Commonhold.Server.Relay;
using Commonhold.Server.Releases;
using Commonhold.Server.Revenue;
using Commonhold.Server.Storage;
using Commonhold.Server.Transparency;
using Commonhold.Server.Web;
using Commonhold.Server.Web.Assets;
using Commonhold.Server.Web.Layout;
using Commonhold.Server.Web.Live;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Logging.Console;

namespace Commonhold.Server;

/// <summary>Composes the node: storage, indexer, relayer and the HTTP interface of one DAO.</summary>
/// <remarks>Guarantee: what it accepted survives any crash; its database is an index that chain and storage rebuild.
/// Trust: its own disk, and its chain endpoint for availability and order; it is trusted with no key of the dataset and sees no plaintext.
/// Flow: lock the directory → migrate → read the DAO's deed → catch up the journal → serve, index, relay, batch.</remarks>
internal static class NodeHost
{
    /// <param name="options">Where it lives and which DAO it serves.</param>
    /// <param name="relayer">Pays gas for members' signatures; without it the node relays nothing. The caller disposes of it after the node.</param>
    /// <param name="logging">The composer's own log sinks.</param>
    /// <exception cref="NodeAlreadyRunningException">Another process has the data directory.</exception>
    /// <exception cref="RpcException">The chain cannot be reached.</exception>
    /// <exception cref="InvalidOperationException">There is no such DAO.</exception>
    public static async Task<WebApplication> BuildAsync(
        NodeOptions options, Secp256k1Key? relayer, CancellationToken cancellationToken, TimeProvider? time = null, Action<ILoggingBuilder>? logging = null)
    {
        CreateDirectory(options.DataDirectory);
        var nodeLock = NodeLock.Take(options.DataDirectory);
        WebApplication? app = null;
        try
        {
            var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "Commonhold.Server", ContentRootPath = options.DataDirectory });
            ConfigureKestrel(builder, options);
            ConfigureLogging(builder, options, logging);
            var failures = new FailureLog(time ?? TimeProvider.System);
            builder.Logging.AddProvider(failures);
            builder.Services.AddSingleton(failures);
            var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
            var node = new EthereumNode(new JsonRpcClient(http, options.Rpc, new JsonRpcOptions { Timeout = TimeSpan.FromSeconds(15), MaxAttempts = 3 }, time),
                Dao.Errors, new LogScanOptions { MaxRange = (ulong)options.Indexing.MaxBlockRange });
            var dao = await Dao.ReadAsync(node, options, cancellationToken);

            var services = builder.Services;
            services.AddSingleton(_ => nodeLock).AddSingleton(_ => http).AddSingleton(_ => new Database(Path.Combine(options.DataDirectory, "node.db")));
            services.AddSingleton(options).AddSingleton(time ?? TimeProvider.System).AddSingleton(node).AddSingleton(dao).AddSingleton(new Relayer(relayer));
            services.AddSingleton<IBlobStore>(new DiskBlobStore(Path.Combine(options.DataDirectory, "store"), options.Limits.ReservedBytes));
            AddFeatures(services, options);
            app = builder.Build();
            app.Services.GetRequiredService<NodeLock>(); // From here on disposing of the application frees the directory.
            app.Services.GetRequiredService<HttpClient>();
            await new Migrator(app.Services.GetRequiredService<Database>()).RunAsync(cancellationToken);
            await app.Services.GetRequiredService<Journal>().RestoreAsync(cancellationToken);
            await app.Services.GetRequiredService<PolicyShelf>().StockAsync(cancellationToken);
            UseHttp(app, options);
            return app;
        }
        catch
        {
            if (app is not null)
                await app.DisposeAsync();
            nodeLock.Dispose();
            throw;
        }
    }

    private static void AddFeatures(IServiceCollection services, NodeOptions options)
    {
        services.AddSingleton<Changes>().AddSingleton<ChainState>().AddSingleton<LogWriter>().AddSingleton<ManifestLoader>().AddSingleton<PartiesReader>().AddSingleton<KnownCurrencies>().AddSingleton<Currencies>().AddSingleton<TokenFacts>();
        services.AddSingleton<SignInNonces>().AddSingleton<Sessions>().AddSingleton<SignIn>();
        services.AddSingleton<RelaySimulator>().AddSingleton<RelayLedger>().AddSingleton<Outbox>();
        services.AddSingleton<WorkBell>().AddSingleton<ContributionTable>().AddSingleton<UploadShares>().AddSingleton<SealedFiles>().AddSingleton<Journal>().AddSingleton<ContributionIntake>();
        services.AddSingleton<BatchTable>().AddSingleton<BatchProposals>().AddSingleton<RewardLedger>().AddSingleton<ValidatorDesk>();
        services.AddSingleton<ValidatorRecipients>().AddSingleton<MemberRelay>().AddSingleton<CeremonyRelay>();
        services.AddSingleton<GrantBook>().AddSingleton<PurposeShelf>();
        services.AddSingleton<RequestTeller>().AddSingleton<MyDesk>();
        services.AddSingleton<RevenueBook>().AddSingleton<PartsReader>().AddSingleton<EarningsDesk>();
        services.AddSingleton<ProposalBook>().AddSingleton<ActionReader>().AddSingleton<CarryOut>().AddSingleton<Delegations>().AddSingleton<PolicyShelf>().AddSingleton<VoteDesk>();
        services.AddSingleton<Figures>().AddSingleton<HomeDesk>();
        services.AddSingleton<RequestDesk>().AddSingleton<DatasetFormat>().AddSingleton<DatasetLedger>().AddSingleton<QualityLedger>().AddSingleton<CatalogueBook>();
        services.AddSingleton<GuardianFeed>().AddSingleton<ReleaseTable>().AddSingleton<LogFollower>().AddSingleton<GuardianWatch>().AddSingleton<ReleaseBook>();
        services.AddSingleton<PublicLedger>();
        services.AddSingleton<DraftShelf>().AddSingleton<CreationDesk>();
        services.AddSingleton<IntakeGate>().AddSingleton<BatchWish>().AddSingleton<Operators>().AddSingleton<OperationsLog>().AddSingleton<RelayerMeter>().AddSingleton<OperateDesk>();
        services.AddHostedService(provider => provider.GetRequiredService<RelayerMeter>());
        services.AddHostedService(provider => provider.GetRequiredService<GuardianWatch>());
        services.AddHostedService<ChainIndexer>().AddHostedService<RelaySender>().AddHostedService<Batcher>().AddHostedService<Housekeeping>().AddHostedService<ChangeWatch>();

        services.AddRazorComponents();
        services.AddSingleton<AssetShelf>().AddSingleton<Menu>().AddSingleton<ChainClock>().AddFormTokens(options);
        services.ConfigureHttpJsonOptions(json => Json.Configure(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true); // So that one place words every bad request.
        services.AddExceptionHandler<FailureHandler>();
        services.AddRateLimits(options).AddDescription();
        services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new RequestTimeoutPolicy { Timeout = TimeSpan.FromMinutes(1), TimeoutStatusCode = 504 });
        services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.WithOrigins([.. options.CorsOrigins]).AllowAnyHeader().AllowAnyMethod()
            .WithExposedHeaders("Location", "Link", "Upload-Offset", "Upload-Length")));
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
    }

    private static void UseHttp(WebApplication app, NodeOptions options)
    {
        app.UseRequestLog();
        app.UseHeadRequests();
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(context => BareStatus.ExecuteAsync(context.HttpContext));
        app.UseSecurityHeaders(options);
        if (options.PublicUrl is not null)
            app.UseForwardedHeaders(new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = 1 });
        app.Use(new HostRule(options).InvokeAsync);
        app.UseRouting();
        if (options.CorsOrigins.Count > 0)
            app.UseCors();
        app.UseRequestTimeouts();
        app.UseRateLimiter();
        app.UseSessions(app.Services.GetRequiredService<Sessions>());
        app.UseAntiforgery();
        app.MapOpenApi();
        AssetEndpoints.Map(app);
        FormTokens.Map(app);
        SessionEndpoints.Map(app);
        EventEndpoints.Map(app);
        HomeEndpoints.Map(app);
        UploadEndpoints.Map(app);
        ContributionEndpoints.Map(app, options);
        ContributionPages.Map(app);
        ValidatorEndpoints.Map(app, options);
        CeremonyEndpoints.Map(app);
        AccessEndpoints.Map(app);
        PurposeEndpoints.Map(app);
        RequestPages.Map(app);
        CatalogueEndpoints.Map(app);
        RevenueEndpoints.Map(app);
        EarningsPages.Map(app);
        GovernanceEndpoints.Map(app);
        VotePages.Map(app);
        PolicyEndpoints.Map(app);
        RelayEndpoints.Map(app);
        ReleaseEndpoints.Map(app);
        TransparencyEndpoints.Map(app);
        OperateEndpoints.Map(app);
        CreationEndpoints.Map(app);
    }

    private static void ConfigureKestrel(WebApplicationBuilder builder, NodeOptions options) => builder.WebHost.ConfigureKestrel(kestrel =>
    {
        ConnectionLimit.Use(kestrel, Sibling(options.Listen) is { } sibling ? [options.Listen, sibling] : [options.Listen], options);
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = options.Limits.MaxJsonBytes;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
    });

    /// <summary>The same port on ::1, because browsers may take localhost for either; none where there is no IPv6.</summary>
    private static IPEndPoint? Sibling(IPEndPoint listen)
    {
        if (!listen.Address.Equals(IPAddress.Loopback) || listen.Port == 0)
            return null;
        var sibling = new IPEndPoint(IPAddress.IPv6Loopback, listen.Port);
        try
        {
            using var probe = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(sibling);
            return sibling;
        }
        catch (SocketException unavailable) when (unavailable.SocketErrorCode is not SocketError.AddressAlreadyInUse)
        {
            return null;
        }
    }

    private static void ConfigureLogging(WebApplicationBuilder builder, NodeOptions options, Action<ILoggingBuilder>? logging)
    {
        builder.Logging.ClearProviders();
        builder.Logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning);
        // Form tokens guard no secret that outlives a page; their keys lie in the node's own directory, which only its user reads.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        // Pages with a form are never cached, as it wishes; it warns of every one of them.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.Error);
        // Its own failures are logged by FailureHandler, with the request's place and without its content.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware", LogLevel.None);
        if (options.LogToStandardError)
        {
            builder.Logging.AddJsonConsole(json => (json.UseUtcTimestamp, json.TimestampFormat) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ"));
            builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        }

        logging?.Invoke(builder.Logging);
    }

    private static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
