namespace Commonhold.Guardians;

/// <summary>Every code with which a guardian refuses (docs/protocol.md §6). They are stable.</summary>
internal static class ReleaseCodes
{
    public const string GrantUnknown = "grant.unknown";
    public const string GrantNotExecuted = "grant.not_executed";
    public const string GrantTermsMismatch = "grant.terms_mismatch";
    public const string GrantExpired = "grant.expired";
    public const string GrantRevoked = "grant.revoked";
    public const string GrantOutOfScope = "grant.out_of_scope";
    public const string WorkerUnapproved = "grant.worker_unapproved";
    public const string RecipientUnusable = "grant.recipient_unusable";

    public const string ManifestRootMismatch = "manifest.root_mismatch";
    public const string ManifestUnavailable = "manifest.unavailable";

    public const string ContributionUnknown = "contribution.unknown";
    public const string ContributionWithdrawn = "contribution.withdrawn";
    public const string ShareReused = "contribution.share_reused";
    public const string ShareInvalid = "contribution.share_invalid";
    public const string OtherEpoch = "contribution.other_epoch";

    public const string ChainUnavailable = "guardian.chain_unavailable";
    public const string ChainStale = "guardian.chain_stale";
    public const string ChainWrong = "guardian.chain_wrong";
    public const string NotReady = "guardian.not_ready";
    public const string RateLimited = "guardian.rate_limited";
    public const string LogUnavailable = "guardian.log_unavailable";
    public const string LogDamaged = "guardian.log_damaged";
    public const string RequestInvalid = "release.invalid";
    public const string RequestTooLarge = "request.too_large";
    public const string NotFound = "request.not_found";
    public const string MethodNotAllowed = "request.method_not_allowed";

    public const string KeyFileInvalid = "guardian.key_file_invalid";
    public const string DirectoryBusy = "guardian.directory_busy";
    public const string CeremonyFailed = "ceremony.failed";
    public const string CeremonyNotGuardian = "ceremony.not_guardian";
    public const string ConfirmationFailed = "ceremony.confirmation_failed";
}
