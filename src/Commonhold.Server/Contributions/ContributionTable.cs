using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Storage;

namespace Commonhold.Server.Contributions;

/// <summary>The SQL of contributions and verdicts. A contribution's state is not stored: it follows from verdict, leaf and withdrawal.</summary>
internal sealed class ContributionTable(Database database)
{
    /// <summary>A verdict counts while the contribution is with the validator that gave it: given to another, it waits again.</summary>
    public const string VerdictOf = "v.ciphertext_digest = c.ciphertext_digest AND v.validator = c.validator";

    private const string Select = $"""
        SELECT c.ciphertext_digest AS CiphertextDigest, c.owner AS Owner, c.size AS Size, c.ephemeral_share AS EphemeralShare,
               c.schema_digest AS SchemaDigest, c.key_epoch AS KeyEpoch, c.deadline AS Deadline, c.signature AS Signature,
               c.validator AS Validator, c.ticket AS Ticket, c.evidence_digest AS EvidenceDigest, c.received_at AS ReceivedAt,
               v.accepted AS Accepted, v.points AS Points, v.nullifier AS Nullifier, v.report_digest AS ReportDigest,
               v.report AS Report, v.paid_before AS PaidBefore, v.signature AS VerdictSignature, v.received_at AS JudgedAt,
               l.batch_id AS BatchId, l.leaf_index AS LeafIndex, w.block_number AS WithdrawnInBlock
        FROM contributions c
        LEFT JOIN verdicts v ON {VerdictOf}
        LEFT JOIN leaves l ON l.ciphertext_digest = c.ciphertext_digest
        LEFT JOIN withdrawals w ON w.batch_id = l.batch_id AND w.leaf_index = l.leaf_index
        """;

    public Task<ContributionRow?> FindAsync(Bytes32 digest, CancellationToken cancellationToken) =>
        database.FindAsync<ContributionRow>($"{Select} WHERE c.ciphertext_digest = @digest", new { digest }, cancellationToken);

    public Task<IReadOnlyList<ContributionRow>> OfOwnerAsync(Address owner, long after, int limit, CancellationToken cancellationToken) =>
        database.QueryAsync<ContributionRow>(
            $"{Select} WHERE c.owner = @owner ORDER BY c.received_at, c.ciphertext_digest LIMIT @limit OFFSET @after",
            new { owner, after, limit }, cancellationToken);

    public Task<IReadOnlyList<ContributionRow>> NewestOfOwnerAsync(Address owner, long after, int limit, CancellationToken cancellationToken) =>
        database.QueryAsync<ContributionRow>(
            $"{Select} WHERE c.owner = @owner ORDER BY c.received_at DESC, c.ciphertext_digest LIMIT @limit OFFSET @after",
            new { owner, after, limit }, cancellationToken);

    public async Task<long> CountAsync(Address owner, CancellationToken cancellationToken) =>
        await database.FindAsync<long>("SELECT COUNT(*) FROM contributions WHERE owner = @owner", new { owner }, cancellationToken);

    /// <summary>Whose verdict is awaited from this validator, oldest first.</summary>
    public Task<IReadOnlyList<ContributionRow>> WaitingForAsync(Address validator, int limit, CancellationToken cancellationToken) =>
        database.QueryAsync<ContributionRow>(
            $"{Select} WHERE c.validator = @validator AND v.ciphertext_digest IS NULL ORDER BY c.received_at, c.ciphertext_digest LIMIT @limit",
            new { validator, limit }, cancellationToken);

    /// <summary>Accepted by one of these validators and in no batch, in the order of their verdicts; without those whose account another
    /// owner has in a batch already, which no validator would sign, unless this verdict proves the account and no earlier one did.</summary>
    public Task<IReadOnlyList<ContributionRow>> PendingAsync(IReadOnlyList<Address> validators, int limit, CancellationToken cancellationToken) =>
        database.QueryAsync<ContributionRow>($"""
            {Select} WHERE v.accepted = 1 AND l.ciphertext_digest IS NULL AND v.validator IN @validators
              AND NOT EXISTS (
                SELECT 1 FROM leaves o LEFT JOIN verdicts e ON e.ciphertext_digest = o.ciphertext_digest
                WHERE o.nullifier = v.nullifier AND o.owner <> c.owner AND NOT (v.level >= @proved AND COALESCE(e.level, 0) < @proved))
            ORDER BY v.received_at, c.ciphertext_digest LIMIT @limit
            """, new { validators = validators.Select(validator => validator.ToString()), limit, proved = (long)EvidenceLevels.FirstProved }, cancellationToken);

