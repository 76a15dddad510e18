using Commonhold.Server.Operations;

namespace Commonhold.Server.Web;

/// <summary>Headers that every answer carries: pages run only this node's own scripts and talk to it, to the chain and to the guardians.</summary>
internal static class SecurityHeaders
{
    public static void UseSecurityHeaders(this IApplicationBuilder app, NodeOptions options)
    {
        var policy = Policy(options);
        app.Use((context, next) =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = policy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
            if (options.PublicUrl?.Scheme == Uri.UriSchemeHttps && context.Request.IsHttps)
                headers.StrictTransportSecurity = "max-age=31536000";
            return next(context);
        });
    }

    /// <summary>CSP level 3, and trusted types: text never becomes markup or code, and the only policy makes the addresses of workers.</summary>
    public static string Policy(NodeOptions options)
    {
        var others = options.GuardianUrls.Append(options.PublicRpc).OfType<Uri>().Select(url => url.GetLeftPart(UriPartial.Authority)).Distinct();
        return $"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src {string.Join(' ', others.Prepend("'self'"))}; worker-src 'self'; "
            + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types worker";
    }
}
