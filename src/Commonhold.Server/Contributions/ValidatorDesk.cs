using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Indexer;
using Commonhold.Server.Operations;

namespace Commonhold.Server.Contributions;

/// <summary>Where validators fetch work and hand in verdicts and signatures; they have no other connection.</summary>
/// <remarks>Guarantee: one verdict for a contribution, by the validator it was sent to, in the journal before it counts.
/// Trust: none in the node itself is needed; every verdict and signature carries its validator's key and is checked here and on chain.
/// Flow: wait for the bell → contributions with their tickets, the open batch → verdict → journal → database → the batch is assembled.</remarks>
internal sealed class ValidatorDesk(
    Dao dao, ChainState chain, ContributionTable table, Journal journal, SealedFiles files, BatchProposals proposals, TimeProvider time, WorkBell bell) : IDisposable
{
    private const int MostContributions = 16;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private readonly SemaphoreSlim _gate = new(1);

    /// <summary>What this validator can do now, or as soon as there is something, or nothing when the time is over.</summary>
    public async Task<Result<ValidatorWork>> WaitForWorkAsync(Address validator, TimeSpan wait, CancellationToken cancellationToken)
    {
        var deadline = time.GetUtcNow() + (wait < LongestWait ? wait : LongestWait);
        while (true)
        {
            var (ring, change) = (bell.Rang.Next, chain.Changed.Next);
            if (!chain.Read().TryGet(out var snapshot, out var notReady))
                return notReady;
            if (!snapshot.IsValidator(validator))
                return new Refusal("validator.unknown", $"{validator} is no validator of this dataset.");
            var work = await WorkOfAsync(validator, cancellationToken);
            var left = deadline - time.GetUtcNow();
            if (!work.IsEmpty || left <= TimeSpan.Zero)
                return work;
            await Pulse.WaitAsync(Task.WhenAny(ring, change), left, time, cancellationToken);
        }
    }

    public async Task<Result<ContributionStatus>> SubmitAsync(VerdictSubmission verdict, CancellationToken cancellationToken)
    {
        if (!chain.Read().TryGet(out var snapshot, out var notReady))
            return notReady;
        if (!verdict.Accepted && verdict.Points > Points.Zero)
            return new Refusal("verdict.points_invalid", "A refused contribution earns nothing.");
        if (verdict.Points > BatchingRules.MostPoints)
            return new Refusal("verdict.points_invalid", $"{verdict.Points} points are more than a batch can hold ({BatchingRules.MostPoints}).");
        var validator = verdict.Validator;
        if (!snapshot.IsValidator(validator) || !verdict.IsGenuine(dao.RegistryDomain))
            return new Refusal("verdict.not_genuine",
                $"The verdict is not signed by the current validator {validator} for this registry on this chain, or its report is longer or other than signed.");

        if (!verdict.ReadReport().TryGet(out var report, out var unreadable))
            return unreadable;
        if (report.Accepted != verdict.Accepted || report.Points != verdict.Points || report.CiphertextDigest != verdict.CiphertextDigest)
            return new Refusal("verdict.report_mismatch", "The report says something else than the verdict.");
        if (verdict.Explanation?.Length > ValueExplanation.MaxBytes || (verdict.Explanation is null ? Bytes32.Zero : Report.DigestOf(verdict.Explanation)) != report.ExplanationDigest)
            return new Refusal("explanation.digest_mismatch", "The explanation is not the one that the report names.", "Send both as they were made.");

        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (await table.FindAsync(verdict.CiphertextDigest, cancellationToken) is not { } row)
                return new Refusal("contribution.unknown", $"No contribution {verdict.CiphertextDigest} came here.");
            if (!verdict.IsAbout(row.ToSigned()))
                return new Refusal("verdict.other_terms", "The verdict is not about the terms that the owner signed.");
            if (row.ToVerdict() is { } earlier)
                return earlier.ToSigned() == verdict.ToSigned() ? row.ToStatus()
                    : new Refusal("verdict.conflict", $"{verdict.CiphertextDigest} has a verdict already.");
            if (row.Validator != validator)
                return new Refusal("verdict.not_assigned", $"{verdict.CiphertextDigest} was sent to {row.Validator}, not to {validator}.");
            // Two validators may not pay one account for the same rows (protocol.md §5).
            if (verdict.Accepted && await table.CommittedToAsync(verdict.Nullifier, cancellationToken) is var paid && paid > report.PaidBefore)
                return new Refusal("verdict.paid_before_stale", $"The account had {paid} points in committed batches; the verdict knows of {report.PaidBefore}.", "Read the newest batches and decide anew.");
            var received = new ReceivedVerdict(verdict, time.GetUtcNow().ToUnixTimeSeconds());
            await journal.WriteAsync(received, cancellationToken);
            await table.InsertAsync(received, cancellationToken);
            await journal.ForgetSecretsAsync(verdict.CiphertextDigest, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }

        bell.Rang.Beat();
        return (await table.FindAsync(verdict.CiphertextDigest, cancellationToken))!.ToStatus();
    }

    public async Task<Result<BatchMessage>> SubmitAsync(BatchId batchId, BatchSignature signature, CancellationToken cancellationToken)
    {
        if (!chain.Read().TryGet(out var snapshot, out var notReady))
            return notReady;
        if (await proposals.FindAsync(batchId, cancellationToken) is not { } batch || batch.StructHash() != signature.StructHash)
            return new Refusal("batch.stale", $"{signature.StructHash} is not the batch {batchId} that is open now.", "Ask for work again.");
        if (!snapshot.IsValidator(signature.Validator) || !batch.IsSignedBy(signature.Validator, signature.Signature, dao.RegistryDomain))
            return new Refusal("batch.signature_invalid", $"The signature is not that of the current validator {signature.Validator} under this batch.");
        await proposals.AddAsync(signature, cancellationToken);
        bell.Rang.Beat();
        return batch;
    }

    public void Dispose() => _gate.Dispose();

    private async Task<ValidatorWork> WorkOfAsync(Address validator, CancellationToken cancellationToken)
    {
        var waiting = await table.WaitingForAsync(validator, MostContributions, cancellationToken);
        var open = await proposals.UnsignedByAsync(validator, cancellationToken);
        var items = new List<WorkItem>(waiting.Count);
        foreach (var row in waiting)
            items.Add(new WorkItem(row.ToSigned(), Convert.FromBase64String(row.Ticket),
                row.EvidenceDigest.IsZero ? null : await files.ReadEvidenceAsync(row.CiphertextDigest, cancellationToken)));
        return new ValidatorWork(items, open is null ? [] : [open]);
    }
}
