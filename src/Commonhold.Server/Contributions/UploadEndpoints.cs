using System.Globalization;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Operations;
using Commonhold.Server.Storage;
using Commonhold.Server.Web;
using Microsoft.AspNetCore.Http.Features;

namespace Commonhold.Server.Contributions;

/// <summary>Resumable uploads: the core rules of tus 1.0, with the file's digest as the upload's name.</summary>
internal static class UploadEndpoints
{
    private const string Version = "1.0.0", Offset = "Upload-Offset", Length = "Upload-Length", Media = "application/offset+octet-stream";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var uploads = routes.MapGroup("/v1/uploads").WithTags("uploads").RequireRateLimiting(RateLimits.Writes);
        uploads.MapPost("", BeginAsync).WithSummary("Announces an upload; says where to go on when it was begun before.");
        uploads.MapMethods("{digest}", [HttpMethods.Head], StandAsync).DisableRateLimiting().WithSummary("Where an upload stands.");
        uploads.MapPatch("{digest}", AppendAsync).Accepts<Stream>(Media).DisableRequestTimeout().WithSummary("Appends at Upload-Offset; the last byte makes the node compare the digest.");
    }

    private static async Task<IResult> BeginAsync(
        UploadRequest request, HttpContext context, IBlobStore store, IntakeGate gate, UploadShares shares, NodeOptions options, CancellationToken cancellationToken)
    {
        // One that was begun before goes on: its member has sent part of it.
        var isNew = await store.FindUploadAsync(request.CiphertextDigest, cancellationToken) is null;
        if (isNew && await gate.CheckAsync(cancellationToken) is { } paused)
            return new ProblemResult(paused);
        if (request.Size == 0 || request.Size > (ulong)options.Limits.MaxContributionBytes)
            return new ProblemResult(new Refusal("upload.too_large", $"{request.Size} bytes; this node takes 1 to {options.Limits.MaxContributionBytes}."));
        if (isNew && await shares.TakeAsync(Caller.Of(context), request.CiphertextDigest, (long)request.Size, cancellationToken) is { } tooMuch)
            return new ProblemResult(tooMuch);
        var begun = await store.BeginUploadAsync(request.CiphertextDigest, (long)request.Size, cancellationToken);
        if (!begun.TryGet(out var state, out var refusal))
            return new ProblemResult(refusal);
        Describe(context.Response, state);
        return TypedResults.Created($"/v1/uploads/{request.CiphertextDigest}");
    }

    private static async Task<IResult> StandAsync(Bytes32 digest, HttpContext context, IBlobStore store, CancellationToken cancellationToken)
    {
        if (await store.FindUploadAsync(digest, cancellationToken) is not { } state)
            return TypedResults.NotFound();
        Describe(context.Response, state);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok();
    }

    private static async Task<IResult> AppendAsync(Bytes32 digest, HttpContext context, IBlobStore store, CancellationToken cancellationToken)
    {
        var request = context.Request;
        if (request.ContentType != Media || !long.TryParse(request.Headers[Offset], NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
            return new ProblemResult(new Refusal("upload.headers_invalid", $"An append has the content type {Media} and the header {Offset}."));
        if (await store.FindUploadAsync(digest, cancellationToken) is not { } before)
            return new ProblemResult(DiskUploads.Unknown(digest));
        // The announced size is the bound; one byte more, so that too much is seen and not only cut.
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = Math.Max(0, before.Size - before.Offset) + 1;
        var appended = await store.AppendAsync(digest, offset, request.Body, cancellationToken);
        if (await store.FindUploadAsync(digest, CancellationToken.None) is { } now)
            Describe(context.Response, now);
        if (appended.Refusal is not { } refusal)
            return TypedResults.NoContent();
        // What was sent beyond the bound is not read, so nothing can follow on this connection; said, so that no client tries.
        context.Response.Headers.Connection = "close";
        return new ProblemResult(refusal);
    }

    private static void Describe(HttpResponse response, UploadState state)
    {
        response.Headers["Tus-Resumable"] = Version;
        response.Headers[Offset] = state.Offset.ToString(CultureInfo.InvariantCulture);
        response.Headers[Length] = state.Size.ToString(CultureInfo.InvariantCulture);
    }
}
