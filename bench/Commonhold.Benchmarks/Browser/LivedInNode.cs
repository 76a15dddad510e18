using Commonhold.Cli;
using Commonhold.Cli.Demo;
using Commonhold.Cli.Embedded;
using Commonhold.Cli.Keys;
using Commonhold.Client;
using Commonhold.Exports.Reddit;

namespace Commonhold.Benchmarks.Browser;

/// <summary>An embedded node in which a dozen people live, so that its pages have something to show.</summary>
internal sealed class LivedInNode : IAsyncDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("commonhold-bench-node-");
    private readonly List<DemoMember> _members = [];
    private DemoWorld? _world;

    public EmbeddedNode Node { get; private set; } = null!;

    /// <summary>The address that people use.</summary>
    public Uri Url => new UriBuilder(Node.Url) { Host = "localhost" }.Uri;

    public static async Task<LivedInNode> StartAsync(CancellationToken cancellationToken)
    {
        var lived = new LivedInNode();
        try
        {
            await lived.FillAsync(cancellationToken);
            return lived;
        }
        catch
        {
            await lived.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _members.ForEach(member => member.Dispose());
        _world?.Dispose();
        if (Node is not null)
            await Node.DisposeAsync();
        _home.Delete(recursive: true);
    }

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        string At(string name) => Path.Combine(_home.FullName, name);
        Node = await EmbeddedNode.StartAsync(
            new EmbeddedOptions(new CommonholdHome(At("home"))) { Name = "Reddit commons", Port = 0, ChainPort = 0, BatchAge = TimeSpan.FromSeconds(1) }, _ => { }, cancellationToken);
        _world = new DemoWorld(Node, TimeProvider.System);
        var ring = new KeyRing(At("people"));
        foreach (var export in await SampleExports.WriteAllAsync(At("exports"), 12, cancellationToken: cancellationToken))
            _members.Add(new DemoMember(export, ring.Create($"member-{_members.Count + 1}", generate: true)));
        var outbox = CommonholdHome.Private(At("outbox"));
        foreach (var member in _members)
            await member.ContributeAsync(_world, outbox, cancellationToken);
        await _world.UntilAsync("every contribution stands in a batch", async () =>
        {
            var all = await Task.WhenAll(_members.Select(m => _world.Api.GetContributionAsync(m.Digest!.Value, cancellationToken)));
            return all.All(status => status?.State == ContributionState.Committed);
        }, cancellationToken);
        await _world.RelayedAsync(await _world.Api.RelayClaimsAsync([.. _members.Select(m => m.Key.Address)], cancellationToken), "claim", _members.Count, cancellationToken);
        // Votes and snapshots count what was held a second before.
        var head = await Node.Chain.Control.HeadAsync(cancellationToken);
        await Node.Chain.Control.AdvanceToAsync(head.Time + 2, cancellationToken);

        using var buyer = ring.Create("buyer", generate: true);
        await _world.VisitFaucetAsync(buyer.Address, cancellationToken);
        await _world.VisitFaucetAsync(_members[0].Key.Address, cancellationToken);
        var request = await DemoRequest.MakeAsync(_world, buyer, 1_000_000_007, "Train a model on the commons", cancellationToken);
        await request.ExecuteAsync(await request.VoteAsync(_members[0], _members, VoteSupport.For, cancellationToken), buyer, cancellationToken);
        await request.OpenAsync(At("opened"), cancellationToken);
    }
}
