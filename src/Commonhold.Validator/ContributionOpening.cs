using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Exports;
using Commonhold.Validator.Ownership;
using Commonhold.Validator.Uniqueness.IdTime;
using Commonhold.Validator.Value;
using Commonhold.Validator.Verdicts;
using CheckOutcome = Commonhold.Client.CheckOutcome;

namespace Commonhold.Validator;

/// <summary>What was found about one contribution before it is held against what is known already.</summary>
/// <param name="Refusal">Set when it is refused on its own.</param>
/// <param name="Checks">Every check made so far, in order.</param>
/// <param name="Ownership">How far the evidence reaches; null when the file was refused before it was looked at.</param>
/// <param name="ExplainTo">Whom the value is explained to; null when the member wants none.</param>
internal sealed record OpenedFile(
    Bytes32 Nullifier, ExaminedExport? Export, Refusal? Refusal, IReadOnlyList<CheckResult> Checks, OwnershipOutcome? Ownership = null, X25519Recipient? ExplainTo = null);

/// <summary>Opens one contribution by its ticket and examines it, in memory that is wiped.</summary>
/// <remarks>Trusts neither the member nor the node: signature, digest, size, the ticket's stanza and the file's own seals are
/// all checked, and each failure has its code. What the node alone can be at fault for (no blob, other bytes) is an exception,
/// not a verdict: the member must not pay for it.</remarks>
internal sealed class ContributionOpening(
    INodeClient node, EvidenceOpening evidence, ValidatorKey key, IdTimePool ids, ValidatorOptions options, TimeProvider time)
{
    private const int InMemory = 4 * 1024 * 1024;

    public async Task<OpenedFile> OpenAsync(
        WorkItem item, DaoInfo dao, ContributionPolicy policy, X25519Recipient dataset, CancellationToken cancellationToken)
    {
        CheckList checks = new();
        SignedContribution terms = item.Contribution;
        if (CheckTerms(terms, dao, checks) is { } refusal)
            return new OpenedFile(default, null, refusal, checks.Results);

        if (!PolicyFormat.Of(policy).TryGet(out ExportFormat? format, out Refusal? unknown))
            return Refused(checks, "schema", unknown);
        Result<OpenedTicket> opened = TicketFile.Open(item.Ticket, terms.CiphertextDigest, key.Identity);
        if (!opened.TryGet(out OpenedTicket? read, out Refusal? unreadable))
            return Refused(checks, "ticket", unreadable);
        using (read)
        {
            Ticket ticket = read.Ticket;
            if (!ticket.Share.SequenceEqual(terms.EphemeralShare.AsSpan()))
                return Refused(checks, "ticket", new Refusal("ticket.share_mismatch", $"The ticket's secret is not that of the signed share {terms.EphemeralShare}.", "Encrypt the file anew: who copies a stanza does not know its secret."));
            OpenedFile file = await DecryptAsync(terms, ticket, dataset, format, policy, checks, cancellationToken).ConfigureAwait(false);
            if (file.Export is null)
                return file;
            OwnershipOutcome ownership = await evidence.OpenAsync(item, file.Export.Reading, dao, policy, checks, cancellationToken).ConfigureAwait(false);
            return file with { Refusal = ownership.Refusal, Checks = checks.Results, Ownership = ownership, ExplainTo = read.ExplainTo };
        }
    }

    private Refusal? CheckTerms(SignedContribution terms, DaoInfo dao, CheckList checks)
    {
        if (!terms.IsSignedByOwner(dao.RegistryDomain))
            return checks.Fail("signature", new Refusal("contribution.signature_invalid", $"The signature is not {terms.Owner}'s over these terms for {dao.Contracts.Registry} on chain {dao.ChainId}.", "Sign for the right DAO and chain with the owner's key."));
        checks.Pass("signature", $"Signed by {terms.Owner}.");
        if (terms.Deadline < dao.ChainTime)
            return checks.Fail("deadline", new Refusal("ticket.stale", $"The contribution was to be taken up until {terms.Deadline}; the chain's time is {dao.ChainTime}.", "Contribute again."));
        if (terms.Schema != dao.Dataset.Schema || terms.Schema != Schema.Hash(dao.Dataset.SchemaName))
            return checks.Fail("schema", new Refusal("contribution.other_schema", $"The dataset does not take the schema {terms.Schema}."));
        if (!dao.Dataset.Active || terms.KeyEpoch != dao.Dataset.KeyEpoch)
            return checks.Fail("key_epoch", new Refusal("contribution.other_epoch", $"The file is for key epoch {terms.KeyEpoch}; the dataset's is {dao.Dataset.KeyEpoch}.", "Encrypt to the dataset's present recipient."));
        ulong limit = Math.Min((ulong)options.MaxContributionBytes, dao.Limits.MaxContributionBytes);
        if (terms.Size > limit)
            return checks.Fail("size", new Refusal("contribution.too_large", $"The file has {terms.Size} bytes; the limit is {limit}."));
        return null;
    }

    private async Task<OpenedFile> DecryptAsync(
        SignedContribution terms, Ticket ticket, X25519Recipient dataset, ExportFormat format, ContributionPolicy policy, CheckList checks, CancellationToken cancellationToken)
    {
        await using Stream ciphertext = terms.Size <= InMemory
            ? new MemoryStream((int)terms.Size)
            : new FileStream(
                Path.Combine(options.StateDirectory, $"{terms.CiphertextDigest}.part"), FileMode.Create, FileAccess.ReadWrite, FileShare.None,
                64 * 1024, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        try
        {
            await node.DownloadBlobAsync(terms.CiphertextDigest, ciphertext, (long)terms.Size, cancellationToken).ConfigureAwait(false);
        }
        catch (CommonholdException e) when (e.Refusal?.Code == "blob.too_large")
        {
            return Refused(checks, "size", WrongSize(terms, $"more than {terms.Size}"));
        }

        if (ciphertext.Length != (long)terms.Size)
            return Refused(checks, "size", WrongSize(terms, $"{ciphertext.Length}"));
        checks.Pass("ciphertext", $"{terms.Size} bytes with the signed digest.");

        ciphertext.Position = 0;
        await using SecretStream plaintext = new((int)terms.Size);
        try
        {
            await AgeFile.DecryptAsync(ciphertext, plaintext, [ticket.For(dataset)], cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (AgeException e)
        {
            string code = e.Code switch
            {
                AgeErrors.TicketMismatch => "ticket.mismatch",
                AgeErrors.OtherDataset => "contribution.wrong_recipient",
                _ => e.Code,
            };
            return Refused(checks, "ticket", new Refusal(code, e.Message, e.Hint));
        }

        checks.Pass("ticket", "The dataset's stanza was made for this file and opens with the dataset's key.");
        plaintext.Position = 0;
        ExportLimits limits = options.ExportLimits with { Now = time.GetUtcNow() };
        Examination examination = await ExportExaminer.ExamineAsync(
            plaintext, format, terms.Owner, key.NullifierKey, limits, policy.Reweighting, ids.Current, cancellationToken).ConfigureAwait(false);
        checks.Add(examination.Checks);
        if (examination.Refusal is { } refused && !examination.Checks.Any(c => c.Outcome == CheckOutcome.Failed))
            checks.Fail("export", refused);
        return new OpenedFile(examination.Nullifier, examination.Export, examination.Refusal, checks.Results);
    }

    private static OpenedFile Refused(CheckList checks, string check, Refusal refusal)
    {
        checks.Fail(check, refusal);
        return new OpenedFile(default, null, refusal, checks.Results);
    }

    private static Refusal WrongSize(SignedContribution terms, string found) =>
        new("contribution.size_mismatch", $"The signed size is {terms.Size} bytes; the file has {found}.");
}
