using System.Numerics;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Server.Access;
using Commonhold.Server.Indexer;
using Commonhold.Server.Storage;

namespace Commonhold.Server.Governance;

/// <summary>Gathers what the pages of the vote show.</summary>
/// <remarks>For reading only: before anybody signs, the browser reads the chain itself and compares (web/govern).</remarks>
internal sealed class VoteDesk(
    ProposalBook proposals, Delegations delegations, PurposeShelf purposes, GrantBook grants, RequestTeller requests, TokenFacts tokens, ChainState chain, Dao dao,
    Database database, EthereumNode node)
{
    public const int PageSize = 20;
    private const int MostVotes = 200;
    private const int MostRequests = 50;

    /// <param name="before">Position to go on from; null for the newest.</param>
    public async Task<VotesModel> ListAsync(long? before, Address? viewer, CancellationToken cancellationToken)
    {
        var told = await proposals.BeforeAsync(before ?? long.MaxValue, PageSize + 1, cancellationToken);
        var lines = new List<ProposalLine>();
        foreach (var proposal in told.Take(PageSize))
            lines.Add(new ProposalLine(proposal, await PurposesAsync(proposal, cancellationToken)));
        return new VotesModel(
            [.. lines.Where(line => ProposalWords.IsOpen(line.Told.View))], [.. lines.Where(line => !ProposalWords.IsOpen(line.Told.View))], await tokens.ReadAsync(cancellationToken),
            chain.Current?.Time ?? 0, viewer is { } account ? await delegations.OfAsync(account, cancellationToken) : null,
            told.Count > PageSize ? told[PageSize - 1].View.Position : null, before is null, await RulesAsync(cancellationToken));
    }

    public async Task<VoteModel?> FindAsync(BigInteger id, Address? viewer, CancellationToken cancellationToken)
    {
        if (await proposals.FindAsync(id, cancellationToken) is not { } told)
            return null;
        var now = chain.Current?.Time ?? 0;
        var token = new DataToken(dao.Addresses.Token);
        var supply = await node.ReadAsync(now > told.View.VoteStart ? token.GetPastTotalSupply(told.View.VoteStart) : token.TotalSupply(), BlockReference.Latest, cancellationToken);
        var count = await database.FindAsync<long>("SELECT COUNT(*) FROM votes WHERE proposal_id = @id", new { id = told.View.ProposalId }, cancellationToken);
        return new VoteModel(
            told, await PurposesAsync(told, cancellationToken), await tokens.ReadAsync(cancellationToken), now, new Wei(supply),
            await proposals.VotesAsync(id, 0, MostVotes, cancellationToken), count, await RulesAsync(cancellationToken),
            viewer is { } account ? await StandingAsync(told.View, account, now, cancellationToken) : null);
    }

    public async Task<ProposeModel> ProposeAsync(string? kind, ulong? chosen, CancellationToken cancellationToken)
    {
        var wanted = kind switch { "request" => RequestState.Requested, "revoke" => RequestState.Granted, _ => (RequestState?)null };
        var found = new List<ToldRequest>();
        if (wanted is not null)
        {
            var ids = await database.QueryAsync<long>("SELECT request_id FROM requests ORDER BY request_id DESC LIMIT 500", null, cancellationToken);
            foreach (var id in ids)
            {
                if (found.Count < MostRequests && (await grants.FindAsync(new GrantId((ulong)id), cancellationToken))?.State == wanted
                    && await requests.TellAsync(new GrantId((ulong)id), cancellationToken) is { } request)
                    found.Add(request);
            }
        }

        var parties = chain.Current?.Parties;
        var current = await node.ReadAsync(dao.Pool.CurrentSplitId(), BlockReference.Latest, cancellationToken);
        return new ProposeModel(
            kind, await tokens.ReadAsync(cancellationToken), await RulesAsync(cancellationToken), found,
            await node.ReadAsync(dao.Pool.SplitAt(current), BlockReference.Latest, cancellationToken), parties?.PolicyDigest ?? default,
            parties?.Validators ?? [], parties?.ValidatorThreshold ?? 1, dao.Addresses.Timelock, chosen);
    }

    private async Task<VotingRules> RulesAsync(CancellationToken cancellationToken)
    {
        var governor = dao.Governor;
        var answers = await node.ReadManyAsync<BigInteger>(
            [governor.VotingDelay(), governor.VotingPeriod(), new TimelockController(dao.Addresses.Timelock).GetMinDelay(), governor.ProposalThreshold(), governor.ProposalThresholdBps(), governor.QuorumNumerator()],
            BlockReference.Latest, cancellationToken);
        var late = await node.ReadAsync(governor.LateQuorumVoteExtension(), BlockReference.Latest, cancellationToken);
        return new VotingRules((long)answers[0], (long)answers[1], (long)answers[2], new Wei(answers[3]), (long)late, (long)answers[4], (long)answers[5]);
    }

    private async Task<VoterStanding> StandingAsync(ProposalView view, Address account, long now, CancellationToken cancellationToken)
    {
        var token = new DataToken(dao.Addresses.Token);
        var (weight, balance, to) = (now > view.VoteStart ? token.GetPastVotes(account, view.VoteStart) : token.GetVotes(account), token.BalanceOf(account), token.Delegates(account));
        var numbers = await node.ReadManyAsync<BigInteger>([weight, balance], BlockReference.Latest, cancellationToken);
        var vote = await database.FindAsync<VoteView>("""
            SELECT voter AS Voter, support AS Support, weight AS Weight, reason AS Reason, voted_at AS VotedAt FROM votes WHERE proposal_id = @id AND voter = @account LIMIT 1
            """, new { id = view.ProposalId, account }, cancellationToken);
        return new VoterStanding(account, new Wei(numbers[0]), new Wei(numbers[1]), await node.ReadAsync(to, BlockReference.Latest, cancellationToken), vote);
    }

    private async Task<IReadOnlyDictionary<Bytes32, string>> PurposesAsync(ToldProposal told, CancellationToken cancellationToken)
    {
        var texts = new Dictionary<Bytes32, string>();
        foreach (var digest in told.Actions.Select(action => action.Request?.Request.Terms.PurposeDigest).OfType<Bytes32>().Distinct())
        {
            if (await purposes.FindAsync(digest, cancellationToken) is { } text)
                texts[digest] = text;
        }

        return texts;
    }
}
