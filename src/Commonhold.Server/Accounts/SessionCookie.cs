using System.Net;

namespace Commonhold.Server.Accounts;

/// <summary>The cookie that carries a session's token: bound to this very host (<c>__Host-</c>, RFC 6265bis), never readable by scripts, never
/// sent from other sites' pages.</summary>
/// <remarks>Some browsers keep no Secure cookie for <c>http://localhost</c>. Whether this one does is tried when it asks for a challenge: only
/// there, and only if the trial does not come back, the cookie is a plain one.</remarks>
internal static class SessionCookie
{
    public const string Name = "__Host-commonhold-session";
    public const string PlainName = "commonhold-session";
    private const string Trial = "__Host-commonhold-trial";

    public static string? Read(HttpRequest request) => request.Cookies[Name] ?? (IsLoopbackHttp(request) ? request.Cookies[PlainName] : null);

    /// <summary>Whether a cookie could be kept safely at all: over TLS, or inside this machine.</summary>
    public static bool IsPossible(HttpRequest request) => request.IsHttps || IsLoopbackHttp(request);

    public static void Try(HttpContext context) => context.Response.Cookies.Append(Trial, "1", Options(isSecure: true, TimeSpan.FromMinutes(10)));

    public static void Write(HttpContext context, NewSession session)
    {
        var isSecure = context.Request.IsHttps || context.Request.Cookies.ContainsKey(Trial);
        Delete(context);
        context.Response.Cookies.Append(isSecure ? Name : PlainName, session.Token, Options(isSecure, Sessions.Lifetime));
    }

    public static void Delete(HttpContext context)
    {
        context.Response.Cookies.Delete(Name, Options(isSecure: true, null));
        context.Response.Cookies.Delete(Trial, Options(isSecure: true, null));
        if (IsLoopbackHttp(context.Request))
            context.Response.Cookies.Delete(PlainName, Options(isSecure: false, null));
    }

    private static CookieOptions Options(bool isSecure, TimeSpan? life) =>
        new() { Secure = isSecure, HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/", MaxAge = life, IsEssential = true };

    private static bool IsLoopbackHttp(HttpRequest request) => !request.IsHttps && (request.Host.Host == "localhost"
        || (IPAddress.TryParse(request.Host.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)));
}
