using System.Collections.Concurrent;
using System.Globalization;
using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Validator.Batches;
using Commonhold.Validator.Ownership;
using Commonhold.Validator.Ownership.Online;
using Commonhold.Validator.State;
using Commonhold.Validator.Value.Reweighting;
using Commonhold.Validator.Verdicts;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Commonhold.Validator;

/// <summary>Checks and values contributions one by one, and signs the batches that follow from its verdicts.</summary>
/// <remarks>Guarantee: one contribution gets one verdict, for good, whatever is killed when; an account is paid once for a row.
/// Trust: its own key and disk. The node only carries: what it says about members is signed, what it says about batches is
/// recomputed, and the DAO it names first is pinned. Sees one plaintext at a time, in memory, and wipes it.
/// Flow: ask the node for work → open by ticket → examine → judge → post the verdict; → recompute a batch → sign it.</remarks>
internal sealed partial class ValidatorProcess : IDisposable
{
    /// <summary>After so many failures that are neither the member's nor the node's, a file is refused: it must not block others.</summary>
    private const int MostFailures = 3;

    /// <summary>How long a contribution is left alone whose evidence cannot be looked at now: to open it each time again is work for nothing.</summary>
    private static readonly TimeSpan PauseForEvidence = TimeSpan.FromSeconds(30);

    private const string OtherDaoCode = "validator.other_dao";

    private readonly INodeClient _node;
    private readonly IValidatorNode _desk;
    private readonly ValidatorKey _key;
    private readonly ValidatorState _state;
    private readonly ValidatorOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<ValidatorProcess> _log;
    private readonly Judge _judge;
    private readonly BatchSigner _signer;
    private readonly ContributionOpening _opening;
    private readonly WeeklyReweighting _reweighting;
    private readonly ConcurrentDictionary<Bytes32, int> _failures = new();
    private readonly ConcurrentDictionary<Bytes32, DateTimeOffset> _postponed = new();
    private bool _isPublished;
    private (Bytes32 Digest, ContributionPolicy Policy)? _policy;

    /// <param name="key">Stays the caller's, like the state.</param>
    public ValidatorProcess(
        INodeClient node, IValidatorNode desk, ValidatorKey key, ValidatorState state, OwnershipLadder ladder, ValidatorOptions options, TimeProvider time,
        ILogger<ValidatorProcess> log)
    {
        (_node, _desk, _key, _state, _options, _time, _log) = (node, desk, key, state, options, time, log);
        DatasetLedger ledger = new();
        _reweighting = new WeeklyReweighting(state.Reweighting, state.Clusters, key.NullifierKey, options.StateDirectory, time);
        _judge = new Judge(state, ledger, key, time);
        _signer = new BatchSigner(node, state, ledger, key, options);
        _opening = new ContributionOpening(node, new EvidenceOpening(key, ladder, time), key, state.Ids, options, time);
    }

