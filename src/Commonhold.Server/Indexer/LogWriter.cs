using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Server.Operations;
using Commonhold.Server.Web;
using Dapper;

namespace Commonhold.Server.Indexer;

/// <summary>Turns one log into rows. Only what the DAO's own contracts emitted comes here.</summary>
internal sealed class LogWriter(Dao dao)
{
    private delegate Task Write(DbTransaction transaction, LogEntry log, long time);

    private readonly Dictionary<(Address, Bytes32), Write> _writers = new()
    {
        [(dao.Addresses.Registry, ContributionRegistry.BatchCommittedEvent.Event.Topic)] = BatchCommitted,
        [(dao.Addresses.Registry, ContributionRegistry.RewardClaimedEvent.Event.Topic)] = RewardClaimed,
        [(dao.Addresses.Registry, ContributionRegistry.ContributionWithdrawnEvent.Event.Topic)] = Withdrawn,
        [(dao.Addresses.Market, AccessMarket.AccessRequestedEvent.Event.Topic)] = Requested,
        [(dao.Addresses.Market, AccessMarket.GrantOpenedEvent.Event.Topic)] = (transaction, log, time) =>
        {
            var e = AccessMarket.GrantOpenedEvent.Decode(log.Topics, log.Data.Span);
            return GrantEvent(transaction, log, time, e.GrantId.Value, "opened", e.EndsAt);
        },
        [(dao.Addresses.Market, AccessMarket.GrantRenewedEvent.Event.Topic)] = (transaction, log, time) =>
        {
            var e = AccessMarket.GrantRenewedEvent.Decode(log.Topics, log.Data.Span);
            return GrantEvent(transaction, log, time, e.GrantId.Value, "renewed", e.EndsAt);
        },
        [(dao.Addresses.Market, AccessMarket.GrantRevokedEvent.Event.Topic)] = (transaction, log, time) =>
        {
            var e = AccessMarket.GrantRevokedEvent.Decode(log.Topics, log.Data.Span);
            return GrantEvent(transaction, log, time, e.GrantId.Value, "revoked", e.EndsAt);
        },
        [(dao.Addresses.Market, AccessMarket.EscrowRefundedEvent.Event.Topic)] = (transaction, log, time) =>
        {
            var e = AccessMarket.EscrowRefundedEvent.Decode(log.Topics, log.Data.Span);
            return GrantEvent(transaction, log, time, e.GrantId.Value, "refunded", null, e.Currency, e.Amount);
        },
        [(dao.Addresses.Market, AccessMarket.RevenueCollectedEvent.Event.Topic)] = (transaction, log, time) =>
        {
            var e = AccessMarket.RevenueCollectedEvent.Decode(log.Topics, log.Data.Span);
            return GrantEvent(transaction, log, time, e.GrantId.Value, "collected", null, e.Currency, e.Amount);
        },
        [(dao.Addresses.Pool, RevenuePool.RevenueDistributedEvent.Event.Topic)] = Distributed,
        [(dao.Addresses.Pool, RevenuePool.RevenueClaimedEvent.Event.Topic)] = RevenueClaimed,
        [(dao.Addresses.Governor, DataGovernor.ProposalCreatedEvent.Event.Topic)] = Proposed,
        [(dao.Addresses.Governor, DataGovernor.ProposalQueuedEvent.Event.Topic)] = (transaction, log, time) =>
        {
            var e = DataGovernor.ProposalQueuedEvent.Decode(log.Topics, log.Data.Span);
            return ProposalEvent(transaction, log, e.ProposalId, "queued", (long)e.EtaSeconds, time);
        },
        [(dao.Addresses.Governor, DataGovernor.ProposalExecutedEvent.Event.Topic)] = (transaction, log, time) =>
            ProposalEvent(transaction, log, DataGovernor.ProposalExecutedEvent.Decode(log.Topics, log.Data.Span).ProposalId, "executed", time, time),
        [(dao.Addresses.Governor, DataGovernor.ProposalCanceledEvent.Event.Topic)] = (transaction, log, time) =>
            ProposalEvent(transaction, log, DataGovernor.ProposalCanceledEvent.Decode(log.Topics, log.Data.Span).ProposalId, "canceled", time, time),
        [(dao.Addresses.Governor, DataGovernor.ProposalExtendedEvent.Event.Topic)] = (transaction, log, time) =>
        {
            var e = DataGovernor.ProposalExtendedEvent.Decode(log.Topics, log.Data.Span);
            return ProposalEvent(transaction, log, e.ProposalId, "extended", (long)e.ExtendedDeadline, time);
        },
        [(dao.Addresses.Governor, DataGovernor.VoteCastEvent.Event.Topic)] = (transaction, log, time) =>
        {
            var e = DataGovernor.VoteCastEvent.Decode(log.Topics, log.Data.Span);
            return Vote(transaction, log, e.ProposalId, e.Voter, e.Support, e.Weight, e.Reason, time);
        },
        [(dao.Addresses.Governor, DataGovernor.VoteCastWithParamsEvent.Event.Topic)] = (transaction, log, time) =>
        {
            var e = DataGovernor.VoteCastWithParamsEvent.Decode(log.Topics, log.Data.Span);
            return Vote(transaction, log, e.ProposalId, e.Voter, e.Support, e.Weight, e.Reason, time);
        },
        [(dao.Addresses.Token, DataToken.DelegateChangedEvent.Event.Topic)] = Delegated,
    };

