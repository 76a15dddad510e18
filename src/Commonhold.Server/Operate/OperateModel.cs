using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Operations;
using Commonhold.Server.Releases;
using Commonhold.Server.Storage;

namespace Commonhold.Server.Operate;

/// <summary>What the page at <c>/operate</c> shows.</summary>
/// <param name="Visitor">Who is signed in.</param>
/// <param name="Did">The act that the visitor just did.</param>
internal sealed record OperateModel(
    Address? Visitor, bool IsOperator, int OperatorCount, bool IsIntakeOpen, IReadOnlyList<GuardianStanding> Guardians, uint GuardianThreshold,
    QueueStanding Queue, OpenBatch? OpenBatch, BatchInfo? LastBatch, bool IsBatchAsked, RelayerStanding Relayer, long RelaysUnderWay, IReadOnlyList<FailedRelay> FailedRelays,
    StorageStanding Storage, ChainStanding Chain, long FailureCount, IReadOnlyList<LoggedFailure> Failures, IReadOnlyList<OperationView> Acts, OperationView? Did, bool IsTrial);

/// <param name="Waiting">Contributions without a verdict.</param>
/// <param name="Unbatched">Accepted, and in no batch yet.</param>
internal sealed record QueueStanding(long Waiting, long? OldestAt, long AcceptedToday, long RefusedToday, long Unbatched);

internal sealed record OpenBatch
{
    public long BatchId { get; init; }
    public long Count { get; init; }
    public long CreatedAt { get; init; }
    public long Signatures { get; init; }
}

internal sealed record FailedRelay
{
    public string Id { get; init; } = "";
    public string Kind { get; init; } = "";
    public string? Error { get; init; }
    public long At { get; init; }
}

/// <param name="FreeBytes">That uploads may still use.</param>
internal sealed record StorageStanding(long FreeBytes, long ReservedBytes, long Files, long FileBytes, UploadSummary Uploads, long DatabaseBytes);

/// <param name="Silence">Since the endpoint last answered.</param>
/// <param name="Now">Unix seconds, the node's own clock.</param>
internal sealed record ChainStanding(long? Head, long? Time, TimeSpan? Silence, bool IsCaughtUp, long Now);
