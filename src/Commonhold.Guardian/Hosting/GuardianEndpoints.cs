using System.Globalization;
using System.Text.Json;
using Commonhold.Client;

namespace Commonhold.Guardians.Hosting;

/// <summary>docs/protocol.md §6 over HTTP.</summary>
internal static class GuardianEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, Guardian guardian)
    {
        routes.MapGet("/v1/guardian", context => DescribeAsync(context, guardian));
        routes.MapPost("/v1/releases", context => ReleaseAsync(context, guardian));
        routes.MapGet("/v1/releases", context => ReadLogAsync(context, guardian));
        // Liveness alone; whether the chain can be read is what GET /v1/guardian tells.
        routes.MapGet("/health", () => Results.Text("ok"));
    }

    private static Task DescribeAsync(HttpContext context, Guardian guardian) => AnswerAsync(
        context, guardian.DescribeAsync(context.RequestAborted), info => Results.Json(info, WireJson.Default.GuardianInfo));

    private static async Task ReleaseAsync(HttpContext context, Guardian guardian)
    {
        if (await ReadRequestAsync(context.Request) is { } request)
            await AnswerAsync(
                context, guardian.ReleaseAsync(request, context.RequestAborted),
                answer => Results.Bytes(answer, ReleaseAnswer.MediaType));
        else
            await Problem(Malformed("The body is not a release request.")).ExecuteAsync(context);
    }

    private static async Task ReadLogAsync(HttpContext context, Guardian guardian)
    {
        var text = context.Request.Query["from"].FirstOrDefault("0");
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var from))
        {
            await Problem(Malformed("\"from\" is not a sequence number.")).ExecuteAsync(context);
            return;
        }

        context.Response.ContentType = "application/x-ndjson";
        try
        {
            await guardian.ReadLogAsync(from, context.Response.Body, context.RequestAborted);
        }
        catch (GuardianException e) when (!context.Response.HasStarted)
        {
            await Problem(e.Refusal!).ExecuteAsync(context);
        }
    }

    private static async Task AnswerAsync<T>(HttpContext context, Task<Result<T>> call, Func<T, IResult> map)
        where T : notnull
    {
        var logger = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger<Guardian>();
        Refusal refusal;
        try
        {
            var result = await call;
            if (result.TryGet(out var value, out var refused))
            {
                await map(value).ExecuteAsync(context);
                return;
            }

            refusal = refused;
        }
        catch (GuardianException e)
        {
            refusal = e.Refusal!;
        }

        logger.LogInformation("Refused {Path}: {Code}: {Detail}", context.Request.Path, refusal.Code, refusal.Detail);
        await Problem(refusal).ExecuteAsync(context);
    }

    private static async Task<ReleaseRequest?> ReadRequestAsync(HttpRequest request)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(
                request.Body, WireJson.Default.ReleaseRequest, request.HttpContext.RequestAborted);
        }
        catch (Exception e) when (e is JsonException or FormatException or OverflowException)
        {
            return null;
        }
    }

    private static Refusal Malformed(string detail) => new(ReleaseCodes.RequestInvalid, detail, "See docs/protocol.md §6.");

    private static IResult Problem(Refusal refusal)
    {
        var status = Status(refusal.Code);
        var title = status switch { 403 => "Refused", 404 => "Unknown", 503 => "Unavailable", _ => "Not answered" };
        return Results.Json(
            ProblemDetails.From(refusal, status, title), WireJson.Default.ProblemDetails, ProblemDetails.MediaType, status);
    }

    private static int Status(string code) => code switch
    {
        ReleaseCodes.RequestInvalid => 400,
        ReleaseCodes.GrantUnknown => 404,
        ReleaseCodes.ManifestRootMismatch => 409,
        ReleaseCodes.RateLimited => 429,
        _ when code.StartsWith("grant.", StringComparison.Ordinal) => 403,
        // Everything else is about this guardian, now: others may answer, or this one later.
        _ => 503,
    };
}
