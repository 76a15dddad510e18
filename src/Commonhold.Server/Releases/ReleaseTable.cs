using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Storage;
using Dapper;

namespace Commonhold.Server.Releases;

/// <summary>The lines of guardians' logs as rows, and what was wrong with the logs.</summary>
internal sealed class ReleaseTable(Database database, TimeProvider time)
{
    /// <summary>Findings kept of one guardian: one that lies in ever new ways is as dishonest as it can get.</summary>
    private const int MostFaults = 50;

    private const string Select = """
        SELECT position AS Position, guardian AS Guardian, sequence AS Sequence, released_at AS ReleasedAt, chain_block AS Block, block_hash AS BlockHash,
               grant_id AS Grant, terms_hash AS TermsHash, batch_id AS Batch, indices AS Indices, answered AS Answered, refused AS Refused,
               answer_digest AS AnswerDigest, digest AS Digest
        FROM releases
        """;

    public async Task<LogHead> FindLogAsync(Address guardian, CancellationToken cancellationToken) =>
        await database.FindAsync<LogRow>("SELECT line_count AS Count, head AS Head FROM guardian_logs WHERE guardian = @guardian", new { guardian }, cancellationToken) is { } row
            ? new LogHead(row.Count, row.Head) : new LogHead(0, Bytes32.Zero);

    /// <summary>Adds lines that follow what is there.</summary>
    public Task AddAsync(Address guardian, IReadOnlyList<ReleaseLogEntry> entries, CancellationToken cancellationToken) =>
        database.InTransactionAsync(async transaction =>
        {
            var connection = transaction.Connection!;
            var position = await connection.ExecuteScalarAsync<long>("SELECT COALESCE(MAX(position), 0) FROM releases", transaction: transaction);
            await connection.ExecuteAsync("""
                INSERT INTO releases (position, guardian, sequence, released_at, chain_block, block_hash, grant_id, terms_hash, batch_id, indices,
                                      first_index, last_index, answered, refused, answer_digest, digest)
                VALUES (@Position, @guardian, @Sequence, @Time, @Block, @BlockHash, @Grant, @TermsHash, @Batch, @Indices, @First, @Last, @Answered, @Refused, @AnswerDigest, @Digest)
                """, entries.Select(entry => new
            {
                Position = ++position, guardian, entry.Sequence, entry.Release.Time, Block = (long)entry.Release.Block, entry.Release.BlockHash,
                Grant = (long)entry.Release.GrantId.Value, entry.Release.TermsHash, Batch = (long)entry.Release.BatchId.Value,
                Indices = IndexRanges.Write(entry.Release.Indices), First = entry.Release.Indices.Count == 0 ? -1L : entry.Release.Indices.Min(),
                Last = entry.Release.Indices.Count == 0 ? -1L : entry.Release.Indices.Max(), Answered = entry.Release.Indices.Count,
                Refused = entry.Release.Refusals.Count, entry.Release.AnswerDigest, entry.Digest,
            }), transaction);
            return await connection.ExecuteAsync("""
                INSERT INTO guardian_logs (guardian, line_count, head) VALUES (@guardian, @Count, @Head)
                ON CONFLICT (guardian) DO UPDATE SET line_count = excluded.line_count, head = excluded.head
                """, new { guardian, Count = entries[^1].Sequence + 1, Head = entries[^1].Digest }, transaction);
        }, cancellationToken);

    /// <summary>Writes a finding down, once: the first time counts.</summary>
    public Task RecordFaultAsync(Address guardian, LogFault fault, CancellationToken cancellationToken) => database.ExecuteAsync("""
        INSERT INTO guardian_faults (guardian, code, sequence, detail, found_at)
        SELECT @guardian, @Code, @Sequence, @Detail, @now WHERE (SELECT COUNT(*) FROM guardian_faults WHERE guardian = @guardian) < @MostFaults
        ON CONFLICT (guardian, code, sequence) DO NOTHING
        """, new { guardian, fault.Code, fault.Sequence, fault.Detail, now = time.GetUtcNow().ToUnixTimeSeconds(), MostFaults }, cancellationToken);

    public Task<IReadOnlyList<FaultView>> FaultsAsync(CancellationToken cancellationToken) => database.QueryAsync<FaultView>("""
        SELECT guardian AS Guardian, code AS Code, sequence AS Sequence, detail AS Detail, found_at AS FoundAt FROM guardian_faults ORDER BY found_at DESC, guardian, code LIMIT 200
        """, null, cancellationToken);

