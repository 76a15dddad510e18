using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Commonhold.Server.Revenue;

internal static class RevenueEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/distributions", ListAsync).WithTags("revenue").WithSummary("Payments to the holders, by number; amounts in base units.");
        routes.MapGet("/v1/revenue/{account}", ClaimableAsync).RequireRateLimiting(RateLimits.CostlyReads).WithTags("revenue").WithSummary("What an account can claim now, by distribution: in currencies that are money here, or in the one that is asked for.");
        routes.MapPost("/v1/relay/revenue-claims", ClaimAsync).WithTags("relay").RequireRateLimiting(RateLimits.Writes).WithSummary("Claims revenue to the account it belongs to.");
    }

    private static async Task<Ok<IReadOnlyList<DistributionView>>> ListAsync(
        long? from, int? limit, HttpContext context, RevenueBook book, CancellationToken cancellationToken)
    {
        var most = Paging.Limit(limit);
        var rows = await book.FromAsync(Math.Max(0, from ?? 0), most + 1, cancellationToken);
        return TypedResults.Ok(context.Page(rows, most, "from", row => row.DistributionId + 1));
    }

    private static async Task<Ok<IReadOnlyList<ClaimableView>>> ClaimableAsync(
        Address account, Address? currency, long? from, HttpContext context, RevenueBook book, CancellationToken cancellationToken)
    {
        var rows = await book.ClaimableAsync(account, currency, Math.Max(0, from ?? 0), Paging.Most + 1, cancellationToken);
        return TypedResults.Ok(context.Page(rows, Paging.Most, "from", row => row.DistributionId + 1));
    }

    private static async Task<Results<Accepted<RelayReceipt>, ProblemResult>> ClaimAsync(
        RelayRevenueClaim wish, RevenueBook book, CancellationToken cancellationToken) =>
        (await book.ClaimAsync(wish, cancellationToken)).ToAccepted(receipt => $"/v1/relay/{receipt.Id}");
}
