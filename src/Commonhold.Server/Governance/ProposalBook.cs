using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Server.Access;
using Commonhold.Server.Indexer;
using Commonhold.Server.Relay;
using Commonhold.Server.Storage;
using Commonhold.Server.Web;

namespace Commonhold.Server.Governance;

/// <summary>Proposals with their states and votes, told by what their calls would do.</summary>
/// <remarks>States and quorums come from the governor, which alone knows them. Sentences come from the calldata and, for a request, from terms
/// whose hash is the one that is voted on; what the proposer wrote is kept apart from them.</remarks>
internal sealed class ProposalBook(Dao dao, Database database, EthereumNode node, Outbox outbox, ActionReader reader, RequestTeller requests)
{
    private static readonly string[] States = ["pending", "active", "canceled", "defeated", "succeeded", "queued", "expired", "executed"];

    private const string Select = """
        SELECT p.proposal_id AS ProposalId, p.proposer AS Proposer, p.actions AS Actions, p.description AS Description, p.vote_start AS VoteStart,
               COALESCE((SELECT MAX(e.at) FROM proposal_events e WHERE e.proposal_id = p.proposal_id AND e.kind = 'extended'), p.vote_end) AS VoteEnd,
               (SELECT MAX(e.at) FROM proposal_events e WHERE e.proposal_id = p.proposal_id AND e.kind = 'queued') AS QueuedUntil,
               (SELECT MAX(e.happened_at) FROM proposal_events e WHERE e.proposal_id = p.proposal_id AND e.kind = 'executed') AS ExecutedAt,
               p.proposed_at AS ProposedAt, p.block_number * 1000000 + p.log_index AS Position
        FROM proposals p
        """;

    /// <summary>Newest first, before a position.</summary>
    public async Task<IReadOnlyList<ToldProposal>> BeforeAsync(long before, int limit, CancellationToken cancellationToken) => await TellAsync(
        await database.QueryAsync<Row>($"{Select} WHERE p.block_number * 1000000 + p.log_index < @before ORDER BY p.block_number DESC, p.log_index DESC LIMIT @limit",
            new { before, limit }, cancellationToken), cancellationToken);

    public async Task<ToldProposal?> FindAsync(BigInteger id, CancellationToken cancellationToken) =>
        await TellAsync(await RowsAsync(id, cancellationToken), cancellationToken) is [var told, ..] ? told : null;

    /// <summary>Proposals whose calldata hold these bytes, newest first: those that approve or revoke a request, for example.</summary>
    /// <param name="call">The beginning of the call: selector and first arguments.</param>
    public async Task<IReadOnlyList<ToldProposal>> WithCallAsync(ReadOnlyMemory<byte> call, int limit, CancellationToken cancellationToken) => await TellAsync(
        await database.QueryAsync<Row>($"{Select} WHERE p.actions LIKE @call ORDER BY p.block_number DESC, p.log_index DESC LIMIT @limit",
            new { call = $"%\"{Hex.Encode(call.Span)}%", limit }, cancellationToken), cancellationToken);

