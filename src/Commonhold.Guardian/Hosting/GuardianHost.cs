using System.Threading.RateLimiting;
using Commonhold.Guardians.Keys;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Commonhold.Guardians.Hosting;

/// <summary>A guardian that answers over HTTP, as its own process or inside the embedded node.</summary>
/// <remarks>Trusts no caller: bodies are bounded, calls at a time are bounded, and what is answered is sealed to the grantee.</remarks>
internal sealed class GuardianHost : IAsyncDisposable
{
    /// <summary>1,000 indices and the terms take less than 16 KB.</summary>
    private const int MaxBodyBytes = 64 * 1024;

    /// <summary>A caller that holds one of the few places must use it: a whole request comes in within seconds.</summary>
    private static readonly MinDataRate SlowestCaller = new(bytesPerSecond: 8 * 1024, gracePeriod: TimeSpan.FromSeconds(5));

    private readonly WebApplication _app;

    private GuardianHost(WebApplication app, GuardianRuntime runtime)
    {
        _app = app;
        Runtime = runtime;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public GuardianRuntime Runtime { get; }

    /// <summary>Where it answers.</summary>
    public Uri Address { get; }

    /// <param name="passphrase">Stays the caller's, and must outlive the host.</param>
    /// <exception cref="GuardianException">Key, log, directory or chain are not as they must be.</exception>
    public static async Task<GuardianHost> StartAsync(
        GuardianSettings settings, Passphrase passphrase, TimeProvider time, CancellationToken cancellationToken,
        Action<ILoggingBuilder>? logging = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        logging?.Invoke(builder.Logging);
        builder.WebHost.UseUrls(settings.Listen.ToString());
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            kestrel.Limits.MaxConcurrentConnections = 1024;
            kestrel.Limits.MinRequestBodyDataRate = SlowestCaller;
            kestrel.Limits.MinResponseDataRate = SlowestCaller;
        });
        GuardianEndpoints.AddCrossOrigin(builder.Services);
        builder.Services.AddRateLimiter(limiter => limiter.GlobalLimiter = CallsAtATime());
        // Ctrl-C belongs to the command that started us; several guardians may live in one process.
        builder.Services.AddSingleton<IHostLifetime, OwnersLifetime>();

        var app = builder.Build();
        GuardianRuntime? runtime = null;
        try
        {
            runtime = await GuardianRuntime.OpenAsync(
                settings, passphrase, app.Services.GetRequiredService<ILoggerFactory>(), time, cancellationToken);
            app.UseStatusCodePages(pages => GuardianEndpoints.ExplainAsync(pages.HttpContext));
            // Before the limiter: a page should be able to read that it has to wait.
            app.UseCors();
            app.UseRateLimiter();
            GuardianEndpoints.Map(app, runtime.Guardian);
            await app.StartAsync(cancellationToken);
            return new GuardianHost(app, runtime);
        }
        catch
        {
            await app.DisposeAsync();
            if (runtime is not null)
                await runtime.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // First let calls end: an answer that is logged should also leave.
        await _app.StopAsync();
        await _app.DisposeAsync();
        await Runtime.DisposeAsync();
    }

    /// <summary>Each call keeps the cores busy; more at a time would only make all of them slow. Who reads the log has places of its
    /// own, so that slow readers do not keep grantees waiting.</summary>
    private static PartitionedRateLimiter<HttpContext> CallsAtATime() => PartitionedRateLimiter.Create<HttpContext, string>(
        context => RateLimitPartition.GetConcurrencyLimiter(HttpMethods.IsPost(context.Request.Method) ? "release" : "read", _ => new ConcurrencyLimiterOptions
        {
            PermitLimit = 4 * Environment.ProcessorCount,
            QueueLimit = 256,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        }));

    private sealed class OwnersLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
