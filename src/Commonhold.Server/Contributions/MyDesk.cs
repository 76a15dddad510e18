using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Access;
using Commonhold.Server.Contributions.Pages;
using Commonhold.Server.Releases;

namespace Commonhold.Server.Contributions;

/// <summary>Gathers what a member sees of their own data: contributions with their verdicts, what they earned, and who opened them.</summary>
/// <remarks>Nothing here is secret: owners, verdicts and releases are public. That it is theirs decides only what the page shows first.</remarks>
internal sealed class MyDesk(
    ContributionTable contributions, RewardLedger rewards, ReleaseBook releases, RequestTeller requests, BatchTable batches)
{
    /// <summary>Contributions on one page.</summary>
    private const int PageSize = 20;

    /// <summary>Grants shown of one contribution.</summary>
    private const int MostGrants = 50;

    /// <param name="page">From 0; the newest contributions stand on the first.</param>
    public async Task<MyData> GatherAsync(Address owner, int page, CancellationToken cancellationToken)
    {
        var rows = await contributions.NewestOfOwnerAsync(owner, (long)page * PageSize, PageSize + 1, cancellationToken);
        var seen = new Dictionary<GrantId, ToldRequest?>();
        var cards = new List<MyContribution>();
        foreach (var row in rows.Take(PageSize))
            cards.Add(await CardAsync(row, seen, cancellationToken));
        return new MyData(owner, await RewardsAsync(owner, cancellationToken), await contributions.CountAsync(owner, cancellationToken), cards, page, rows.Count > PageSize);
    }

    private async Task<MyContribution> CardAsync(ContributionRow row, Dictionary<GrantId, ToldRequest?> seen, CancellationToken cancellationToken)
    {
        var report = row.ToVerdict()?.ReadReport() is { } read && read.TryGet(out var parsed, out _) ? parsed : null;
        if (row.BatchId is not { } batch || row.LeafIndex is not { } index)
            return new MyContribution(row, report, null, []);

        var opened = new List<MyOpening>();
        foreach (var release in (await releases.OfContributionAsync(new BatchId((ulong)batch), (uint)index, cancellationToken)).Take(MostGrants))
        {
            if (!seen.TryGetValue(release.Grant, out var under))
                seen[release.Grant] = under = await requests.TellAsync(release.Grant, cancellationToken);
            opened.Add(new MyOpening(release, under));
        }

        return new MyContribution(row, report, (long?)(await batches.FindAsync(new BatchId((ulong)batch), cancellationToken))?.CommittedAt, opened);
    }

    // Points that cannot be told just now (a manifest is missing) hide nothing else.
    private async Task<RewardStatus?> RewardsAsync(Address owner, CancellationToken cancellationToken)
    {
        try
        {
            return await rewards.OfAsync(owner, cancellationToken);
        }
        catch (CommonholdException e) when (e.IsTransient)
        {
            return null;
        }
    }
}