    /// <summary>Votes in the order they were cast.</summary>
    public Task<IReadOnlyList<VoteView>> VotesAsync(BigInteger id, int skip, int limit, CancellationToken cancellationToken) => database.QueryAsync<VoteView>("""
        SELECT voter AS Voter, support AS Support, weight AS Weight, reason AS Reason, voted_at AS VotedAt FROM votes WHERE proposal_id = @id
        ORDER BY block_number, log_index LIMIT @limit OFFSET @skip
        """, new { id = Number(id), skip, limit }, cancellationToken);

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
        return await outbox.EnqueueAsync("vote", $"{id}:{vote.Voter}", [vote.Voter], Call.Of(call, outbox.Gas.Vote), cancellationToken);
    }

    /// <summary>The proposal itself: what its number is a digest of.</summary>
    public async Task<Proposal?> ProposalAsync(BigInteger id, CancellationToken cancellationToken)
    {
        if (await RowsAsync(id, cancellationToken) is not [var row, ..])
            return null;
        var actions = row.Read();
        return new Proposal([.. actions.Select(action => action.Target)], [.. actions.Select(action => BigInteger.Parse(action.Value, CultureInfo.InvariantCulture))],
            [.. actions.Select(action => (ReadOnlyMemory<byte>)Hex.Decode(action.Calldata))], row.Description);
    }

    public static bool TryReadId(string text, out BigInteger id) =>
        BigInteger.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id) && id < BigInteger.One << 256;

    private Task<IReadOnlyList<Row>> RowsAsync(BigInteger id, CancellationToken cancellationToken) =>
        database.QueryAsync<Row>($"{Select} WHERE p.proposal_id = @id", new { id = Number(id) }, cancellationToken);

    private async Task<IReadOnlyList<ToldProposal>> TellAsync(IReadOnlyList<Row> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
            return [];
        var states = rows.Select(row => dao.Governor.State(BigInteger.Parse(row.ProposalId, CultureInfo.InvariantCulture))).ToList();
        var quorums = rows.Select(row => dao.Governor.Quorum(row.VoteStart)).ToList();
        var answers = await node.CallManyAsync(
            [.. states.Concat<ContractCall>(quorums).Select(call => new CallRequest(call.To, call.Data))], BlockReference.Latest, cancellationToken);
        var tallies = (await database.QueryAsync<WeightRow>("SELECT proposal_id AS ProposalId, support AS Support, weight AS Weight FROM votes WHERE proposal_id IN @ids",
            new { ids = rows.Select(row => row.ProposalId).ToArray() }, cancellationToken)).ToLookup(vote => vote.ProposalId);
        var told = new List<ToldProposal>(rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            var (row, quorum) = (rows[i], answers[rows.Count + i]);
            var actions = new List<ToldAction>();
            foreach (var action in row.Read())
                actions.Add(await TellAsync(action, cancellationToken));
            var votes = tallies[row.ProposalId].ToList();
            told.Add(new ToldProposal(new ProposalView(row.ProposalId, answers[i].Revert is null ? States[states[i].Decode(answers[i].Data.Span)] : "unknown",
                row.Proposer, row.Description, [.. actions.Select(action => action.Sentence)], [.. actions.Select(action => action.Call)], row.ProposedAt, row.VoteStart, row.VoteEnd,
                new Tally(Sum(votes, 0), Sum(votes, 1), Sum(votes, 2)), row.Position, row.QueuedUntil, row.ExecutedAt,
                quorum.Revert is null ? new Wei(quorums[i].Decode(quorum.Data.Span)) : null), actions));
        }

        return told;
    }

    private async Task<ToldAction> TellAsync(ProposalAction call, CancellationToken cancellationToken)
    {
        var action = reader.Read(call);
        // A request is told by its terms only when they are exactly the ones that the vote would approve.
        var request = action is { Contract: "access market", Function: "approve", Values: [var id, var termsHash] } && id.AsInteger() <= long.MaxValue
            ? await requests.TellAsync(new GrantId((ulong)id.AsInteger()), cancellationToken) is { } found && found.Request.TermsHash == termsHash.AsBytes32() ? found : null
            : null;
        return new ToldAction(call, action, ActionSentence.Of(action, request?.Sentence), request);
    }

    private static string Number(BigInteger id) => id.ToString(CultureInfo.InvariantCulture);

    private static Wei Sum(IEnumerable<WeightRow> votes, long support) =>
        votes.Where(vote => vote.Support == support).Aggregate(Wei.Zero, (sum, vote) => sum + vote.Weight);

    private sealed record WeightRow
    {
        public string ProposalId { get; init; } = "";
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
        public long? ExecutedAt { get; init; }
        public long ProposedAt { get; init; }
        public long Position { get; init; }

        public IReadOnlyList<ProposalAction> Read() => JsonSerializer.Deserialize<List<ProposalAction>>(Actions, Json.Options)!;
    }
}

/// <summary>A proposal with its calls in words.</summary>
internal sealed record ToldProposal(ProposalView View, IReadOnlyList<ToldAction> Actions);

/// <param name="Request">The request that the call approves; null for other calls, and when its terms are not those that are voted on.</param>
internal sealed record ToldAction(ProposalAction Call, ReadAction Action, string Sentence, ToldRequest? Request);

internal sealed record VoteView
{
    public Address Voter { get; init; }
    public long Support { get; init; }
    public Wei Weight { get; init; }
    public string Reason { get; init; } = "";
    public long VotedAt { get; init; }
}