    /// <summary>By topic too, or every transfer of the token would come here for nothing.</summary>
    public LogFilter Filter => new(
        [dao.Addresses.Registry, dao.Addresses.Guardians, dao.Addresses.Market, dao.Addresses.Pool, dao.Addresses.Governor, dao.Addresses.Token],
        [[.. _writers.Keys.Select(key => key.Item2).Concat(PartyTopics).Distinct()]]);

    private static IEnumerable<Bytes32> PartyTopics =>
        [.. GuardianRegistry.Abi.Events.Select(e => e.Topic), ContributionRegistry.ValidatorsChangedEvent.Event.Topic, ContributionRegistry.PolicyChangedEvent.Event.Topic];

    /// <summary>True when the log changes who the validators or guardians are, or the policy, which is read from the chain's state instead.</summary>
    public bool ConcernsParties(LogEntry log) =>
        log.Address == dao.Addresses.Guardians
        || (log.Address == dao.Addresses.Registry && log.Topics is [var topic, ..]
            && (topic == ContributionRegistry.ValidatorsChangedEvent.Event.Topic || topic == ContributionRegistry.PolicyChangedEvent.Event.Topic));

    /// <summary>The kind of thing that a log changes on pages.</summary>
    public Topic? TopicOf(LogEntry log) =>
        log.Address == dao.Addresses.Registry ? Topic.Contributions
        : log.Address == dao.Addresses.Market ? Topic.Requests
        : log.Address == dao.Addresses.Pool ? Topic.Revenue
        : log.Address == dao.Addresses.Governor || log.Address == dao.Addresses.Token ? Topic.Proposals
        : null;

    /// <param name="time">The block's timestamp.</param>
    public Task WriteAsync(DbTransaction transaction, LogEntry log, long time) =>
        log.Topics is [var topic, ..] && _writers.TryGetValue((log.Address, topic), out var write) ? write(transaction, log, time) : Task.CompletedTask;

    private static async Task BatchCommitted(DbTransaction transaction, LogEntry log, long time)
    {
        var e = ContributionRegistry.BatchCommittedEvent.Decode(log.Topics, log.Data.Span);
        var previous = await transaction.Connection!.QueryFirstOrDefaultAsync<Bytes32?>(
            "SELECT struct_hash FROM batches WHERE batch_id = @before", new { before = (long)e.BatchId - 1 }, transaction);
        await Insert(transaction, """
            INSERT INTO batches (batch_id, previous, root, leaf_count, points, reward_root, reward_points, struct_hash, transaction_hash, committed_at, block_number)
            VALUES (@BatchId, @Previous, @Root, @Count, @Points, @RewardRoot, @RewardPoints, @StructHash, @TransactionHash, @time, @Block)
            """, new
        {
            BatchId = (long)e.BatchId, Previous = previous ?? Bytes32.Zero, e.Root, Count = (long)e.Count, Points = Text(e.Points), e.RewardRoot,
            RewardPoints = Text(e.RewardPoints), e.StructHash, log.TransactionHash, time, Block = (long)log.BlockNumber,
        });
    }

