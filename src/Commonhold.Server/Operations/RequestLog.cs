using System.Diagnostics;

namespace Commonhold.Server.Operations;

/// <summary>One line for each request: what was asked in general, what came of it, how long it took. No query, no header, no body: they may hold what is nobody's business.</summary>
internal static class RequestLog
{
    public static void UseRequestLog(this IApplicationBuilder app)
    {
        var log = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("Commonhold.Requests");
        app.Use(async (context, next) =>
        {
            var started = Stopwatch.GetTimestamp();
            try
            {
                await next(context);
            }
            finally
            {
                var isRead = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
                log.Log(isRead && context.Response.StatusCode < 500 ? LogLevel.Debug : LogLevel.Information, "{Method} {Route} {Status} {Milliseconds}",
                    context.Request.Method, (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText, context.Response.StatusCode,
                    Math.Round(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 1));
            }
        });
    }
}
