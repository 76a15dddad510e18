using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Indexer;
using Commonhold.Server.Web;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Commonhold.Server.Governance;

internal static class PolicyEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/policy", CurrentAsync).WithTags("policy").WithSummary("The policy that contributions are judged by; compare its SHA-256 with the chain.");
        routes.MapGet("/v1/policies/{digest}", FindAsync).WithTags("policy").WithSummary("A policy by its SHA-256.");
        routes.MapPut("/v1/policies/{digest}", PutAsync).WithTags("policy").RequireRateLimiting(RateLimits.Writes).WithMetadata(new BodyLimit(ContributionPolicy.MaxBytes))
            .WithSummary("Gives the node a policy that the registry or a proposal names.");
    }

    private static async Task<Results<FileStreamHttpResult, ProblemResult>> CurrentAsync(ChainState chain, PolicyShelf shelf, CancellationToken cancellationToken) =>
        chain.Read().TryGet(out var snapshot, out var notReady) ? await FindAsync(snapshot.Parties.PolicyDigest, shelf, cancellationToken) : new ProblemResult(notReady);

    private static async Task<Results<FileStreamHttpResult, ProblemResult>> FindAsync(Bytes32 digest, PolicyShelf shelf, CancellationToken cancellationToken) =>
        await shelf.OpenAsync(digest, cancellationToken) is { } file
            ? TypedResults.Stream(file, "application/json", entityTag: new EntityTagHeaderValue($"\"{digest}\""))
            : new ProblemResult(new Refusal("policy.unknown", $"This node does not have the policy {digest}.", "Ask who proposed it, and give it to the node: PUT /v1/policies/{digest}"));

    private static async Task<Results<NoContent, ProblemResult>> PutAsync(Bytes32 digest, HttpRequest request, PolicyShelf shelf, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        return await shelf.PutAsync(digest, body.ToArray(), cancellationToken) is { } refusal ? new ProblemResult(refusal) : TypedResults.NoContent();
    }
}