    private static Task RewardClaimed(DbTransaction transaction, LogEntry log, long time)
    {
        var e = ContributionRegistry.RewardClaimedEvent.Decode(log.Topics, log.Data.Span);
        return Insert(transaction, """
            INSERT INTO reward_claims (block_number, log_index, account, points, claimed_points, transaction_hash, claimed_at)
            VALUES (@Block, @Index, @Account, @Points, @Claimed, @TransactionHash, @time)
            """, new
        {
            Block = (long)log.BlockNumber, Index = (long)log.LogIndex, e.Account, Points = Text(e.Points), Claimed = Text(e.ClaimedPoints),
            log.TransactionHash, time,
        });
    }

    private static Task Withdrawn(DbTransaction transaction, LogEntry log, long time)
    {
        var e = ContributionRegistry.ContributionWithdrawnEvent.Decode(log.Topics, log.Data.Span);
        return Insert(transaction, """
            INSERT INTO withdrawals (batch_id, leaf_index, owner, ciphertext_digest, block_number, transaction_hash, withdrawn_at)
            VALUES (@BatchId, @LeafIndex, @Owner, @CiphertextDigest, @Block, @TransactionHash, @time)
            """, new
        {
            BatchId = (long)e.BatchId, LeafIndex = (long)e.Index, e.Owner, e.CiphertextDigest, Block = (long)log.BlockNumber, log.TransactionHash, time,
        });
    }

    private static Task Requested(DbTransaction transaction, LogEntry log, long time)
    {
        var e = AccessMarket.AccessRequestedEvent.Decode(log.Topics, log.Data.Span);
        return Insert(transaction, """
            INSERT INTO requests (request_id, buyer, terms_hash, terms, requested_at, block_number, transaction_hash)
            VALUES (@Id, @Buyer, @TermsHash, @Terms, @time, @Block, @TransactionHash)
            """, new
        {
            Id = (long)e.RequestId.Value, e.Buyer, e.TermsHash, Terms = JsonSerializer.Serialize(e.Terms.ToTerms(), Json.Options), time,
            Block = (long)log.BlockNumber, log.TransactionHash,
        });
    }

    private static Task GrantEvent(DbTransaction transaction, LogEntry log, long time, ulong grantId, string kind, ulong? endsAt,
        Address? currency = null, System.Numerics.BigInteger? amount = null) =>
        Insert(transaction, """
            INSERT INTO grant_events (block_number, log_index, grant_id, kind, ends_at, currency, amount, happened_at, transaction_hash)
            VALUES (@Block, @Index, @GrantId, @kind, @EndsAt, @Currency, @Amount, @time, @TransactionHash)
            """, new
        {
            Block = (long)log.BlockNumber, Index = (long)log.LogIndex, GrantId = (long)grantId, kind, EndsAt = (long?)endsAt,
            Currency = currency?.ToString(), Amount = amount is { } units ? Text(units) : null, time, log.TransactionHash,
        });

    private static Task Distributed(DbTransaction transaction, LogEntry log, long time)
    {
        var e = RevenuePool.RevenueDistributedEvent.Decode(log.Topics, log.Data.Span);
        return Insert(transaction, """
            INSERT INTO distributions (distribution_id, currency, payer, members, operators, treasury, distributed_at, block_number, transaction_hash)
            VALUES (@Id, @Currency, @Payer, @Members, @Operators, @Treasury, @time, @Block, @TransactionHash)
            """, new
        {
            Id = (long)e.DistributionId, e.Currency, e.Payer, Members = Text(e.Members), Operators = Text(e.Operators), Treasury = Text(e.Treasury),
            time, Block = (long)log.BlockNumber, log.TransactionHash,
        });
    }

