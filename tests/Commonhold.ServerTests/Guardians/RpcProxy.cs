using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Commonhold.ServerTests.Guardians;

/// <summary>A chain endpoint that can go away, or lie low: show an old block as the newest.</summary>
internal sealed class RpcProxy : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _chain = new();

    private RpcProxy(WebApplication app) => _app = app;

    public bool IsDown { get; set; }

    /// <summary>The block that passes for the newest; null for the truth.</summary>
    public long? LiesAtBlock { get; set; }

    /// <summary>What a question waits for before it is passed on.</summary>
    public Func<string, Task>? Before { get; set; }

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<RpcProxy> StartAsync(Uri chain)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        RpcProxy proxy = new(builder.Build());
        proxy._app.MapPost("/", context => proxy.ForwardAsync(context, chain));
        await proxy._app.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _chain.Dispose();
    }

    private async Task ForwardAsync(HttpContext context, Uri chain)
    {
        if (IsDown)
        {
            context.Abort();
            return;
        }

        using StreamReader reader = new(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        if (Before is { } before)
            await before(body).WaitAsync(context.RequestAborted);
        if (LiesAtBlock is { } block)
            body = body.Replace("\"latest\"", $"\"0x{block:x}\"", StringComparison.Ordinal);
        using var answer = await _chain.PostAsync(chain, new StringContent(body, Encoding.UTF8, "application/json"), context.RequestAborted);
        context.Response.ContentType = "application/json";
        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
