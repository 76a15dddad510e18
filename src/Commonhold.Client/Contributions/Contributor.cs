using System.Security.Cryptography;
using Commonhold.Age;
using Commonhold.Ethereum;
using Commonhold.Exports;

namespace Commonhold.Client;

/// <summary>How a member contributes.</summary>
public sealed record ContributorOptions
{
    /// <summary>How long a validator has to take it up, from the chain's time at submission.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromDays(7);

    /// <summary>The wait between questions for the verdict; it doubles up to ten seconds.</summary>
    public TimeSpan FirstPoll { get; init; } = TimeSpan.FromMilliseconds(250);

    public ExportLimits ExportLimits { get; init; } = ExportLimits.OwnMachine;
}

public enum ContributionStage
{
    Sealing,
    Uploading,
    Submitting,
    Submitted,
}

/// <param name="Bytes">Of <paramref name="TotalBytes"/>, while uploading.</param>
public sealed record ContributionProgress(ContributionStage Stage, long Bytes, long TotalBytes);

/// <summary>The member's side of a contribution: clean, encrypt, upload, sign, send the ticket, wait for the verdict.</summary>
/// <remarks>Guarantee: nothing leaves but ciphertext to the dataset and to the member, and a ticket sealed to one validator;
/// a program that was killed goes on with the same ciphertext. Trust: the DAO's addresses and keys as the node tells them, or,
/// with an <see cref="IChainView"/>, as the member's own chain node does. The ephemeral secret is kept only inside the sealed ticket.</remarks>
public sealed class Contributor(
    INodeClient node, MemberKey member, string stateDirectory, IChainView? chain = null, ContributorOptions? options = null, TimeProvider? time = null)
{
    private readonly ContributorOptions _options = options ?? new ContributorOptions();
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>What is in an export and what would be dropped, without keeping or sending anything.</summary>
    /// <param name="export">Seekable.</param>
    public async Task<Result<CleanedExport>> PreviewAsync(Stream export, CancellationToken cancellationToken)
    {
        DaoInfo dao = await node.GetDaoAsync(cancellationToken).ConfigureAwait(false);
        ContributionPolicy policy = await node.GetPolicyAsync(dao.Dataset.PolicyDigest, cancellationToken).ConfigureAwait(false);
        Result<ContributionFile> opened = ContributionFile.Open(dao.Dataset, policy, export, _options.ExportLimits);
        if (!opened.TryGet(out ContributionFile? file, out Refusal? refusal))
            return refusal;
        ExportResult<CleanedExport> cleaned = await file.CleanAsync(Stream.Null, cancellationToken).ConfigureAwait(false);
        return cleaned.IsAccepted ? cleaned.Value : cleaned.Refusal.ToRefusal();
    }

    /// <summary>Contributes an export, or goes on with it; returns its digest once the node has taken it in.</summary>
    /// <param name="export">Seekable.</param>
    /// <param name="evidence">Proves that the account is the member's; with it a file that was accepted without is contributed again.</param>
    /// <exception cref="CommonholdException">The node refused, or cannot be reached.</exception>
    public async Task<Result<Bytes32>> SubmitAsync(
        Stream export, IProgress<ContributionProgress>? progress, CancellationToken cancellationToken, EvidenceGatherer? evidence = null)
    {
        Result<DaoInfo> checkedDao = await DaoAsync(cancellationToken).ConfigureAwait(false);
        if (!checkedDao.TryGet(out DaoInfo? dao, out Refusal? refusal))
            return refusal;

        Bytes32 source = await DigestAsync(export, cancellationToken).ConfigureAwait(false);
        ContributionJournal journal = new(stateDirectory, source, member.Address, dao.RegistryDomain);
        JournalEntry? entry = journal.Read();
        if (entry is not null && await node.GetContributionAsync(entry.CiphertextDigest, cancellationToken).ConfigureAwait(false) is { } known)
        {
            // Evidence that could not be checked (a host was down) may be given again; what proved the account need not be.
            bool isProof = evidence is not null && known.State != ContributionState.Waiting && !(entry.Evidence is not null && IsProved(known));
            if (known.State != ContributionState.Refused && !isProof)
                return entry.CiphertextDigest;
            // What was judged once is judged the same again; a new attempt is a new file.
            journal.Forget();
            entry = null;
        }

        if (entry is null || !File.Exists(journal.CiphertextPath) || !IsCurrent(entry, dao))
        {
            Result<JournalEntry> made = await SealAsync(export, dao, journal, progress, cancellationToken).ConfigureAwait(false);
            if (!made.TryGet(out entry, out refusal))
                return refusal;
        }

        await UploadAsync(journal, entry, progress, cancellationToken).ConfigureAwait(false);
        // After the upload, however long that took: a sign-in lives for minutes.
        if (evidence is not null && entry.Evidence is null)
        {
            Result<JournalEntry> proved = await ProveAsync(evidence, entry, export, dao, journal, cancellationToken).ConfigureAwait(false);
            if (!proved.TryGet(out entry, out refusal))
                return refusal;
        }

        progress?.Report(new ContributionProgress(ContributionStage.Submitting, (long)entry.Size, (long)entry.Size));
        ContributionTerms terms = new(
            member.Address, entry.CiphertextDigest, entry.Size, entry.EphemeralShare, dao.Dataset.Schema, entry.KeyEpoch,
            dao.ChainTime + (ulong)_options.Lifetime.TotalSeconds, EvidenceBundle.DigestOf(entry.Evidence));
        await node.SubmitAsync(
            ContributionSubmission.From(terms.Signed(member.Account, dao.RegistryDomain), dao.RegistryDomain, entry.Validator, entry.Ticket, entry.Evidence), cancellationToken).ConfigureAwait(false);
        progress?.Report(new ContributionProgress(ContributionStage.Submitted, (long)entry.Size, (long)entry.Size));
        return entry.CiphertextDigest;
    }

    /// <summary>Waits until a validator has answered.</summary>
    public async Task<ContributionStatus> WaitAsync(Bytes32 digest, CancellationToken cancellationToken)
    {
        TimeSpan delay = _options.FirstPoll;
        while (true)
        {
            ContributionStatus status = await node.GetContributionAsync(digest, cancellationToken).ConfigureAwait(false)
                ?? throw new CommonholdException(new Refusal("contribution.unknown", $"The node does not know the contribution {digest}."));
            if (status.State != ContributionState.Waiting)
                return status;
            await Task.Delay(delay, _time, cancellationToken).ConfigureAwait(false);
            delay = delay < TimeSpan.FromSeconds(5) ? delay * 2 : TimeSpan.FromSeconds(10);
        }
    }

    /// <summary>Submits, waits for the verdict, and drops the local ciphertext once it is accepted.</summary>
    public async Task<Result<ContributionStatus>> ContributeAsync(
        Stream export, IProgress<ContributionProgress>? progress, CancellationToken cancellationToken, EvidenceGatherer? evidence = null)
    {
        Result<Bytes32> submitted = await SubmitAsync(export, progress, cancellationToken, evidence).ConfigureAwait(false);
        if (submitted.Refusal is { } refusal)
            return refusal;

        ContributionStatus status = await WaitAsync(submitted.Value, cancellationToken).ConfigureAwait(false);
        DaoInfo dao = await node.GetDaoAsync(cancellationToken).ConfigureAwait(false);
        ContributionJournal journal = new(stateDirectory, await DigestAsync(export, cancellationToken).ConfigureAwait(false), member.Address, dao.RegistryDomain);
        if (status.State == ContributionState.Refused)
            journal.Forget();
        else
            journal.DropCiphertext();
        return status;
    }

    /// <summary>What each part of a judged contribution earned, if the validator explained it to this member.</summary>
    /// <returns>Null when there is no explanation.</returns>
    public async Task<Result<ValueExplanation>?> ExplainAsync(ContributionStatus status, CancellationToken cancellationToken)
    {
        if (status.Verdict is not { } verdict || status.Report is not { } text)
            return null;
        byte[] json = System.Text.Encoding.UTF8.GetBytes(text);
        if (Report.DigestOf(json) != verdict.ReportDigest)
            return new Refusal("report.invalid", "The report is not the one that the validator signed for.", "Ask another node.");
        if (!Report.Parse(json).TryGet(out Report? report, out Refusal? refusal))
            return refusal;
        if (report.ExplanationDigest.IsZero || await node.GetExplanationAsync(status.CiphertextDigest, cancellationToken).ConfigureAwait(false) is not { } file)
            return null;
        return ValueExplanation.Open(file, report, member.Identity);
    }

    private async Task<Result<JournalEntry>> ProveAsync(
        EvidenceGatherer gather, JournalEntry entry, Stream export, DaoInfo dao, ContributionJournal journal, CancellationToken cancellationToken)
    {
        ContributionPolicy policy = await node.GetPolicyAsync(dao.Dataset.PolicyDigest, cancellationToken).ConfigureAwait(false);
        if (dao.Validators.Members.FirstOrDefault(v => v.Address == entry.Validator) is not { Recipient: { } recipient } validator
            || !validator.HasValidRecipient(dao.Contracts.Registry) || X25519Recipient.TryParse(recipient) is not { } to)
            return new Refusal("validator.none", $"The validator {entry.Validator} has not published where its tickets go.", "Try again when it is up.");
        Result<IReadOnlyList<EvidenceItem>> gathered = await gather(
            new EvidenceRequest(entry.CiphertextDigest, member.Address, dao, policy, export), cancellationToken).ConfigureAwait(false);
        if (!gathered.TryGet(out IReadOnlyList<EvidenceItem>? items, out Refusal? refusal))
            return refusal;
        using EvidenceBundle bundle = new(entry.CiphertextDigest, items);
        if (!bundle.Seal(to).TryGet(out byte[]? file, out refusal))
            return refusal;
        entry = entry with { Evidence = file };
        journal.Write(entry);
        return entry;
    }

    private static bool IsProved(ContributionStatus status) =>
        status.Report is { } text && Report.Parse(System.Text.Encoding.UTF8.GetBytes(text)).TryGet(out Report? report, out _) && report.Level.IsProved();

    private static async Task<Bytes32> DigestAsync(Stream export, CancellationToken cancellationToken)
    {
        export.Position = 0;
        byte[] digest = await SHA256.HashDataAsync(export, cancellationToken).ConfigureAwait(false);
        export.Position = 0;
        return Bytes32.FromSpan(digest);
    }

    private static bool IsCurrent(JournalEntry entry, DaoInfo dao) =>
        entry.KeyEpoch == dao.Dataset.KeyEpoch && dao.Validators.Members.Any(v => v.Address == entry.Validator);

    private async Task<Result<DaoInfo>> DaoAsync(CancellationToken cancellationToken)
    {
        DaoInfo dao = await node.GetDaoAsync(cancellationToken).ConfigureAwait(false);
        if (chain is not null && await chain.CheckAsync(dao, cancellationToken).ConfigureAwait(false) is { } refusal)
            return refusal;
        if (!dao.Dataset.Active || dao.Dataset.Recipient is null)
            return new Refusal("dataset.not_ready", $"The guardians of {dao.Name} have not made its key yet.", "Try again when their ceremony is over.");
        return dao;
    }

    private async Task<Result<JournalEntry>> SealAsync(
        Stream export, DaoInfo dao, ContributionJournal journal, IProgress<ContributionProgress>? progress, CancellationToken cancellationToken)
    {
        // Any validator will do; a random one spreads the work and what each of them sees.
        ValidatorInfo[] able = [.. dao.Validators.Members.Where(v => v.HasValidRecipient(dao.Contracts.Registry))];
        if (able.Length == 0)
            return new Refusal("validator.none", $"No validator of {dao.Name} has published where its tickets go.", "Try again when a validator is up.");
        ValidatorInfo validator = able[RandomNumberGenerator.GetInt32(able.Length)];
        if (X25519Recipient.TryParse(dao.Dataset.Recipient!) is not { } dataset || X25519Recipient.TryParse(validator.Recipient!) is not { } ticketTo)
            return new Refusal("node.invalid_recipient", "The node names a recipient that is not an age1… key.");

        ContributionPolicy policy = await node.GetPolicyAsync(dao.Dataset.PolicyDigest, cancellationToken).ConfigureAwait(false);
        Result<ContributionFile> opened = ContributionFile.Open(dao.Dataset, policy, export, _options.ExportLimits);
        if (!opened.TryGet(out ContributionFile? file, out Refusal? refusal))
            return refusal;

        // An entry never outlives its ciphertext: a kill between here and the next entry starts afresh.
        journal.Forget();
        progress?.Report(new ContributionProgress(ContributionStage.Sealing, 0, export.Length));
        Result<SealedExport> sealing = await ExportSealer.SealAsync(
            file, journal.CiphertextPath, dataset, member.Recipient, ticketTo, cancellationToken).ConfigureAwait(false);
        if (!sealing.TryGet(out SealedExport? made, out refusal))
            return refusal;
        if (made.Size > dao.Limits.MaxContributionBytes)
            return new Refusal("contribution.too_large", $"The encrypted export has {made.Size} bytes; the node takes {dao.Limits.MaxContributionBytes}.");

        JournalEntry entry = new(1, made.CiphertextDigest, made.Size, made.EphemeralShare, dao.Dataset.KeyEpoch, validator.Address, made.Ticket);
        journal.Write(entry);
        return entry;
    }

    private async Task UploadAsync(
        ContributionJournal journal, JournalEntry entry, IProgress<ContributionProgress>? progress, CancellationToken cancellationToken)
    {
        await using FileStream ciphertext = new(journal.CiphertextPath, FileMode.Open, FileAccess.Read, FileShare.Read);
        IProgress<long>? bytes = progress is null
            ? null
            : new Relay(sent => progress.Report(new ContributionProgress(ContributionStage.Uploading, sent, (long)entry.Size)));
        await node.UploadAsync(entry.CiphertextDigest, ciphertext, bytes, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Unlike <see cref="Progress{T}"/> it reports in order, on the thread of the caller.</summary>
    private sealed class Relay(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }
}
