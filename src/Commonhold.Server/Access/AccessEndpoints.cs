using Commonhold.Client;
using Commonhold.Server.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Commonhold.Server.Access;

internal static class AccessEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/requests", (long? from, int? limit, HttpContext context, GrantBook book, CancellationToken cancellationToken) =>
            ListAsync(from, limit, false, context, book, cancellationToken)).WithTags("access").WithSummary("Buyers' requests, by number.");
        routes.MapGet("/v1/grants", (long? from, int? limit, HttpContext context, GrantBook book, CancellationToken cancellationToken) =>
            ListAsync(from, limit, true, context, book, cancellationToken)).WithTags("access").WithSummary("Requests that the vote approved, by number.");
        routes.MapGet("/v1/requests/{id}", FindAsync).WithTags("access").WithSummary("One request with its terms.");
        routes.MapGet("/v1/grants/{id}", FindAsync).WithTags("access").WithSummary("The same by its grant number.");
    }

    private static async Task<Ok<IReadOnlyList<RequestView>>> ListAsync(
        long? from, int? limit, bool grantsOnly, HttpContext context, GrantBook book, CancellationToken cancellationToken)
    {
        var most = Paging.Limit(limit);
        var rows = await book.FromAsync(Math.Max(0, from ?? 0), grantsOnly, most + 1, cancellationToken);
        return TypedResults.Ok(context.Page(rows, most, "from", row => (long)row.RequestId.Value + 1));
    }

    private static async Task<Results<Ok<RequestView>, ProblemResult>> FindAsync(long id, GrantBook book, CancellationToken cancellationToken) =>
        (id < 0 ? null : await book.FindAsync(new GrantId((ulong)id), cancellationToken)).ToOk(new Refusal("grant.unknown", $"There is no request {id}."));
}