    private static async Task RevenueClaimed(DbTransaction transaction, LogEntry log, long time)
    {
        var e = RevenuePool.RevenueClaimedEvent.Decode(log.Topics, log.Data.Span);
        var (block, index) = ((long)log.BlockNumber, (long)log.LogIndex);
        await Insert(transaction, """
            INSERT INTO revenue_claims (block_number, log_index, account, currency, amount, transaction_hash, claimed_at)
            VALUES (@block, @index, @Account, @Currency, @Amount, @TransactionHash, @time)
            """, new { block, index, e.Account, e.Currency, Amount = Text(e.Amount), log.TransactionHash, time });
        for (var position = 0; position < e.DistributionIds.Count; position++)
        {
            await Insert(transaction, """
                INSERT INTO revenue_claim_parts (block_number, log_index, position, account, distribution_id)
                VALUES (@block, @index, @position, @Account, @Id)
                """, new { block, index, position, e.Account, Id = (long)e.DistributionIds[position] });
        }
    }

    private static Task Proposed(DbTransaction transaction, LogEntry log, long time)
    {
        var e = DataGovernor.ProposalCreatedEvent.Decode(log.Topics, log.Data.Span);
        var actions = e.Targets.Select((target, i) => new ProposalAction(target, Text(e.Values[i]), Hex.Encode(e.Calldatas[i].Span)));
        return Insert(transaction, """
            INSERT INTO proposals (block_number, log_index, proposal_id, proposer, actions, description, vote_start, vote_end, proposed_at, transaction_hash)
            VALUES (@Block, @Index, @Id, @Proposer, @Actions, @Description, @Start, @End, @time, @TransactionHash)
            """, new
        {
            Block = (long)log.BlockNumber, Index = (long)log.LogIndex, Id = Text(e.ProposalId), e.Proposer, Actions = JsonSerializer.Serialize(actions, Json.Options),
            e.Description, Start = (long)e.VoteStart, End = (long)e.VoteEnd, time, log.TransactionHash,
        });
    }

    private static Task ProposalEvent(DbTransaction transaction, LogEntry log, System.Numerics.BigInteger proposalId, string kind, long at, long time) =>
        Insert(transaction, """
            INSERT INTO proposal_events (block_number, log_index, proposal_id, kind, at, transaction_hash, happened_at)
            VALUES (@Block, @Index, @Id, @kind, @at, @TransactionHash, @time)
            """, new { Block = (long)log.BlockNumber, Index = (long)log.LogIndex, Id = Text(proposalId), kind, at, log.TransactionHash, time });

    private static Task Vote(DbTransaction transaction, LogEntry log, System.Numerics.BigInteger proposalId, Address voter, byte support,
        System.Numerics.BigInteger weight, string reason, long time) =>
        Insert(transaction, """
            INSERT INTO votes (block_number, log_index, proposal_id, voter, support, weight, reason, transaction_hash, voted_at)
            VALUES (@Block, @Index, @Id, @voter, @Support, @Weight, @reason, @TransactionHash, @time)
            """, new
        {
            Block = (long)log.BlockNumber, Index = (long)log.LogIndex, Id = Text(proposalId), voter, Support = (long)support, Weight = Text(weight), reason,
            log.TransactionHash, time,
        });

    private static Task Delegated(DbTransaction transaction, LogEntry log, long time)
    {
        var e = DataToken.DelegateChangedEvent.Decode(log.Topics, log.Data.Span);
        return Insert(transaction, "INSERT INTO delegations (block_number, log_index, delegator, delegate, delegated_at) VALUES (@Block, @Index, @Delegator, @ToDelegate, @time)",
            new { Block = (long)log.BlockNumber, Index = (long)log.LogIndex, e.Delegator, e.ToDelegate, time });
    }

    private static Task Insert(DbTransaction transaction, string sql, object row) => transaction.Connection!.ExecuteAsync(sql, row, transaction);

    private static string Text(System.Numerics.BigInteger value) => value.ToString(CultureInfo.InvariantCulture);
}
