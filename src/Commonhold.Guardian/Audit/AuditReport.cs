using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Guardians.Audit;

/// <summary>Something in a guardian's log that the chain does not bear out.</summary>
/// <param name="Sequence">The log line; null when it is about the log as a whole.</param>
/// <param name="Code">Stable: one of <see cref="AuditCodes"/>.</param>
internal sealed record AuditFinding(long? Sequence, string Code, string Detail);

/// <summary>Where a log ended; kept from one audit to the next, so that a log written anew is noticed.</summary>
internal sealed record LogHead(long Count, Bytes32 Digest);

/// <summary>What one guardian's log says, and what is wrong with it.</summary>
/// <param name="Contributions">Answers for contributions, by grant.</param>
internal sealed record GuardianAudit(
    uint Guardian, LogHead Head, IReadOnlyDictionary<ulong, long> Contributions, IReadOnlyList<AuditFinding> Findings);

/// <summary>All logs, held against the chain up to one block.</summary>
internal sealed record AuditReport(ulong Block, IReadOnlyList<GuardianAudit> Guardians)
{
    public bool IsClean => Guardians.All(guardian => guardian.Findings.Count == 0);
}

/// <summary>One guardian to audit.</summary>
/// <param name="Known">Where its log ended at the last audit, if there was one.</param>
internal sealed record AuditSubject(uint Guardian, IGuardianClient Client, LogHead? Known = null);

/// <summary>The stable codes of an audit.</summary>
internal static class AuditCodes
{
    public const string Unreachable = "audit.unreachable";
    public const string ChainBroken = "audit.log_broken";
    public const string Rewritten = "audit.log_rewritten";
    public const string BlockUnknown = "audit.block_unknown";
    public const string GrantInactive = "audit.grant_inactive";
    public const string TermsMismatch = "audit.terms_mismatch";
    public const string Expired = "audit.grant_expired";
    public const string OutOfScope = "audit.out_of_scope";
    public const string UnknownContribution = "audit.unknown_contribution";
    public const string Withdrawn = "audit.withdrawn";
}
