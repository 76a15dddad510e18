using Commonhold.Client;
using Commonhold.Server.Contributions;
using Commonhold.Server.Indexer;
using Commonhold.Server.Operations;
using Commonhold.Server.Relay;
using Commonhold.Server.Storage;

namespace Commonhold.Server.Home;

/// <summary>The node's own account of itself: the DAO for clients, counts for people and monitors, readiness for supervisors.</summary>
internal sealed class Figures(
    Dao dao, ChainState chain, Database database, IBlobStore store, Outbox outbox, ValidatorRecipients recipients, KnownCurrencies known, NodeOptions options, TimeProvider time)
{
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    public async Task<Result<DaoInfo>> DescribeAsync(CancellationToken cancellationToken)
    {
        if (!chain.Read().TryGet(out var snapshot, out var notReady))
            return notReady;
        var parties = snapshot.Parties;
        return new DaoInfo(
            DaoInfo.CurrentVersion, options.Trial is not null, options.Name, dao.ChainId, (ulong)snapshot.Time, (ulong)snapshot.Head, dao.Addresses,
            new DatasetInfo(parties.Dataset?.Recipient, parties.Dataset?.Epoch ?? 0, parties.Dataset is not null, dao.Schema, options.SchemaName, parties.PolicyDigest),
            new GuardiansInfo(parties.GuardianThreshold, [.. parties.Guardians.Select((address, i) => new GuardianEndpoint((uint)i + 1, address, options.GuardianUrls.ElementAtOrDefault(i)))]),
            new ValidatorsInfo(parties.ValidatorThreshold, await recipients.OfAsync(parties.Validators, cancellationToken)),
            new BatchingRule((uint)options.Batching.MaxCount, (uint)options.Batching.MaxAge.TotalSeconds),
            new NodeLimits((ulong)options.Limits.MaxContributionBytes, (uint)options.Relay.PerAccountAndDay), options.Trial?.Currency, options.PublicRpc);
    }

    /// <summary>Payments count in currencies that are money here: anybody can pay in a coin of their own.</summary>
    public async Task<Counts> CountAsync(CancellationToken cancellationToken) => (await database.FindAsync<Counts>($"""
        SELECT (SELECT COUNT(*) FROM contributions) AS Contributions,
               (SELECT COUNT(*) FROM contributions c WHERE NOT EXISTS (SELECT 1 FROM verdicts v WHERE {ContributionTable.VerdictOf})) AS Waiting,
               (SELECT COUNT(*) FROM verdicts WHERE accepted = 0) AS Refused,
               (SELECT COUNT(*) FROM leaves) AS Committed,
               (SELECT COUNT(*) FROM {DatasetLedger.Leaves}) AS InDataset,
               (SELECT COUNT(DISTINCT l.owner) FROM {DatasetLedger.Leaves}) AS Members,
               (SELECT COUNT(*) FROM batches) AS Batches,
               (SELECT COUNT(*) FROM requests) AS Requests,
               (SELECT COUNT(*) FROM grant_events WHERE kind = 'opened') AS Grants,
               (SELECT COUNT(*) FROM proposals) AS Proposals,
               (SELECT COUNT(*) FROM distributions WHERE currency IN @known) AS Distributions
        """, new { known = (await known.ReadAsync(cancellationToken)).Select(currency => currency.ToString()) }, cancellationToken))!;

    /// <summary>Each condition by name; the node is ready when all hold.</summary>
    public async Task<IReadOnlyDictionary<string, bool>> ReadinessAsync(CancellationToken cancellationToken) => new Dictionary<string, bool>
    {
        ["database"] = await database.FindAsync<long>("SELECT COUNT(*) FROM migrations", null, cancellationToken) > 0,
        ["storage"] = store.AvailableBytes > 0,
        ["chain"] = chain.Current is not null && time.GetUtcNow() - chain.LastAnswer < LongestSilence,
        ["tables"] = chain.IsCaughtUp,
    };

    /// <summary>In the text format that Prometheus reads.</summary>
    public async Task<string> MetricsAsync(CancellationToken cancellationToken)
    {
        var counts = await CountAsync(cancellationToken);
        FormattableString text = $"""
            commonhold_chain_head {chain.Current?.Head ?? 0}
            commonhold_chain_silence_seconds {(chain.Current is null ? -1 : (long)(time.GetUtcNow() - chain.LastAnswer).TotalSeconds)}
            commonhold_tables_caught_up {(chain.IsCaughtUp ? 1 : 0)}
            commonhold_contributions_total {counts.Contributions}
            commonhold_contributions_waiting {counts.Waiting}
            commonhold_contributions_committed {counts.Committed}
            commonhold_batches_total {counts.Batches}
            commonhold_relay_open {await outbox.CountOpenAsync(cancellationToken)}
            commonhold_storage_available_bytes {store.AvailableBytes}

            """;
        return FormattableString.Invariant(text);
    }
}

internal sealed record Counts
{
    public long Contributions { get; init; }
    public long Waiting { get; init; }
    public long Refused { get; init; }
    public long Committed { get; init; }
    public long InDataset { get; init; }
    public long Members { get; init; }
    public long Batches { get; init; }
    public long Requests { get; init; }
    public long Grants { get; init; }
    public long Proposals { get; init; }
    public long Distributions { get; init; }
}
