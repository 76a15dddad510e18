using System.Collections.Concurrent;
using Commonhold.Client;
using Commonhold.Ethereum;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Commonhold.ServerTests.Guardians;

/// <summary>A node that serves whatever manifests it is given, forged ones too, and relays ceremony messages.</summary>
internal sealed class NodeStub : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<(uint Epoch, byte Round, uint Guardian), CeremonyPut> _ceremony = new();

    private NodeStub(WebApplication app) => _app = app;

    public ConcurrentDictionary<ulong, byte[]> Manifests { get; } = new();

    public ConcurrentDictionary<Bytes32, byte[]> Blobs { get; } = new();

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<NodeStub> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        NodeStub stub = new(app);
        stub.Map();
        await app.StartAsync();
        return stub;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private void Map()
    {
        _app.MapGet("/v1/batches/{batch}/manifest", (ulong batch) =>
            Manifests.TryGetValue(batch, out var json) ? Results.Bytes(json, "application/json") : Results.NotFound());
        _app.MapGet("/v1/blobs/{digest}", (string digest) =>
            Blobs.TryGetValue(Bytes32.Parse(digest), out var blob)
                ? Results.Bytes(blob, "application/octet-stream", enableRangeProcessing: true) : Results.NotFound());
        _app.MapPut("/v1/ceremonies/{epoch}/{round}/{guardian}", async (uint epoch, byte round, uint guardian, HttpRequest request) =>
        {
            var put = (await System.Text.Json.JsonSerializer.DeserializeAsync(request.Body, WireJson.Default.CeremonyPut))!;
            return _ceremony.GetOrAdd((epoch, round, guardian), put).Message.AsSpan().SequenceEqual(put.Message)
                ? Results.NoContent() : Results.Conflict();
        });
        _app.MapGet("/v1/ceremonies/{epoch}/{round}", (uint epoch, byte round) => Results.Json(
            (IReadOnlyList<CeremonyPost>)[.. _ceremony.Where(m => m.Key.Epoch == epoch && m.Key.Round == round)
                .Select(m => new CeremonyPost(m.Key.Guardian, m.Value.Message, m.Value.Signature))],
            WireJson.Default.IReadOnlyListCeremonyPost));
    }
}
