namespace Commonhold.Server.Web;

/// <summary>Answers HEAD as GET without the body (RFC 9110 §9.3.2): the server itself, which has read the method, sends none.</summary>
internal static class HeadRequests
{
    public static void UseHeadRequests(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (!HttpMethods.IsHead(context.Request.Method) || IsAnotherThing(context.Request.Path))
        {
            await next(context);
            return;
        }

        context.Request.Method = HttpMethods.Get;
        try
        {
            await next(context);
        }
        finally
        {
            context.Request.Method = HttpMethods.Head;
        }
    });

    /// <summary>An upload says by HEAD where it stands; events and a validator's work are waited for, and a file would be read for nobody.</summary>
    private static bool IsAnotherThing(PathString path) =>
        path.StartsWithSegments("/v1/uploads") || path.StartsWithSegments("/v1/events") || path.StartsWithSegments("/v1/validators") || path.StartsWithSegments("/v1/blobs");
}