    public async Task<long> CountWaitingAsync(Address owner, CancellationToken cancellationToken) =>
        await database.FindAsync<long>($"""
            SELECT COUNT(*) FROM contributions c WHERE c.owner = @owner
              AND NOT EXISTS (SELECT 1 FROM verdicts v WHERE {VerdictOf})
            """, new { owner }, cancellationToken);

    /// <summary>True when the share stands in another contribution or in any leaf, withdrawn ones too.</summary>
    public async Task<bool> IsShareTakenAsync(Bytes32 share, Bytes32 digest, CancellationToken cancellationToken) =>
        await database.FindAsync<long>("""
            SELECT (SELECT COUNT(*) FROM contributions WHERE ephemeral_share = @share AND ciphertext_digest <> @digest)
                 + (SELECT COUNT(*) FROM leaves WHERE ephemeral_share = @share)
            """, new { share, digest }, cancellationToken) > 0;

    public async Task<bool> IsInLeafAsync(Bytes32 digest, CancellationToken cancellationToken) =>
        await database.FindAsync<long>("SELECT COUNT(*) FROM leaves WHERE ciphertext_digest = @digest", new { digest }, cancellationToken) > 0;

    public Task<IReadOnlyList<Bytes32>> DigestsAsync(CancellationToken cancellationToken) =>
        database.QueryAsync<Bytes32>("SELECT ciphertext_digest FROM contributions", null, cancellationToken);

    public Task<IReadOnlyList<Bytes32>> JudgedDigestsAsync(CancellationToken cancellationToken) =>
        database.QueryAsync<Bytes32>("SELECT ciphertext_digest FROM verdicts", null, cancellationToken);

    public Task<int> InsertAsync(Intake intake, CancellationToken cancellationToken)
    {
        var s = intake.Submission;
        return database.ExecuteAsync("""
            INSERT INTO contributions (ciphertext_digest, owner, size, ephemeral_share, schema_digest, key_epoch, deadline, signature, validator, ticket, evidence_digest, received_at)
            VALUES (@CiphertextDigest, @Owner, @Size, @EphemeralShare, @Schema, @KeyEpoch, @Deadline, @Signature, @Validator, @Ticket, @EvidenceDigest, @ReceivedAt)
            ON CONFLICT (ciphertext_digest) DO UPDATE SET validator = excluded.validator, ticket = excluded.ticket,
              owner = excluded.owner, size = excluded.size, ephemeral_share = excluded.ephemeral_share, schema_digest = excluded.schema_digest,
              key_epoch = excluded.key_epoch, deadline = excluded.deadline, signature = excluded.signature, evidence_digest = excluded.evidence_digest
            """, new
        {
            s.CiphertextDigest, s.Owner, Size = (long)s.Size, s.EphemeralShare, s.Schema, KeyEpoch = (long)s.KeyEpoch, Deadline = (long)s.Deadline,
            s.Signature, s.Validator, Ticket = Convert.ToBase64String(s.Ticket), s.EvidenceDigest, intake.ReceivedAt,
        }, cancellationToken);
    }

    /// <summary>Judged, and the ticket is still here: somebody died in between.</summary>
    public Task<IReadOnlyList<Bytes32>> JudgedWithTicketAsync(CancellationToken cancellationToken) =>
        database.QueryAsync<Bytes32>($"SELECT c.ciphertext_digest FROM contributions c JOIN verdicts v ON {VerdictOf} WHERE c.ticket <> ''", null, cancellationToken);

    public Task<int> ForgetTicketAsync(Bytes32 digest, CancellationToken cancellationToken) =>
        database.ExecuteAsync("UPDATE contributions SET ticket = '' WHERE ciphertext_digest = @digest", new { digest }, cancellationToken);

    /// <summary>A verdict that batches overtook is none: the contribution waits for its validator to decide anew.</summary>
    public Task<int> DropVerdictAsync(Bytes32 digest, CancellationToken cancellationToken) =>
        database.ExecuteAsync("DELETE FROM verdicts WHERE ciphertext_digest = @digest", new { digest }, cancellationToken);

