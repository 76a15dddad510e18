using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Access;
using Commonhold.Server.Home.Pages;
using Commonhold.Server.Indexer;
using Commonhold.Server.Operations;
using Commonhold.Server.Releases;
using Commonhold.Server.Web;
using Commonhold.Server.Web.Components;

namespace Commonhold.Server.Home;

/// <summary>Gathers the first page, renders it when something that it shows has changed, and otherwise gives out what it rendered last.</summary>
/// <remarks>Guarantee: nothing older than the tables is shown, because every change of them is counted (<see cref="Changes"/>) and the counters
/// are part of what a rendering is kept under; so is the node's own state. It is the same for everybody who is not signed in; who is gets one of their own.</remarks>
internal sealed class HomeDesk(
    Figures figures, GrantBook grants, RequestTeller teller, ReleaseBook releases, ChainState chain, Changes changes, TimeProvider time,
    IServiceProvider services, ILoggerFactory loggers, ILogger<HomeDesk> log) : IDisposable
{
    private const int NewestGrants = 5;
    private static readonly TimeSpan ChecksHold = TimeSpan.FromSeconds(5);

    private readonly Kept<Rendering> _kept = new(changes, Enum.GetValues<Topic>());

    public async Task<RenderedPage> PageAsync(CancellationToken cancellationToken) => (await _kept.GetAsync(
        async token => new Rendering(chain.IsCaughtUp, time.GetTimestamp(), await RenderAsync(token)), cancellationToken,
        rendering => rendering.IsCaughtUp == chain.IsCaughtUp && time.GetElapsedTime(rendering.At) < ChecksHold)).Page;

    public void Dispose() => _kept.Dispose();

    /// <summary>Reads everything and renders it, whatever was kept.</summary>
    internal async Task<RenderedPage> RenderAsync(CancellationToken cancellationToken) =>
        await RenderedPage.OfAsync<HomePage, HomeModel>(services, loggers, await ModelAsync(cancellationToken));

    public async Task<HomeModel> ModelAsync(CancellationToken cancellationToken)
    {
        var described = await figures.DescribeAsync(cancellationToken);
        if (!described.TryGet(out var dao, out var refusal))
            return new HomeModel(null, refusal, new Counts(), [], [], []);
        var readiness = await figures.ReadinessAsync(cancellationToken);
        return new HomeModel(dao, null, await figures.CountAsync(cancellationToken), await releases.GuardiansAsync(cancellationToken),
            await GrantsAsync(cancellationToken), [.. readiness.Where(check => !check.Value).Select(check => check.Key)]);
    }

    private async Task<IReadOnlyList<GrantLine>> GrantsAsync(CancellationToken cancellationToken)
    {
        var lines = new List<GrantLine>(NewestGrants);
        foreach (var grant in await grants.NewestGrantsAsync(NewestGrants, cancellationToken))
            lines.Add(new GrantLine(grant, await SentenceAsync(grant.RequestId, cancellationToken)));
        return lines;
    }

    private async Task<string?> SentenceAsync(GrantId grant, CancellationToken cancellationToken)
    {
        try
        {
            return (await teller.TellAsync(grant, cancellationToken))?.Sentence;
        }
        catch (EthereumException problem)
        {
            // The page is for the tables' data; an endpoint that is away costs it a currency's name, not itself.
            log.LogWarning("A currency's name cannot be read now: {Reason}", problem.Message);
            return null;
        }
    }

    private sealed record Rendering(bool IsCaughtUp, long At, RenderedPage Page);
}
