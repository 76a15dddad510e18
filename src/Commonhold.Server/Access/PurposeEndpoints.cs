using System.Text;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Web;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Commonhold.Server.Access;

internal static class PurposeEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/purposes/{digest}", FindAsync).WithTags("access").WithSummary("The purpose statement that a request's terms name by this SHA-256.");
        routes.MapPut("/v1/purposes/{digest}", PutAsync).WithTags("access").RequireRateLimiting(RateLimits.Writes).WithMetadata(new BodyLimit(PurposeShelf.MaxBytes))
            .WithSummary("Gives the node the purpose statement of a request, before or after it is made.");
    }

    private static async Task<Results<FileContentHttpResult, ProblemResult>> FindAsync(Bytes32 digest, PurposeShelf shelf, CancellationToken cancellationToken) =>
        await shelf.FindAsync(digest, cancellationToken) is { } text
            ? TypedResults.Bytes(Encoding.UTF8.GetBytes(text), "text/plain; charset=utf-8", entityTag: new EntityTagHeaderValue($"\"{digest}\""))
            : new ProblemResult(new Refusal("purpose.unknown", $"This node does not have the purpose {digest}.", "Ask the buyer for the text, and give it to the node: PUT /v1/purposes/{digest}"));

    private static async Task<Results<NoContent, ProblemResult>> PutAsync(Bytes32 digest, HttpRequest request, PurposeShelf shelf, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        return await shelf.PutAsync(digest, body.ToArray(), cancellationToken) is { } refusal ? new ProblemResult(refusal) : TypedResults.NoContent();
    }
}
