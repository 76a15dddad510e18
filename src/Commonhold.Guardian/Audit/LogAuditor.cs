using System.Text;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Guardians.Audit;

/// <summary>Holds every guardian's release log against the chain.</summary>
/// <remarks>Guarantee: a log that passes is an unbroken chain of lines, and each line is a release that the chain allowed at
/// the block it names. Trusts: the auditor's own chain node. It cannot see a release that a guardian did not log: that takes
/// t dishonest guardians to be of use to anyone. Keep the heads it returns: with them a log that is written anew is noticed.</remarks>
internal sealed class LogAuditor(EthereumNode node, DaoContracts contracts, ulong firstBlock)
{
    private readonly Dictionary<ulong, BlockHeader?> _headers = [];

    /// <exception cref="RpcException">The chain node cannot be read.</exception>
    public async Task<AuditReport> AuditAsync(IReadOnlyList<AuditSubject> subjects, CancellationToken cancellationToken)
    {
        // Logs first: what they hold was released on blocks that the history, read afterwards, already knows.
        List<(AuditSubject Subject, LogTranscript Log)> logs = [];
        foreach (var subject in subjects)
            logs.Add((subject, await LogTranscript.ReadAsync(subject, cancellationToken)));
        var head = await node.BlockNumberAsync(cancellationToken);
        var history = await ChainHistory.ReadAsync(node, contracts, firstBlock, head, cancellationToken);

        List<GuardianAudit> audits = [];
        foreach (var (subject, log) in logs)
        {
            List<AuditFinding> findings = [.. log.Findings];
            foreach (var entry in log.Entries)
                findings.AddRange((await CheckAsync(entry.Release, history, cancellationToken))
                    .Select(fault => new AuditFinding(entry.Sequence, fault.Code, fault.Detail)));
            audits.Add(new GuardianAudit(
                subject.Guardian, log.Head,
                log.Entries.GroupBy(entry => entry.Release.GrantId.Value).ToDictionary(g => g.Key, g => g.Sum(e => (long)e.Release.Indices.Count)),
                findings));
        }

        return new AuditReport(head, audits);
    }

    private async Task<List<(string Code, string Detail)>> CheckAsync(
        ReleaseRecord release, ChainHistory history, CancellationToken cancellationToken)
    {
        List<(string Code, string Detail)> faults = [];
        var block = await HeaderAsync(release.Block, cancellationToken);
        if (block?.Hash != release.BlockHash)
            faults.Add((AuditCodes.BlockUnknown, $"Block {release.Block} is not {release.BlockHash} on this chain; a reorganisation may have taken it away."));
        if (history.Grant(release.GrantId) is not { } grant || grant.EndsAtAsOf(release.Block) is not { } endsAt)
        {
            faults.Add((AuditCodes.GrantInactive, $"Grant {release.GrantId} was not active at block {release.Block}."));
            return faults;
        }

        if (grant.TermsHash != release.TermsHash)
            faults.Add((AuditCodes.TermsMismatch, $"Grant {release.GrantId} was made for terms {grant.TermsHash}, not {release.TermsHash}."));
        if (block is not null && block.Timestamp >= endsAt)
            faults.Add((AuditCodes.Expired, $"Grant {release.GrantId} had ended at {endsAt}; block {release.Block} is of {block.Timestamp}."));
        if (release.BatchId.Value >= grant.Scope || history.CountAt(release.BatchId, release.Block) is not { } count)
        {
            faults.Add((AuditCodes.OutOfScope, $"Batch {release.BatchId} was not in the scope of grant {release.GrantId} at block {release.Block}."));
            return faults;
        }

        foreach (var index in release.Indices)
        {
            if (index >= count)
                faults.Add((AuditCodes.UnknownContribution, $"Batch {release.BatchId} has {count} contributions, and no {index}."));
            else if (history.IsWithdrawnAt(release.BatchId, index, release.Block))
                faults.Add((AuditCodes.Withdrawn, $"Contribution {index} of batch {release.BatchId} was withdrawn before block {release.Block}."));
        }

        return faults;
    }

    private async Task<BlockHeader?> HeaderAsync(ulong number, CancellationToken cancellationToken)
    {
        if (!_headers.TryGetValue(number, out var header))
            _headers[number] = header = await node.BlockAsync(number, cancellationToken);
        return header;
    }
}

/// <summary>One guardian's whole log as it was sent, verified line by line up to the first that does not follow.</summary>
internal sealed record LogTranscript(IReadOnlyList<ReleaseLogEntry> Entries, LogHead Head, IReadOnlyList<AuditFinding> Findings)
{
    public static async Task<LogTranscript> ReadAsync(AuditSubject subject, CancellationToken cancellationToken)
    {
        ReleaseLogVerifier verifier = new();
        List<ReleaseLogEntry> entries = [];
        List<AuditFinding> findings = [];
        try
        {
            for (long before = -1; before < verifier.Count;)
            {
                before = verifier.Count;
                await foreach (var line in subject.Client.ReadLogAsync((ulong)before, cancellationToken))
                    entries.Add(verifier.Accept(Encoding.UTF8.GetBytes(line)));
            }
        }
        catch (FormatException e)
        {
            findings.Add(new AuditFinding(verifier.Count, AuditCodes.ChainBroken, e.Message));
        }
        catch (CommonholdException e)
        {
            findings.Add(new AuditFinding(null, AuditCodes.Unreachable, $"The log of guardian {subject.Guardian} cannot be read: {e.Message}"));
        }

        if (findings.Count == 0 && subject.Known is { Count: > 0 } known
            && (entries.Count < known.Count || entries[(int)known.Count - 1].Digest != known.Digest))
            findings.Add(new AuditFinding(
                null, AuditCodes.Rewritten, $"The log had {known.Count} lines that ended in {known.Digest}; it does not contain them any more."));
        return new LogTranscript(entries, new LogHead(verifier.Count, verifier.Head), findings);
    }
}
