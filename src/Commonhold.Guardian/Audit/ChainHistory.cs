using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;

namespace Commonhold.Guardians.Audit;

/// <summary>Grants, batches and withdrawals with the blocks at which they came to be, from the chain's events: what a release
/// at any block was allowed to be, without asking an archive node.</summary>
internal sealed class ChainHistory
{
    private readonly Dictionary<ulong, GrantHistory> _grants = [];
    private readonly Dictionary<ulong, (ulong Block, uint Count)> _batches = [];
    private readonly Dictionary<(ulong Batch, uint Index), ulong> _withdrawals = [];

    /// <exception cref="RpcException">The chain node cannot be read.</exception>
    public static async Task<ChainHistory> ReadAsync(
        EthereumNode node, DaoContracts contracts, ulong firstBlock, ulong lastBlock, CancellationToken cancellationToken)
    {
        ChainHistory history = new();
        await foreach (var page in node.LogsAsync(LogFilter.Of(contracts.Market, contracts.Registry), firstBlock, lastBlock, cancellationToken))
        {
            foreach (var log in page.Logs)
                history.Take(log);
        }

        return history;
    }

    public GrantHistory? Grant(GrantId id) => _grants.GetValueOrDefault(id.Value);

    /// <summary>The leaves of a batch; null when it was not on chain at that block.</summary>
    public uint? CountAt(BatchId batch, ulong block) =>
        _batches.TryGetValue(batch.Value, out var committed) && committed.Block <= block ? committed.Count : null;

    public bool IsWithdrawnAt(BatchId batch, uint index, ulong block) =>
        _withdrawals.TryGetValue((batch.Value, index), out var at) && at <= block;

    private void Take(LogEntry log)
    {
        var topic = log.Topics.Count > 0 ? log.Topics[0] : default;
        if (topic == AccessMarket.AccessRequestedEvent.Event.Topic)
        {
            var requested = AccessMarket.AccessRequestedEvent.Decode(log.Topics, log.Data.Span);
            _grants[requested.RequestId.Value] = new GrantHistory(requested.TermsHash, requested.Terms.Scope);
        }
        else if (topic == AccessMarket.GrantOpenedEvent.Event.Topic)
        {
            var opened = AccessMarket.GrantOpenedEvent.Decode(log.Topics, log.Data.Span);
            _grants.GetValueOrDefault(opened.GrantId.Value)?.Ends(log.BlockNumber, opened.EndsAt);
        }
        else if (topic == AccessMarket.GrantRenewedEvent.Event.Topic)
        {
            var renewed = AccessMarket.GrantRenewedEvent.Decode(log.Topics, log.Data.Span);
            _grants.GetValueOrDefault(renewed.GrantId.Value)?.Ends(log.BlockNumber, renewed.EndsAt);
        }
        else if (topic == AccessMarket.GrantRevokedEvent.Event.Topic)
        {
            var revoked = AccessMarket.GrantRevokedEvent.Decode(log.Topics, log.Data.Span);
            _grants.GetValueOrDefault(revoked.GrantId.Value)?.Revoke(log.BlockNumber);
        }
        else if (topic == ContributionRegistry.BatchCommittedEvent.Event.Topic)
        {
            var committed = ContributionRegistry.BatchCommittedEvent.Decode(log.Topics, log.Data.Span);
            _batches[(ulong)committed.BatchId] = (log.BlockNumber, committed.Count);
        }
        else if (topic == ContributionRegistry.ContributionWithdrawnEvent.Event.Topic)
        {
            var withdrawn = ContributionRegistry.ContributionWithdrawnEvent.Decode(log.Topics, log.Data.Span);
            _withdrawals[((ulong)withdrawn.BatchId, withdrawn.Index)] = log.BlockNumber;
        }
    }
}

/// <summary>One request or grant over time.</summary>
internal sealed class GrantHistory(Bytes32 termsHash, ulong scope)
{
    private readonly List<(ulong Block, ulong EndsAt)> _ends = [];

    public Bytes32 TermsHash => termsHash;

    public ulong Scope => scope;

    private ulong? RevokedAt { get; set; }

    public void Revoke(ulong block) => RevokedAt = block;

    public void Ends(ulong block, ulong endsAt) => _ends.Add((block, endsAt));

    /// <summary>When the grant was to end, as of a block; null when it was not granted yet, or revoked.</summary>
    public ulong? EndsAtAsOf(ulong block) =>
        RevokedAt <= block || _ends.Count == 0 || _ends[0].Block > block ? null : _ends.Last(end => end.Block <= block).EndsAt;
}