    public void Dispose() => _signer.Dispose();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            bool isFine;
            try
            {
                isFine = await RunOnceAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (CommonholdException e) when (e.Refusal?.Code != OtherDaoCode)
            {
                LogNodeFailed(e.Refusal?.Code ?? "failed", e.Message);
                isFine = false;
            }
            catch (Exception e) when (e is IOException or SqliteException)
            {
                // A full disk empties again; nothing was promised that is not on it.
                LogStateFailed(e);
                isFine = false;
            }

            if (!isFine)
                await Task.Delay(_options.PauseAfterFailure, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One round of work.</summary>
    /// <returns>False when something could not be done now and must wait a little.</returns>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (!_isPublished)
        {
            DaoInfo first = await DaoAsync(cancellationToken).ConfigureAwait(false);
            await _desk.PublishRecipientAsync(
                ValidatorRecipient.Create(_key.Account, first.Contracts.Registry, _key.Identity.Recipient.ToString()), cancellationToken).ConfigureAwait(false);
            _isPublished = true;
        }

        ValidatorWork work = await _desk.GetWorkAsync(_options.Wait, cancellationToken).ConfigureAwait(false);
        if (work.IsEmpty)
            return true;

        // Read after the wait: deadlines are held against the chain's time as it is now.
        DaoInfo dao = await DaoAsync(cancellationToken).ConfigureAwait(false);
        ContributionPolicy policy = await PolicyAsync(dao, cancellationToken).ConfigureAwait(false);
        using (StateTransaction week = _state.Begin())
        {
            if (_reweighting.RunIfDue(policy.Reweighting, cancellationToken) is { } made)
                LogReweighted(made);
            week.Commit();
        }

        if (work.Contributions.Count > 0)
            await _signer.CatchUpAsync(dao, cancellationToken).ConfigureAwait(false);
        bool isFine = true;
        await Parallel.ForEachAsync(
            work.Contributions,
            new ParallelOptions { MaxDegreeOfParallelism = _options.Parallelism, CancellationToken = cancellationToken },
            async (item, token) =>
            {
                if (!await AnswerAsync(item, dao, policy, token).ConfigureAwait(false))
                    isFine = false;
            }).ConfigureAwait(false);
        foreach (BatchProposal proposal in work.Batches)
            isFine &= await SignAsync(proposal, dao, cancellationToken).ConfigureAwait(false);
        return isFine;
    }

    private async Task<bool> AnswerAsync(WorkItem item, DaoInfo dao, ContributionPolicy policy, CancellationToken cancellationToken)
    {
        SignedContribution terms = item.Contribution;
        if (_postponed.TryGetValue(terms.CiphertextDigest, out DateTimeOffset until) && _time.GetUtcNow() < until)
            return false;
        try
        {
            VerdictSubmission? verdict = _judge.Earlier(terms);
            if (verdict is null)
            {
                OpenedFile file = await ExamineAsync(item, dao, policy, cancellationToken).ConfigureAwait(false);
                verdict = _judge.Decide(terms, file, dao, policy);
                LogVerdict(terms.CiphertextDigest, verdict.Accepted, verdict.Points);
            }

            await PostAsync(verdict, terms, dao, cancellationToken).ConfigureAwait(false);
            _postponed.TryRemove(terms.CiphertextDigest, out _);
            return true;
        }
        catch (FetchFailedException e)
        {
            _postponed[terms.CiphertextDigest] = _time.GetUtcNow() + PauseForEvidence;
            LogContributionFailed(terms.CiphertextDigest, e.Refusal!.Code, e.Message);
            return false;
        }
        catch (CommonholdException e)
        {
            // The node's fault or the network's: the contribution stays waiting and comes again.
            LogContributionFailed(terms.CiphertextDigest, e.Refusal?.Code ?? "failed", e.Message);
            return false;
        }
    }

    private async Task PostAsync(VerdictSubmission verdict, ContributionTerms terms, DaoInfo dao, CancellationToken cancellationToken)
    {
        try
        {
            await _desk.PostVerdictAsync(verdict, cancellationToken).ConfigureAwait(false);
        }
        catch (CommonholdException e) when (e.Refusal?.Code == "verdict.paid_before_stale")
        {
            // Another validator's batch paid the account since: read it, and pay what is left.
            await _signer.CatchUpAsync(dao, cancellationToken).ConfigureAwait(false);
            await _desk.PostVerdictAsync(_judge.Reconsider(terms, dao), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<OpenedFile> ExamineAsync(WorkItem item, DaoInfo dao, ContributionPolicy policy, CancellationToken cancellationToken)
    {
        Bytes32 digest = item.Contribution.CiphertextDigest;
        try
        {
            OpenedFile file = await _opening.OpenAsync(item, dao, policy, Dataset(dao), cancellationToken).ConfigureAwait(false);
            _failures.TryRemove(digest, out _);
            return file;
        }
        catch (Exception e) when (e is not (CommonholdException or OperationCanceledException or IOException))
        {
            // A fault of ours that this file brings out. Fail closed: what could not be checked is refused in the end.
            if (_failures.AddOrUpdate(digest, 1, (_, n) => n + 1) < MostFailures)
                throw new CommonholdException(new Refusal("validator.failed", e.Message), isTransient: true, e);
            LogExaminationFailed(digest, e);
            Refusal refusal = new("validator.failed", "The validator could not examine this file.", "Tell the operator; the file may be damaged in a way nobody thought of.");
            return new OpenedFile(default, null, refusal, [new CheckResult("examination", CheckOutcome.Failed, refusal.Code)]);
        }
    }

    private async Task<bool> SignAsync(BatchProposal proposal, DaoInfo dao, CancellationToken cancellationToken)
    {
        Result<BatchSignature> signed = await _signer.SignAsync(proposal, dao, cancellationToken).ConfigureAwait(false);
        if (!signed.TryGet(out BatchSignature? signature, out Refusal? refusal))
        {
            LogBatchRefused(proposal.BatchId, refusal.Code, refusal.Detail);
            return false;
        }

        await _desk.PostBatchSignatureAsync(proposal.BatchId, signature, cancellationToken).ConfigureAwait(false);
        LogBatchSigned(proposal.BatchId, proposal.Count);
        return true;
    }

    /// <summary>The DAO as the node tells it, held against what was pinned when it was first seen.</summary>
    private async Task<DaoInfo> DaoAsync(CancellationToken cancellationToken)
    {
        DaoInfo dao = await _node.GetDaoAsync(cancellationToken).ConfigureAwait(false);
        if (_options.Registry is { } expected && expected != dao.Contracts.Registry)
            throw OtherDao("registry", expected.ToString(), dao.Contracts.Registry.ToString());
        Pin("registry", dao.Contracts.Registry.ToString());
        Pin("chain", dao.ChainId.ToString(CultureInfo.InvariantCulture));
        if (dao.Dataset is { Active: true, Recipient: { } recipient })
            Pin($"recipient of epoch {dao.Dataset.KeyEpoch}", recipient);
        return dao;
    }

    /// <summary>The policy in force. A node that names another digest than the chain shows itself in every report that follows.</summary>
    private async Task<ContributionPolicy> PolicyAsync(DaoInfo dao, CancellationToken cancellationToken)
    {
        if (_policy is { } known && known.Digest == dao.Dataset.PolicyDigest)
            return known.Policy;
        ContributionPolicy policy = await _node.GetPolicyAsync(dao.Dataset.PolicyDigest, cancellationToken).ConfigureAwait(false);
        if (policy.Schema != dao.Dataset.SchemaName)
            throw new CommonholdException(new Refusal("policy.other_schema", $"The policy is for '{policy.Schema}'; the dataset takes '{dao.Dataset.SchemaName}'."), isTransient: true);
        LogPolicy(dao.Dataset.PolicyDigest);
        _policy = (dao.Dataset.PolicyDigest, policy);
        return policy;
    }

    private void Pin(string name, string value)
    {
        string pinned = _state.Pin(name, value);
        if (pinned != value)
            throw OtherDao(name, pinned, value);
    }

    private static CommonholdException OtherDao(string name, string expected, string found) =>
        new(new Refusal(OtherDaoCode, $"The node names {found} as {name}; this validator works for {expected}.", "Give each DAO a validator with a state of its own."));

    private static X25519Recipient Dataset(DaoInfo dao) =>
        dao.Dataset.Recipient is { } text && X25519Recipient.TryParse(text) is { } recipient
            ? recipient
            : throw new CommonholdException(new Refusal("dataset.not_ready", "The dataset has no key yet."), isTransient: true);

    [LoggerMessage(Level = LogLevel.Information, Message = "Clusters are weighed anew by their value to the task: {Report}")]
    private partial void LogReweighted(string report);

    [LoggerMessage(Level = LogLevel.Information, Message = "Judging by the policy {Digest}")]
    private partial void LogPolicy(Bytes32 digest);

    [LoggerMessage(Level = LogLevel.Information, Message = "Contribution {Digest}: accepted {Accepted}, {Points} points")]
    private partial void LogVerdict(Bytes32 digest, bool accepted, Points points);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Contribution {Digest} waits: {Code}: {Reason}")]
    private partial void LogContributionFailed(Bytes32 digest, string code, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Batch {Batch} of {Count} contributions signed")]
    private partial void LogBatchSigned(BatchId batch, uint count);

    [LoggerMessage(Level = LogLevel.Error, Message = "Batch {Batch} not signed: {Code}: {Reason}")]
    private partial void LogBatchRefused(BatchId batch, string code, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Contribution {Digest} could not be examined")]
    private partial void LogExaminationFailed(Bytes32 digest, Exception e);

    [LoggerMessage(Level = LogLevel.Error, Message = "The validator's own state cannot be written now")]
    private partial void LogStateFailed(Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The node cannot be used now: {Code}: {Reason}")]
    private partial void LogNodeFailed(string code, string reason);
}
