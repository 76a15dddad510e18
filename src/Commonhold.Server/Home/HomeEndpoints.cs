using Commonhold.Client;
using Commonhold.Server.Home.Pages;
using Commonhold.Server.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Commonhold.Server.Home;

internal static class HomeEndpoints
{
    private const string Icon = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="#2f9c82" d="M12 1.5 2 7v2h20V7L12 1.5ZM4 10.5v8h3v-8H4Zm6.5 0v8h3v-8h-3Zm6.5 0v8h3v-8h-3ZM2 20v2.5h20V20H2Z"/></svg>""";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/dao", async Task<Results<Ok<DaoInfo>, ProblemResult>> (Figures figures, CancellationToken cancellationToken) =>
            (await figures.DescribeAsync(cancellationToken)).ToOk()).WithTags("dao").WithSummary("What a program must know about this DAO before it does anything.");
        routes.MapGet("/health/live", () => TypedResults.Ok(new Health("live", null))).WithTags("operations").WithSummary("The process answers.");
        routes.MapGet("/health/ready", ReadyAsync).WithTags("operations").WithSummary("Database, storage, chain and tables are as they must be.");
        routes.MapGet("/metrics", async (Figures figures, CancellationToken cancellationToken) =>
            TypedResults.Text(await figures.MetricsAsync(cancellationToken), "text/plain; version=0.0.4")).ExcludeFromDescription();
        routes.MapPage("/", HomeAsync);
        routes.MapGet("/icon.svg", () => TypedResults.Text(Icon, "image/svg+xml")).ExcludeFromDescription();
    }

    /// <summary>What is kept is the page of those who are not signed in; the frame of the others names their account.</summary>
    private static async Task<IResult> HomeAsync(HttpContext context, HomeDesk desk, CancellationToken cancellationToken) =>
        context.Features.Get<Visitor>() is null ? await desk.PageAsync(cancellationToken) : Page.Of<HomePage, HomeModel>(await desk.ModelAsync(cancellationToken));

    private static async Task<JsonHttpResult<Health>> ReadyAsync(Figures figures, CancellationToken cancellationToken)
    {
        var checks = await figures.ReadinessAsync(cancellationToken);
        var isReady = checks.Values.All(holds => holds);
        return TypedResults.Json(new Health(isReady ? "ready" : "not_ready", checks), statusCode: isReady ? 200 : 503);
    }
}

internal sealed record Health(string Status, IReadOnlyDictionary<string, bool>? Checks);
