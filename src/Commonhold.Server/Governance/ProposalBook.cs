using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Server.Indexer;
using Commonhold.Server.Relay;
using Commonhold.Server.Storage;
using Commonhold.Server.Web;

namespace Commonhold.Server.Governance;

/// <summary>Proposals with their states and votes. States come from the governor, which alone knows the quorum.</summary>
internal sealed class ProposalBook(Dao dao, Database database, EthereumNode node, Outbox outbox, ActionSentence sentences)
{
    private static readonly string[] States = ["pending", "active", "canceled", "defeated", "succeeded", "queued", "expired", "executed"];

    private const string Select = """
        SELECT p.proposal_id AS ProposalId, p.proposer AS Proposer, p.actions AS Actions, p.description AS Description, p.vote_start AS VoteStart,
               COALESCE((SELECT MAX(e.at) FROM proposal_events e WHERE e.proposal_id = p.proposal_id AND e.kind = 'extended'), p.vote_end) AS VoteEnd,
               (SELECT MAX(e.at) FROM proposal_events e WHERE e.proposal_id = p.proposal_id AND e.kind = 'queued') AS QueuedUntil,
               p.proposed_at AS ProposedAt, p.block_number * 1000000 + p.log_index AS Position
        FROM proposals p
        """;

    /// <summary>Newest first, before a position.</summary>
    public async Task<IReadOnlyList<ProposalView>> BeforeAsync(long before, int limit, CancellationToken cancellationToken) => await ViewAsync(
        await database.QueryAsync<Row>($"{Select} WHERE p.block_number * 1000000 + p.log_index < @before ORDER BY p.block_number DESC, p.log_index DESC LIMIT @limit",
            new { before, limit }, cancellationToken), cancellationToken);

    public async Task<ProposalView?> FindAsync(BigInteger id, CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync<Row>(
            $"{Select} WHERE p.proposal_id = @id", new { id = id.ToString(CultureInfo.InvariantCulture) }, cancellationToken);
        return await ViewAsync(rows, cancellationToken) is [var view, ..] ? view : null;
    }

    /// <summary>Votes in the order they were cast.</summary>
    public Task<IReadOnlyList<VoteView>> VotesAsync(BigInteger id, int skip, int limit, CancellationToken cancellationToken) => database.QueryAsync<VoteView>("""
        SELECT voter AS Voter, support AS Support, weight AS Weight, reason AS Reason FROM votes WHERE proposal_id = @id
        ORDER BY block_number, log_index LIMIT @limit OFFSET @skip
        """, new { id = id.ToString(CultureInfo.InvariantCulture), skip, limit }, cancellationToken);

    public async Task<Result<RelayReceipt>> VoteAsync(RelayVote vote, CancellationToken cancellationToken)
    {
        if (!TryReadId(vote.ProposalId, out var id) || vote.Support > 2)
            return new Refusal("relay.vote_invalid", "A vote has a proposal's number and support 0 (against), 1 (for) or 2 (abstain).");
        var reason = vote.Reason ?? "";
        if (Encoding.UTF8.GetByteCount(reason) > RelayVote.MaxReasonBytes)
            return new Refusal("relay.reason_too_long", $"A reason has at most {RelayVote.MaxReasonBytes} bytes of UTF-8: the relayer pays for every one.", "Say it shorter.");
        var call = reason.Length == 0
            ? dao.Governor.CastVoteBySig(id, vote.Support, vote.Voter, vote.Signature.ToArray())
            : (ContractCall)dao.Governor.CastVoteWithReasonAndParamsBySig(id, vote.Support, vote.Voter, reason, ReadOnlyMemory<byte>.Empty, vote.Signature.ToArray());
        return await outbox.EnqueueAsync("vote", $"{id}:{vote.Voter}", [vote.Voter], Call.Of(call), cancellationToken);
    }

    /// <summary>The proposal itself: what its number is a digest of.</summary>
    public async Task<Proposal?> ProposalAsync(BigInteger id, CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync<Row>($"{Select} WHERE p.proposal_id = @id", new { id = id.ToString(CultureInfo.InvariantCulture) }, cancellationToken);
        if (rows is not [var row, ..])
            return null;
        var actions = JsonSerializer.Deserialize<List<ProposalAction>>(row.Actions, Json.Options)!;
        return new Proposal([.. actions.Select(action => action.Target)], [.. actions.Select(action => BigInteger.Parse(action.Value, CultureInfo.InvariantCulture))],
            [.. actions.Select(action => (ReadOnlyMemory<byte>)Hex.Decode(action.Calldata))], row.Description);
    }

    public static bool TryReadId(string text, out BigInteger id) =>
        BigInteger.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id) && id < BigInteger.One << 256;

    private async Task<IReadOnlyList<ProposalView>> ViewAsync(IReadOnlyList<Row> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
            return [];
        var calls = rows.Select(row => dao.Governor.State(BigInteger.Parse(row.ProposalId, CultureInfo.InvariantCulture))).ToList();
        var answers = await node.CallManyAsync([.. calls.Select(call => new CallRequest(call.To, call.Data))], BlockReference.Latest, cancellationToken);
        var views = new List<ProposalView>(rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            var tally = await database.QueryAsync<WeightRow>("SELECT support AS Support, weight AS Weight FROM votes WHERE proposal_id = @ProposalId", row, cancellationToken);
            var actions = JsonSerializer.Deserialize<List<ProposalAction>>(row.Actions, Json.Options)!;
            views.Add(new ProposalView(row.ProposalId, answers[i].Revert is null ? States[calls[i].Decode(answers[i].Data.Span)] : "unknown",
                row.Proposer, row.Description, [.. actions.Select(sentences.Of)], actions, row.ProposedAt, row.VoteStart, row.VoteEnd,
                new Tally(Sum(tally, 0), Sum(tally, 1), Sum(tally, 2)), row.Position, row.QueuedUntil));
        }

        return views;
    }

    private static Wei Sum(IEnumerable<WeightRow> votes, long support) =>
        votes.Where(vote => vote.Support == support).Aggregate(Wei.Zero, (sum, vote) => sum + vote.Weight);

    private sealed record WeightRow
    {
        public long Support { get; init; }
        public Wei Weight { get; init; }
    }

    private sealed record Row
    {
        public string ProposalId { get; init; } = "";
        public Address Proposer { get; init; }
        public string Actions { get; init; } = "[]";
        public string Description { get; init; } = "";
        public long VoteStart { get; init; }
        public long VoteEnd { get; init; }
        public long? QueuedUntil { get; init; }
        public long ProposedAt { get; init; }
        public long Position { get; init; }
    }
}

internal sealed record VoteView
{
    public Address Voter { get; init; }
    public long Support { get; init; }
    public Wei Weight { get; init; }
    public string Reason { get; init; } = "";
}