    /// <summary>Newest first; only those before a position, and of one grant or guardian, if these are given.</summary>
    public Task<IReadOnlyList<ReleaseView>> NewestAsync(
        long? before, GrantId? grant, Address? guardian, int limit, CancellationToken cancellationToken) =>
        database.QueryAsync<ReleaseView>(
            $"{Select} WHERE position < @before{(grant is null ? "" : " AND grant_id = @grant")}{(guardian is null ? "" : " AND guardian = @guardian")} ORDER BY position DESC LIMIT @limit",
            new { before = before ?? long.MaxValue, grant = (long?)grant?.Value, guardian, limit }, cancellationToken);

    /// <summary>Lines that may answer for a contribution: those whose range of indices includes it, the same question to the same guardian once.</summary>
    /// <param name="limit">Most for one grant and guardian: whoever asks again and again hides nothing but its own repetitions.</param>
    public Task<IReadOnlyList<AnsweredLines>> AroundAsync(BatchId batch, uint index, int limit, CancellationToken cancellationToken) =>
        database.QueryAsync<AnsweredLines>("""
            SELECT guardian AS Guardian, grant_id AS Grant, indices AS Indices, first_at AS FirstAt, last_at AS LastAt FROM (
                SELECT guardian, grant_id, indices, MIN(released_at) AS first_at, MAX(released_at) AS last_at,
                       ROW_NUMBER() OVER (PARTITION BY grant_id, guardian ORDER BY MIN(position)) AS place
                FROM releases WHERE batch_id = @batch AND first_index <= @index AND last_index >= @index GROUP BY grant_id, guardian, indices)
            WHERE place <= @limit
            """, new { batch = (long)batch.Value, index = (long)index, limit }, cancellationToken);

    /// <summary>What each guardian's log holds, and when it last released something.</summary>
    public async Task<IReadOnlyDictionary<Address, LogSummary>> SummariesAsync(CancellationToken cancellationToken) =>
        (await database.QueryAsync<LogSummary>("""
            SELECT l.guardian AS Guardian, l.line_count AS Lines, l.head AS Head,
                   (SELECT r.released_at FROM releases r WHERE r.guardian = l.guardian AND r.sequence = l.line_count - 1) AS LastReleaseAt FROM guardian_logs l
            """, null, cancellationToken)).ToDictionary(row => row.Guardian);

    public Task<GrantReleases?> OfGrantAsync(GrantId grant, CancellationToken cancellationToken) => database.FindAsync<GrantReleases>("""
        SELECT COUNT(*) AS Lines, COALESCE(SUM(answered), 0) AS Answers, COUNT(DISTINCT guardian) AS Guardians, MIN(released_at) AS FirstAt, MAX(released_at) AS LastAt
        FROM releases WHERE grant_id = @grant
        """, new { grant = (long)grant.Value }, cancellationToken);

    private sealed record LogRow
    {
        public long Count { get; init; }
        public Bytes32 Head { get; init; }
    }
}

/// <summary>One line of a guardian's log: one of <c>GET /v1/releases</c>.</summary>
internal sealed record ReleaseView
{
    /// <summary>In the order in which this node read them; for paging.</summary>
    public long Position { get; init; }
    public Address Guardian { get; init; }
    public long Sequence { get; init; }

    /// <summary>By the guardian's clock.</summary>
    public long ReleasedAt { get; init; }

    /// <summary>At which the guardian found that the grant was open.</summary>
    public long Block { get; init; }
    public Bytes32 BlockHash { get; init; }
    public long Grant { get; init; }
    public Bytes32 TermsHash { get; init; }
    public long Batch { get; init; }

    /// <summary>What was answered, as ranges: <c>0-39,41</c>.</summary>
    public string Indices { get; init; } = "";
    public long Answered { get; init; }
    public long Refused { get; init; }
    public Bytes32 AnswerDigest { get; init; }
    public Bytes32 Digest { get; init; }
}

/// <summary>What one guardian answered under one grant, however often it was asked for it.</summary>
internal sealed record AnsweredLines
{
    public Address Guardian { get; init; }
    public long Grant { get; init; }
    public string Indices { get; init; } = "";
    public long FirstAt { get; init; }
    public long LastAt { get; init; }
}

/// <summary>A finding about a guardian's log.</summary>
internal sealed record FaultView
{
    public Address Guardian { get; init; }
    public string Code { get; init; } = "";
    public long Sequence { get; init; }
    public string Detail { get; init; } = "";
    public long FoundAt { get; init; }
}

internal sealed record LogSummary
{
    public Address Guardian { get; init; }
    public long Lines { get; init; }
    public Bytes32 Head { get; init; }
    public long? LastReleaseAt { get; init; }
}

/// <summary>What was released under one grant, over all guardians.</summary>
internal sealed record GrantReleases
{
    public long Lines { get; init; }

    /// <summary>Answers for one contribution by one guardian; opening takes the threshold of them.</summary>
    public long Answers { get; init; }
    public long Guardians { get; init; }
    public long? FirstAt { get; init; }
    public long? LastAt { get; init; }
}
