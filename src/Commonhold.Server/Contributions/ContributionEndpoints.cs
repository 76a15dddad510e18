using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Operations;
using Commonhold.Server.Storage;
using Commonhold.Server.Web;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Commonhold.Server.Contributions;

internal static class ContributionEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, NodeOptions options)
    {
        var contributions = routes.MapGroup("/v1/contributions").WithTags("contributions");
        contributions.MapPost("", SubmitAsync).RequireRateLimiting(RateLimits.Writes).WithMetadata(new BodyLimit(options.Limits.MaxJsonBytes + BodyLimit.Base64(EvidenceBundle.MaxBytes))).WithSummary("Hands in a contribution whose file is uploaded.");
        contributions.MapGet("", ListAsync).WithSummary("The contributions of one owner, oldest first.");
        contributions.MapGet("{digest}", FindAsync).WithSummary("Where a contribution stands.");
        contributions.MapGet("{digest}/explanation", ExplainAsync).WithSummary("What each part of it earned: an age file to the member.");
        contributions.MapGet("{digest}/proof", ProveAsync).RequireRateLimiting(RateLimits.CostlyReads).WithSummary("The contribution's leaf and its Merkle proof.");
        routes.MapMethods("/v1/blobs/{digest}", [HttpMethods.Get, HttpMethods.Head], OpenAsync).WithTags("blobs").WithSummary("The age file; answers ranges.");
        routes.MapGet("/v1/batches", BatchesAsync).WithTags("batches").WithSummary("Committed batches in order.");
        routes.MapGet("/v1/batches/{id}/manifest", ManifestAsync).WithTags("batches").WithSummary("A batch's leaves; compare their root with the chain.");
        routes.MapGet("/v1/rewards/{account}", RewardsAsync).WithTags("rewards").WithSummary("What an account has earned in all, with the proof to claim it.");
        var relay = routes.MapGroup("/v1/relay").WithTags("relay").RequireRateLimiting(RateLimits.Writes);
        relay.MapPost("withdrawals", WithdrawAsync).WithSummary("Sends an owner's signed withdrawal.");
        relay.MapPost("claims", ClaimAsync).WithSummary("Claims rewards to the accounts that earned them.");
    }

    private static async Task<Results<Accepted<ContributionStatus>, ProblemResult>> SubmitAsync(
        ContributionSubmission submission, ContributionIntake intake, CancellationToken cancellationToken) =>
        (await intake.SubmitAsync(submission, cancellationToken)).ToAccepted(status => $"/v1/contributions/{status.CiphertextDigest}");

    private static async Task<Ok<IReadOnlyList<ContributionStatus>>> ListAsync(
        Address owner, int? after, int? limit, HttpContext context, ContributionTable table, CancellationToken cancellationToken)
    {
        var (skip, most) = (Math.Max(0, after ?? 0), Paging.Limit(limit));
        var rows = await table.OfOwnerAsync(owner, skip, most + 1, cancellationToken);
        return TypedResults.Ok(context.Page([.. rows.Select(row => row.ToStatus())], most, "after", _ => skip + most));
    }

    private static async Task<Results<Ok<ContributionStatus>, ProblemResult>> FindAsync(
        Bytes32 digest, ContributionTable table, CancellationToken cancellationToken) =>
        (await table.FindAsync(digest, cancellationToken))?.ToStatus().ToOk(Unknown(digest)) ?? new ProblemResult(Unknown(digest));

    private static async Task<Results<Ok<ContributionProof>, ProblemResult>> ProveAsync(
        Bytes32 digest, ContributionTable table, BatchTable batches, CancellationToken cancellationToken) =>
        await table.FindAsync(digest, cancellationToken) is { } row ? (await batches.ProveAsync(row, cancellationToken)).ToOk() : new ProblemResult(Unknown(digest));

    private static async Task<Results<FileStreamHttpResult, ProblemResult>> ExplainAsync(
        Bytes32 digest, SealedFiles files, CancellationToken cancellationToken) =>
        await files.OpenExplanationAsync(digest, cancellationToken) is { } file
            ? TypedResults.Stream(file, "application/age")
            : new ProblemResult(new Refusal("explanation.unknown", $"There is no explanation of {digest}.", "A validator writes one when the ticket says to whom."));

    private static async Task<Results<FileStreamHttpResult, ProblemResult>> OpenAsync(
        Bytes32 digest, HttpContext context, IBlobStore store, ContributionTable table, CancellationToken cancellationToken)
    {
        if (await table.FindAsync(digest, cancellationToken) is { State: ContributionState.Withdrawn })
            return new ProblemResult(new Refusal("contribution.withdrawn", $"{digest} was withdrawn by its owner and is deleted."));
        if (await store.OpenAsync(BlobName.OfCiphertext(digest), cancellationToken) is not { } file)
            return new ProblemResult(new Refusal("blob.unknown", $"The node does not have {digest}."));
        if (!StartsBeyond(context.Request, file.Length))
            return TypedResults.Stream(file, "application/age", entityTag: new EntityTagHeaderValue($"\"{digest}\""), enableRangeProcessing: true);

        // The framework would answer with a bare 416 (RFC 9110 §14.4).
        context.Response.Headers.ContentRange = $"bytes */{file.Length}";
        await using (file)
            return new ProblemResult(new Refusal("blob.range_invalid", $"The range begins at or beyond the file's end; it has {file.Length} bytes.", "Ask with HEAD for its length."));
    }

    private static bool StartsBeyond(HttpRequest request, long length) =>
        request.GetTypedHeaders().Range is { Ranges: { Count: 1 } ranges } && ranges.First() is { From: { } from } && from >= length;

    private static async Task<Ok<IReadOnlyList<BatchInfo>>> BatchesAsync(
        long? from, int? limit, HttpContext context, BatchTable batches, CancellationToken cancellationToken)
    {
        var most = Paging.Limit(limit);
        var found = await batches.FromAsync(Math.Max(0, from ?? 0), most + 1, cancellationToken);
        return TypedResults.Ok(context.Page(found, most, "from", batch => (long)batch.Batch.BatchId.Value + 1));
    }

    private static async Task<Results<FileStreamHttpResult, ProblemResult>> ManifestAsync(long id, BatchTable batches, CancellationToken cancellationToken) =>
        id >= 0 && await batches.OpenManifestAsync(new BatchId((ulong)id), cancellationToken) is { } manifest
            ? TypedResults.Stream(manifest, "application/json", enableRangeProcessing: true)
            : new ProblemResult(new Refusal("manifest.unknown", $"The node does not have the manifest of batch {id}."));

    private static async Task<Ok<RewardStatus>> RewardsAsync(Address account, RewardLedger rewards, CancellationToken cancellationToken) =>
        TypedResults.Ok(await rewards.OfAsync(account, cancellationToken));

    private static async Task<Results<Accepted<RelayReceipt>, ProblemResult>> WithdrawAsync(
        RelayWithdrawal wish, MemberRelay relay, CancellationToken cancellationToken) =>
        (await relay.WithdrawAsync(wish, cancellationToken)).ToAccepted(receipt => $"/v1/relay/{receipt.Id}");

    private static async Task<Results<Accepted<RelayReceipt>, ProblemResult>> ClaimAsync(
        RelayClaims wish, MemberRelay relay, NodeOptions options, CancellationToken cancellationToken) =>
        (await relay.ClaimAsync(wish, options.Relay.MaxAccountsPerClaim, cancellationToken)).ToAccepted(receipt => $"/v1/relay/{receipt.Id}");

    private static Refusal Unknown(Bytes32 digest) => new("contribution.unknown", $"No contribution {digest} came here.");
}
