using Commonhold.Client;
using Commonhold.Server.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Commonhold.Server.Home;

internal static class HomeEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/dao", async Task<Results<Ok<DaoInfo>, ProblemResult>> (Figures figures, CancellationToken cancellationToken) =>
            (await figures.DescribeAsync(cancellationToken)).ToOk()).WithTags("dao").WithSummary("What a program must know about this DAO before it does anything.");
        routes.MapGet("/health/live", () => TypedResults.Ok(new Health("live", null))).WithTags("operations").WithSummary("The process answers.");
        routes.MapGet("/health/ready", ReadyAsync).WithTags("operations").WithSummary("Database, storage, chain and tables are as they must be.");
        routes.MapGet("/metrics", async (Figures figures, CancellationToken cancellationToken) =>
            TypedResults.Text(await figures.MetricsAsync(cancellationToken), "text/plain; version=0.0.4")).ExcludeFromDescription();
        routes.MapGet("/", async (Figures figures, CancellationToken cancellationToken) =>
            TypedResults.Text((await StatusPage.RenderAsync(figures, cancellationToken)).ToString(), "text/html; charset=utf-8")).ExcludeFromDescription();
        routes.MapGet("/style.css", () => TypedResults.Text(StatusPage.Style, "text/css; charset=utf-8")).ExcludeFromDescription();
    }

    private static async Task<JsonHttpResult<Health>> ReadyAsync(Figures figures, CancellationToken cancellationToken)
    {
        var checks = await figures.ReadinessAsync(cancellationToken);
        var isReady = checks.Values.All(holds => holds);
        return TypedResults.Json(new Health(isReady ? "ready" : "not_ready", checks), statusCode: isReady ? 200 : 503);
    }
}

internal sealed record Health(string Status, IReadOnlyDictionary<string, bool>? Checks);
