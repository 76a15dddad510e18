using System.Globalization;
using System.Text.Json;
using Commonhold.Client;

namespace Commonhold.Guardians.Hosting;

/// <summary>docs/protocol.md §6 over HTTP.</summary>
internal static class GuardianEndpoints
{
    /// <summary>Pages of any origin may read this: who may read an answer is decided by whom it is sealed to, and the log is everybody's.</summary>
    private const string AnyOrigin = "any-origin";

    /// <summary>No credentials: there are none that a guardian would look at.</summary>
    public static void AddCrossOrigin(IServiceCollection services) => services.AddCors(cors => cors.AddPolicy(AnyOrigin, policy => policy
        .AllowAnyOrigin().WithMethods(HttpMethods.Get, HttpMethods.Post).WithHeaders("content-type").SetPreflightMaxAge(TimeSpan.FromDays(1))));

    public static void Map(IEndpointRouteBuilder routes, Guardian guardian)
    {
        routes.MapGet("/v1/guardian", context => DescribeAsync(context, guardian)).RequireCors(AnyOrigin);
        routes.MapPost("/v1/releases", context => ReleaseAsync(context, guardian)).RequireCors(AnyOrigin);
        routes.MapGet("/v1/releases", context => ReadLogAsync(context, guardian)).RequireCors(AnyOrigin);
        // Liveness alone; whether the chain can be read is what GET /v1/guardian tells.
        routes.MapGet("/health", () => Results.Text("ok"));
    }

    private static Task DescribeAsync(HttpContext context, Guardian guardian) => AnswerAsync(
        context, guardian.DescribeAsync(context.RequestAborted), info => Results.Json(info, WireJson.Default.GuardianInfo));

    private static async Task ReleaseAsync(HttpContext context, Guardian guardian)
    {
        if ((await ReadRequestAsync(context.Request)).TryGet(out var request, out var unreadable))
            await AnswerAsync(
                context, guardian.ReleaseAsync(request, context.RequestAborted),
                answer => Results.Bytes(answer, ReleaseAnswer.MediaType));
        else
            await Problem(unreadable).ExecuteAsync(context);
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

    private static async Task<Result<ReleaseRequest>> ReadRequestAsync(HttpRequest request)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(request.Body, WireJson.Default.ReleaseRequest, request.HttpContext.RequestAborted)
                is { } read ? read : Malformed("The body is null.");
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return new Refusal(ReleaseCodes.RequestTooLarge, "The body is larger than a release request can be.", $"Ask for at most {ReleaseRequest.MaxIndices} contributions.");
        }
        catch (JsonException e)
        {
            return Malformed(e.Path is { Length: > 2 } path ? $"The field '{path[2..]}' cannot be read." : "The body is not a release request.");
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return Malformed("The body is not a release request.");
        }
    }

    /// <summary>Gives a code to what the framework answered with a bare status.</summary>
    public static Task ExplainAsync(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => Problem(new Refusal(ReleaseCodes.NotFound, "There is nothing at this address.", "See docs/protocol.md §6.")).ExecuteAsync(context),
        StatusCodes.Status405MethodNotAllowed => Problem(new Refusal(
            ReleaseCodes.MethodNotAllowed, $"This address does not take {context.Request.Method}.", "See docs/protocol.md §6.")).ExecuteAsync(context),
        _ => Task.CompletedTask,
    };

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
        ReleaseCodes.RequestTooLarge => 413,
        ReleaseCodes.MethodNotAllowed => 405,
        ReleaseCodes.GrantUnknown or ReleaseCodes.NotFound => 404,
        ReleaseCodes.ManifestRootMismatch => 409,
        ReleaseCodes.RateLimited => 429,
        _ when code.StartsWith("grant.", StringComparison.Ordinal) => 403,
        // Everything else is about this guardian, now: others may answer, or this one later.
        _ => 503,
    };
}
