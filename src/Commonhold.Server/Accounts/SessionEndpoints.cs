using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Accounts.Pages;
using Commonhold.Server.Web;
using Commonhold.Server.Web.Layout;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Commonhold.Server.Accounts;

internal static class SessionEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/session", (HttpContext context) => TypedResults.Ok(SessionInfo.Of(context))).WithTags("session").WithSummary("Who is signed in.");
        routes.MapPost("/v1/session/challenge", Challenge).WithTags("session").RequireRateLimiting(RateLimits.Writes)
            .WithSummary("A nonce for a sign-in message (EIP-4361), good for five minutes.");
        routes.MapPost("/v1/session", EnterAsync).RequireFormToken().WithTags("session").RequireRateLimiting(RateLimits.Writes)
            .WithSummary("Signs in with a signed EIP-4361 message; the session is a cookie.");
        routes.MapDelete("/v1/session", LeaveAsync).RequireFormToken().WithTags("session").WithSummary("Signs out.");
        routes.MapPage("/account", AccountPageOf, new MenuEntry(MenuGroup.Account, 0, "Account"));
        routes.MapPost("/account/sign-out", LeaveByFormAsync).RequireFormToken().ExcludeFromDescription();
    }

    /// <summary>Finds out, once a request, whom the cookie signs in; what is shown to one account is kept by no shared cache.</summary>
    public static void UseSessions(this IApplicationBuilder app, Sessions sessions) => app.Use(async (context, next) =>
    {
        if (SessionCookie.Read(context.Request) is { } token && await sessions.FindAsync(token, context.RequestAborted) is { } session)
        {
            context.Features.Set(session);
            context.Features.Set(new Visitor(session.Address));
            context.Response.Headers.CacheControl = "private, no-cache";
        }

        await next(context);
    });

    private static Ok<SignInChallenge> Challenge(HttpContext context, SignIn signIn)
    {
        SessionCookie.Try(context);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(signIn.Challenge());
    }

    private static async Task<Results<Ok<SessionInfo>, ProblemResult>> EnterAsync(
        SignInWish wish, HttpContext context, SignIn signIn, Sessions sessions, CancellationToken cancellationToken)
    {
        var request = context.Request;
        if (!SessionCookie.IsPossible(request))
            return new ProblemResult(new Refusal("session.insecure", "One can sign in only over https, or on this very machine.", "Put TLS in front of the node, and tell it its name: --public-url."));
        var entered = await signIn.EnterAsync(wish.Message, wish.Signature, new Origin(request.Scheme, request.Host.Value!), cancellationToken);
        if (!entered.TryGet(out var session, out var refusal))
            return new ProblemResult(refusal);
        if (SessionCookie.Read(request) is { } before)
            await sessions.EndAsync(before, cancellationToken);
        SessionCookie.Write(context, session);
        return TypedResults.Ok(new SessionInfo(session.Address, session.ExpiresAt.ToUnixTimeSeconds()));
    }

    private static async Task<NoContent> LeaveAsync(HttpContext context, Sessions sessions, CancellationToken cancellationToken)
    {
        if (SessionCookie.Read(context.Request) is { } token)
            await sessions.EndAsync(token, cancellationToken);
        SessionCookie.Delete(context);
        return TypedResults.NoContent();
    }

    private static async Task<RedirectHttpResult> LeaveByFormAsync(HttpContext context, Sessions sessions, CancellationToken cancellationToken)
    {
        await LeaveAsync(context, sessions, cancellationToken);
        return TypedResults.Redirect("/account");
    }

    private static RazorComponentResult AccountPageOf(HttpContext context, Operations.NodeOptions options) =>
        Page.Of<AccountPage, AccountModel>(new AccountModel(options.Name, context.Features.Get<SignedIn>(), options.Trial is not null, options.PublicUrl));
}

/// <param name="Message">The EIP-4361 text.</param>
/// <param name="Signature">Of the account that it names, by EIP-191.</param>
internal sealed record SignInWish(string Message, string Signature);

/// <param name="Address">Absent when nobody is signed in.</param>
/// <param name="ExpiresAt">Unix seconds.</param>
internal sealed record SessionInfo(Address? Address, long? ExpiresAt)
{
    public static SessionInfo Of(HttpContext context) =>
        context.Features.Get<SignedIn>() is { } session ? new SessionInfo(session.Address, session.ExpiresAt) : new SessionInfo(null, null);
}
