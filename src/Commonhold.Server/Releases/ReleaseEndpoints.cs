using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Commonhold.Server.Releases;

internal static class ReleaseEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/guardians", async Task<Ok<IReadOnlyList<GuardianStanding>>> (ReleaseBook book, CancellationToken cancellationToken) =>
            TypedResults.Ok(await book.GuardiansAsync(cancellationToken))).WithTags("releases").WithSummary("Today's guardians: how they stand, and where their logs end as this node read them.");
        routes.MapGet("/v1/releases", ListAsync).WithTags("releases").WithSummary("The lines of all guardians' logs, newest first; of one grant or guardian, if given.");
        routes.MapGet("/v1/batches/{batch}/releases/{index}", OfContributionAsync).WithTags("releases").WithSummary("Under which grants a contribution was released, and by whom.");
    }

    private static async Task<Ok<IReadOnlyList<ReleaseView>>> ListAsync(
        long? before, ulong? grant, Address? guardian, int? limit, HttpContext context, ReleaseBook book, CancellationToken cancellationToken)
    {
        var most = Paging.Limit(limit);
        var rows = await book.RecentAsync(most + 1, cancellationToken, before, grant is { } id ? new GrantId(id) : null, guardian);
        return TypedResults.Ok(context.Page(rows, most, "before", row => row.Position));
    }

    private static async Task<Ok<IReadOnlyList<ContributionRelease>>> OfContributionAsync(
        ulong batch, uint index, ReleaseBook book, CancellationToken cancellationToken) =>
        TypedResults.Ok(await book.OfContributionAsync(new BatchId(batch), index, cancellationToken));
}
