using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Indexer;
using Commonhold.Server.Operations;

namespace Commonhold.Server.Releases;

/// <summary>What guardians released, by their own logs: who may have opened what, under which grant, and when.</summary>
/// <remarks>Guarantee: every line was verified against the one before it, and a log that later says otherwise is named. Trust: a release that a
/// guardian did not log is not here; it takes as many dishonest guardians as the threshold for that to be of use to anyone. Lines are not held
/// against the chain here: <c>commonhold audit</c> and the page's own check do that, from the logs themselves.</remarks>
internal sealed class ReleaseBook(ReleaseTable table, GuardianWatch watch, ChainState chain, NodeOptions options)
{
    /// <summary>Different lines of one guardian looked at for one contribution and grant: anyone may ask again and again while a grant is open.</summary>
    private const int MostLines = 200;

    /// <summary>Beats when there are new releases, or a guardian's state changed.</summary>
    public Pulse Changed => watch.Changed;

    /// <summary>Under which grants a contribution was released, newest first.</summary>
    public async Task<IReadOnlyList<ContributionRelease>> OfContributionAsync(BatchId batch, uint index, CancellationToken cancellationToken)
    {
        var lines = (await table.AroundAsync(batch, index, MostLines, cancellationToken)).Where(line => IndexRanges.Contain(line.Indices, index));
        var threshold = chain.Current?.Parties.GuardianThreshold ?? uint.MaxValue;
        return [.. lines.GroupBy(line => line.Grant).Select(grant => new ContributionRelease(
                new GrantId((ulong)grant.Key), grant.Min(line => line.FirstAt), grant.Max(line => line.LastAt),
                [.. grant.Select(line => line.Guardian).Distinct().Order()], grant.Select(line => line.Guardian).Distinct().Count() >= threshold))
            .OrderByDescending(release => release.LastAt)];
    }

    /// <summary>The lines of all guardians under one grant, newest first; the next page is before the last one's position.</summary>
    public Task<IReadOnlyList<ReleaseView>> OfGrantAsync(GrantId grant, int limit, CancellationToken cancellationToken, long? before = null) =>
        table.NewestAsync(before, grant, null, limit, cancellationToken);

    /// <summary>How much was released under one grant; null when nothing was.</summary>
    public async Task<GrantReleases?> SummaryOfGrantAsync(GrantId grant, CancellationToken cancellationToken) =>
        await table.OfGrantAsync(grant, cancellationToken) is { Lines: > 0 } releases ? releases : null;

    /// <summary>The lines of all guardians, newest first.</summary>
    public Task<IReadOnlyList<ReleaseView>> RecentAsync(
        int limit, CancellationToken cancellationToken, long? before = null, GrantId? grant = null, Address? guardian = null) =>
        table.NewestAsync(before, grant, guardian, limit, cancellationToken);

    /// <summary>Today's guardians in the order of their numbers: where they answer, how they stand, where their logs end.</summary>
    public async Task<IReadOnlyList<GuardianStanding>> GuardiansAsync(CancellationToken cancellationToken)
    {
        if (chain.Current is not { } snapshot)
            return [];
        var logs = await table.SummariesAsync(cancellationToken);
        var faults = (await table.FaultsAsync(cancellationToken)).ToLookup(fault => fault.Guardian);
        return [.. snapshot.Parties.Guardians.Select((account, place) =>
        {
            var seen = watch.At(place) is { } sighting && sighting.Guardian == account ? sighting : null;
            var log = logs.GetValueOrDefault(account);
            return new GuardianStanding(
                (uint)place + 1, account, options.GuardianUrls.ElementAtOrDefault(place), seen?.State ?? GuardianState.Unknown, seen?.Problem, seen?.AnsweredAt,
                seen?.Info?.Finality, seen?.Info?.Head, log?.Lines ?? 0, log?.Head ?? Bytes32.Zero, log?.LastReleaseAt, [.. faults[account]]);
        })];
    }
}

/// <summary>A contribution under one grant, over all guardians.</summary>
/// <param name="FirstAt">Unix seconds, by the guardians' clocks.</param>
/// <param name="Guardians">Who answered for it.</param>
/// <param name="IsOpenable">As many answered as it takes: whoever holds the grant's key can have read it.</param>
internal sealed record ContributionRelease(GrantId Grant, long FirstAt, long LastAt, IReadOnlyList<Address> Guardians, bool IsOpenable);

/// <summary>One of <c>GET /v1/guardians</c>.</summary>
/// <param name="Index">From 1.</param>
/// <param name="Problem">A sentence, when there is one.</param>
/// <param name="Finality">How final the blocks are that it acts on.</param>
/// <param name="Head">The newest block that it acts on.</param>
/// <param name="Lines">Of its log, read and verified here; <paramref name="LogHead"/> is the digest of the last.</param>
/// <param name="Faults">What its log once did that no honest guardian's does; kept for good.</param>
internal sealed record GuardianStanding(
    uint Index, Address Address, Uri? Url, GuardianState State, string? Problem, long? AnsweredAt, string? Finality, ulong? Head,
    long Lines, Bytes32 LogHead, long? LastReleaseAt, IReadOnlyList<FaultView> Faults)
{
    /// <summary>It is there, and its log never did what it may not.</summary>
    public bool IsWell => State == GuardianState.Answers && Faults.Count == 0;
}
