using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Server.Indexer;
using Commonhold.Server.Relay;

namespace Commonhold.Server.Contributions;

/// <summary>Takes members' signed wishes that concern their contributions to the chain: withdrawals and reward claims.</summary>
internal sealed class MemberRelay(Dao dao, ContributionTable table, BatchTable batches, RewardLedger rewards, Outbox outbox, TimeProvider time)
{
    private const int MostLooks = 10;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(300);

    public async Task<Result<RelayReceipt>> WithdrawAsync(RelayWithdrawal wish, CancellationToken cancellationToken)
    {
        if (await table.FindAsync(wish.Digest, cancellationToken) is not { } row)
            return new Refusal("contribution.unknown", $"No contribution {wish.Digest} came here.");
        if (row.State == ContributionState.Withdrawn)
            return new Refusal("contribution.withdrawn", $"{wish.Digest} is withdrawn already.");
        if (!(await batches.ProveAsync(row, cancellationToken)).TryGet(out var proof, out var refusal))
            return refusal;
        var call = dao.Registry.WithdrawFor(proof.BatchId.Value, proof.Leaf.ToContract(), proof.Proof, wish.Deadline, wish.Signature.ToArray());
        return await outbox.EnqueueAsync("withdrawal", $"{proof.BatchId}:{row.LeafIndex}", [row.Owner], Call.Of(call, outbox.Gas.Withdrawal), cancellationToken);
    }

    public async Task<Result<RelayReceipt>> ClaimAsync(RelayClaims wish, int most, CancellationToken cancellationToken)
    {
        if (wish.Accounts.Count == 0 || wish.Accounts.Count > most)
            return new Refusal("relay.accounts_invalid", $"{wish.Accounts.Count} accounts; one call takes 1 to {most}.");
        for (var looks = 1; ; looks++)
        {
            // Another claim of one of these accounts that came first is under way now: what it leaves is looked at again.
            if (await ClaimAsync(wish.Accounts, cancellationToken) is not { } claim)
                continue;
            // A batch that was mined and is not in our tables yet has another reward root: look again when it is.
            var isBehind = claim.Refusal is { Code: "relay.would_revert" } refusal && refusal.Detail.Contains("WrongRewardProof", StringComparison.Ordinal);
            if (!isBehind || looks >= MostLooks)
                return claim;
            await Task.Delay(BetweenLooks, time, cancellationToken);
        }
    }

    /// <summary>One claim at a time for an account: the registry passes over what was claimed before and takes the gas all the same.</summary>
    private async Task<Result<RelayReceipt>?> ClaimAsync(IEnumerable<Address> accounts, CancellationToken cancellationToken)
    {
        var claims = new List<ContributionRegistry.ClaimRecord>();
        string? underWay = null;
        foreach (var account in accounts.Distinct().Order())
        {
            // In this order: a claim that is not under way any more is in the tables.
            var others = await outbox.UnderWayAsync("claim", account, cancellationToken);
            var status = await rewards.OfAsync(account, cancellationToken);
            if (status.CumulativePoints <= status.Claimed)
                continue;
            if (others is [var earlier, ..])
                underWay = earlier.Id;
            else
                claims.Add(new RewardProof(account, status.CumulativePoints, status.Proof).ToContract());
        }

        if (claims.Count == 0)
            return underWay is not null ? new RelayReceipt(underWay) : new Refusal("relay.nothing_to_do", "None of these accounts has rewards to claim.");
        var meaning = string.Join(',', claims.Select(claim => $"{claim.Account}:{claim.CumulativePoints}"));
        var call = Call.Of(dao.Registry.ClaimMany(claims), outbox.Gas.ClaimPerAccount * (ulong)claims.Count);
        return await outbox.EnqueueUnlessAsync(_ => true, "claim", meaning, [.. claims.Select(claim => claim.Account)], call, cancellationToken);
    }
}
