using System.Globalization;
using System.Text;
using Commonhold.Client;
using Commonhold.Ethereum;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Commonhold.ServerTests.Node;

/// <summary>A guardian that shows whatever log it is given.</summary>
internal sealed class GuardianStub : IAsyncDisposable
{
    private readonly WebApplication _app;

    private GuardianStub(WebApplication app) => _app = app;

    public Address Account { get; set; }

    public IReadOnlyList<ReleaseLogEntry> Log { get; set; } = [];

    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<GuardianStub> StartAsync(Address account)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        GuardianStub stub = new(builder.Build()) { Account = account };
        stub._app.MapGet("/v1/guardian", () => Results.Json(new GuardianInfo(stub.Account, 1, 1, 1, 1, default, "depth:0", 1), WireJson.Default.GuardianInfo));
        stub._app.MapGet("/v1/releases", (HttpRequest request) => Results.Text(string.Concat(stub.Log
            .Skip(int.Parse(request.Query["from"]!, CultureInfo.InvariantCulture)).Take(1000).Select(entry => Encoding.UTF8.GetString(entry.ToLine()) + "\n")), "application/x-ndjson"));
        await stub._app.StartAsync();
        return stub;
    }

    /// <summary>A log of so many releases under one grant.</summary>
    public static ReleaseLogEntry[] Lines(int count, ulong grant = 0)
    {
        var entries = new ReleaseLogEntry[count];
        for (var i = 0; i < count; i++)
            entries[i] = ReleaseLogEntry.Chain(i, new ReleaseRecord(
                1_800_000_000 + i, 1, Keccak256.Hash([1]), new GrantId(grant), Keccak256.Hash([2]), new BatchId(0), [0, 1, 2, 7], Keccak256.Hash([3]), []), i == 0 ? Bytes32.Zero : entries[i - 1].Digest);
        return entries;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
