using Commonhold.Client;
using Commonhold.Server.Operations;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Commonhold.Server.Web;

/// <summary>Anti-forgery: what a cookie authorises is done only for a page of this node: it has the token, and its browser says that it is from here.</summary>
/// <remarks>A form carries it in a field (<c>FormToken</c>), a script in a header, fetched when it is first needed: so pages that only show
/// something set no cookie and are the same for everybody.</remarks>
internal static class FormTokens
{
    public const string Field = "_token";
    public const string Header = "X-Commonhold-Token";

    public static Refusal Forged { get; } = new("request.forged", "The request does not come from a page of this node, or the page is too old.", "Reload the page and try again.");

    public static IServiceCollection AddFormTokens(this IServiceCollection services, NodeOptions options)
    {
        services.AddAntiforgery(antiforgery =>
        {
            (antiforgery.FormFieldName, antiforgery.HeaderName, antiforgery.SuppressXFrameOptionsHeader) = (Field, Header, true);
            antiforgery.Cookie.Name = "commonhold-form";
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.Cookie.HttpOnly = true;
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        services.AddDataProtection().SetApplicationName("commonhold").PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(options.DataDirectory, "form-keys")));
        return services;
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/form-token", Ok<FormTokenAnswer> (HttpContext context, IAntiforgery antiforgery) =>
    {
        var token = antiforgery.GetAndStoreTokens(context).RequestToken!;
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new FormTokenAnswer(token));
    }).WithTags("pages").WithSummary("The anti-forgery token that scripts send back in " + Header + ".");

    /// <summary>For a write that a cookie authorises: refuses it without the token.</summary>
    public static RouteHandlerBuilder RequireFormToken(this RouteHandlerBuilder endpoint) => endpoint.AddEndpointFilter(async (context, next) =>
        MayBeOwnPage(context.HttpContext.Request) && await context.HttpContext.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context.HttpContext)
            ? await next(context)
            : new ProblemResult(Forged));

    /// <summary>Whoever serves a neighbouring name, or another port of localhost, is of the same site: its pages' requests carry our cookies, and it can plant
    /// a cookie that fits a token it fetched itself. Browsers say where a request comes from (Fetch Metadata), and no page can say it otherwise.</summary>
    private static bool MayBeOwnPage(HttpRequest request) => request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none";
}

internal sealed record FormTokenAnswer(string Token);
