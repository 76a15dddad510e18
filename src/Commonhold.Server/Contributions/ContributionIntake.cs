using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Indexer;
using Commonhold.Server.Operations;
using Commonhold.Server.Storage;

namespace Commonhold.Server.Contributions;

/// <summary>Takes in contributions: a file that is here whole, terms that its owner signed, and a ticket for one validator, perhaps with evidence.</summary>
/// <remarks>Guarantee: what is answered with "accepted for validation" is in the journal and on its way to a validator, once.
/// Trust: nobody; the owner's signature binds account, bytes, ephemeral share, key epoch and this registry on this chain, and the share is
/// read again from the file itself. Ticket and evidence are sealed to the validator, are only passed on, and are gone after its verdict.
/// Flow: check terms against the chain → check the signature → read the file's header → no digest or share twice → journal → database.</remarks>
internal sealed class ContributionIntake(
    Dao dao, ChainState chain, IBlobStore store, ContributionTable table, Journal journal, NodeOptions options, TimeProvider time, WorkBell bell, IntakeGate gate) : IDisposable
{
    // One process serves a directory, so one gate is enough for "no digest and no share twice".
    private readonly SemaphoreSlim _gate = new(1);

    public async Task<Result<ContributionStatus>> SubmitAsync(ContributionSubmission submission, CancellationToken cancellationToken)
    {
        if (!chain.Read().TryGet(out var snapshot, out var notReady))
            return notReady;
        if (CheckTerms(submission, snapshot) is { } wrongTerms)
            return wrongTerms;
        if (await CheckFileAsync(submission, cancellationToken) is { } wrongFile)
            return wrongFile;

        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (await table.FindAsync(submission.CiphertextDigest, cancellationToken) is { } earlier)
            {
                if (earlier.Owner != submission.Owner || earlier.EphemeralShare != submission.EphemeralShare)
                    return Taken(submission.CiphertextDigest);
                // What a validator accepted that is none any more comes into no batch: another one may judge it.
                var isOrphan = earlier.State == ContributionState.Accepted && !snapshot.IsValidator(earlier.Validator);
                if (earlier.State != ContributionState.Waiting && !isOrphan)
                    return earlier.ToStatus(); // A client that lost the first answer asks again.
            }
            else if (await gate.CheckAsync(cancellationToken) is { } paused)
                return paused;
            else if (await table.IsInLeafAsync(submission.CiphertextDigest, cancellationToken))
                return Taken(submission.CiphertextDigest);
            else if (await table.CountWaitingAsync(submission.Owner, cancellationToken) >= options.Limits.WaitingPerOwner)
                return new Refusal("contribution.too_many_waiting", $"{options.Limits.WaitingPerOwner} contributions of {submission.Owner} wait for a verdict.",
                    "Wait until some have been judged.");
            if (await table.IsShareTakenAsync(submission.EphemeralShare, submission.CiphertextDigest, cancellationToken))
                return new Refusal("contribution.share_reused", $"The ephemeral share {submission.EphemeralShare} stands in another contribution.",
                    "Encrypt the file again; every file has its own share.");

            var intake = new Intake(submission, time.GetUtcNow().ToUnixTimeSeconds());
            await journal.WriteAsync(intake, cancellationToken);
            await table.InsertAsync(intake, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }

        bell.Rang.Beat();
        return (await table.FindAsync(submission.CiphertextDigest, cancellationToken))!.ToStatus();
    }

    public void Dispose() => _gate.Dispose();

    private Refusal? CheckTerms(ContributionSubmission s, ChainSnapshot snapshot)
    {
        if (s.ChainId is { } chain && chain != dao.ChainId)
            return new Refusal("contribution.other_chain", $"It was signed for chain {chain}; this DAO is on chain {dao.ChainId}.", "Send it to the node of the DAO that it was signed for.");
        if (s.Registry is { } registry && registry != dao.Addresses.Registry)
            return new Refusal("contribution.other_dao", $"It was signed for the registry {registry}; this DAO's is {dao.Addresses.Registry}.", "Send it to the node of the DAO that it was signed for.");
        if (s.Size == 0 || s.Size > (ulong)options.Limits.MaxContributionBytes)
            return new Refusal("contribution.size_invalid", $"{s.Size} bytes is not a size that this node takes.");
        if (s.Schema != dao.Schema)
            return new Refusal("contribution.other_schema", $"Schema {s.Schema} is not this dataset's {dao.Schema}.");
        if (snapshot.Dataset is not { } key)
            return new Refusal("contribution.no_dataset_key", "The guardians have not made the dataset's key yet.", "Try again when their ceremony is over.");
        if (s.KeyEpoch != key.Epoch)
            return new Refusal("contribution.other_epoch", $"Key epoch {s.KeyEpoch} is not the active one, {key.Epoch}.", "Ask /v1/dao and encrypt the file to the recipient given there.");
        if ((long)Math.Min(s.Deadline, long.MaxValue) < snapshot.Time)
            return new Refusal("contribution.expired", $"The deadline {s.Deadline} has passed; chain time is {snapshot.Time}.", "Sign again with a later deadline, in chain time.");
        if (!snapshot.IsValidator(s.Validator))
            return new Refusal("contribution.not_a_validator", $"{s.Validator} is no validator of this dataset.", "Ask /v1/dao for the validators.");
        if (s.Ticket.Length > ContributionSubmission.MaxTicketBytes || !TryReadHeader(s.Ticket, out _))
            return new Refusal("contribution.ticket_invalid", "The ticket is not a small age file.");
        if (s.Evidence is { } evidence && (evidence.Length is 0 or > EvidenceBundle.MaxBytes || !TryReadHeader(evidence, out _)))
            return new Refusal("contribution.evidence_invalid", $"The evidence is not an age file of at most {EvidenceBundle.MaxBytes} bytes.");
        if (EvidenceBundle.DigestOf(s.Evidence) != s.EvidenceDigest)
            return new Refusal("evidence.digest_mismatch", $"The evidence has the digest {EvidenceBundle.DigestOf(s.Evidence)}; {s.EvidenceDigest} was signed.", "Send the evidence that you signed.");
        return s.IsSignedByOwner(dao.RegistryDomain) ? null : new Refusal("contribution.signature_invalid",
            $"The signature is not {s.Owner}'s over these terms, for registry {dao.Addresses.Registry} on chain {dao.ChainId}.");
    }

    private async Task<Refusal?> CheckFileAsync(ContributionSubmission s, CancellationToken cancellationToken)
    {
        await using var file = await store.OpenAsync(BlobName.OfCiphertext(s.CiphertextDigest), cancellationToken);
        if (file is null)
            return new Refusal("contribution.not_uploaded", $"The node does not have {s.CiphertextDigest}.", "Upload the file first: POST /v1/uploads.");
        if (file.Length != (long)s.Size)
            return new Refusal("contribution.size_invalid", $"The file has {file.Length} bytes; {s.Size} were signed.");
        var beginning = new byte[AgeLimits.Contribution.MaxHeaderBytes];
        var read = await file.ReadAtLeastAsync(beginning, beginning.Length, throwOnEndOfStream: false, cancellationToken);
        if (!TryReadHeader(beginning.AsSpan(0, read), out var header))
            return new Refusal("contribution.not_age", "The file does not begin with a valid age v1 header.", "Encrypt it with age, to the dataset's recipient.");
        // The share in the terms is what guardians will answer for, so it has to be one of this very file.
        return header.X25519Shares.Any(share => share.Span.SequenceEqual(s.EphemeralShare.AsSpan())) ? null
            : new Refusal("contribution.share_mismatch", $"The file has no X25519 stanza with the share {s.EphemeralShare}.");
    }

    private static bool TryReadHeader(ReadOnlySpan<byte> file, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out AgeHeader? header)
    {
        try
        {
            header = AgeHeader.Parse(file, AgeLimits.Contribution);
            return true;
        }
        catch (AgeException)
        {
            header = null;
            return false;
        }
    }

    private static Refusal Taken(Bytes32 digest) => new("contribution.digest_taken", $"{digest} was contributed before by somebody else, or with other terms.");
}

/// <summary>Rings when there may be new work for a validator.</summary>
internal sealed class WorkBell
{
    public Pulse Rang { get; } = new();
}