    /// <summary>The points of all leaves of an account, in whatever batch.</summary>
    public async Task<Points> CommittedToAsync(Bytes32 nullifier, CancellationToken cancellationToken) =>
        (await database.QueryAsync<Points>("SELECT points FROM leaves WHERE nullifier = @nullifier", new { nullifier }, cancellationToken))
            .Aggregate(Points.Zero, (sum, points) => sum + points);

    public Task<int> InsertAsync(ReceivedVerdict received, CancellationToken cancellationToken)
    {
        var v = received.Verdict;
        var report = v.ReadReport();
        var isProved = report.Refusal is null && report.Value.Findings.Ownership.Outcome == CheckOutcome.Passed;
        return database.ExecuteAsync("""
            INSERT INTO verdicts (ciphertext_digest, accepted, points, nullifier, report_digest, report, level, paid_before, signature, validator, received_at)
            VALUES (@CiphertextDigest, @Accepted, @Points, @Nullifier, @ReportDigest, @Report, @Level, @PaidBefore, @Signature, @Validator, @ReceivedAt)
            ON CONFLICT (ciphertext_digest) DO UPDATE SET accepted = excluded.accepted, points = excluded.points, nullifier = excluded.nullifier,
              report_digest = excluded.report_digest, report = excluded.report, level = excluded.level, paid_before = excluded.paid_before, signature = excluded.signature, validator = excluded.validator,
              received_at = excluded.received_at WHERE verdicts.validator <> excluded.validator
            """, new
        {
            v.CiphertextDigest, Accepted = v.Accepted ? 1 : 0, v.Points, v.Nullifier, v.ReportDigest, Report = Convert.ToBase64String(v.Report),
            Level = isProved ? (long)report.Value.Level : 0, PaidBefore = report.Refusal is null ? report.Value.PaidBefore : Points.Zero, v.Signature,
            v.Validator, received.ReceivedAt,
        }, cancellationToken);
    }
}

/// <summary>A contribution with all that is known about it.</summary>
internal sealed record ContributionRow
{
    public Bytes32 CiphertextDigest { get; init; }
    public Address Owner { get; init; }
    public long Size { get; init; }
    public Bytes32 EphemeralShare { get; init; }
    public Bytes32 SchemaDigest { get; init; }
    public long KeyEpoch { get; init; }
    public long Deadline { get; init; }
    public Signature Signature { get; init; }
    public Address Validator { get; init; }
    public string Ticket { get; init; } = "";
    public Bytes32 EvidenceDigest { get; init; }
    public long ReceivedAt { get; init; }
    public long? Accepted { get; init; }
    public Points? Points { get; init; }
    public Bytes32? Nullifier { get; init; }
    public Bytes32? ReportDigest { get; init; }
    public string? Report { get; init; }
    public Points? PaidBefore { get; init; }
    public Signature? VerdictSignature { get; init; }
    public long? JudgedAt { get; init; }
    public long? BatchId { get; init; }
    public long? LeafIndex { get; init; }
    public long? WithdrawnInBlock { get; init; }

    public ContributionState State =>
        WithdrawnInBlock is not null ? ContributionState.Withdrawn
        : BatchId is not null ? ContributionState.Committed
        : Accepted switch { null => ContributionState.Waiting, 0 => ContributionState.Refused, _ => ContributionState.Accepted };

    public SignedContribution ToSigned() =>
        new(Owner, CiphertextDigest, (ulong)Size, EphemeralShare, SchemaDigest, (uint)KeyEpoch, (ulong)Deadline, EvidenceDigest, Signature);

    public VerdictSubmission? ToVerdict() => Accepted is null ? null : new VerdictSubmission(
        Owner, CiphertextDigest, (ulong)Size, EphemeralShare, SchemaDigest, (uint)KeyEpoch, Accepted != 0,
        Points!.Value, Nullifier!.Value, ReportDigest!.Value, Validator, VerdictSignature!.Value, Convert.FromBase64String(Report!));

    public ContributionStatus ToStatus() => new(
        CiphertextDigest, Owner, (ulong)Size, State, (ulong)ReceivedAt, ToVerdict()?.ToSigned(),
        Report is null ? null : System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(Report)),
        BatchId is { } id ? new BatchId((ulong)id) : null, (uint?)LeafIndex, WithdrawnInBlock is not null);
}
