using Commonhold.Client;
using Commonhold.Server.Operations;
using Microsoft.AspNetCore.Http.Features;

namespace Commonhold.Server.Web.Live;

/// <summary>Server-sent events (HTML Standard §9.2): tells open pages what kind of thing changed, and they fetch what they show again.</summary>
/// <remarks>An event says nothing but kinds, so it is the same for everybody and needs no session. A connection holds no queue, wakes only
/// when something changed, and says at most one event in <see cref="Pace"/>.</remarks>
internal static class EventEndpoints
{
    private const int MostTotal = 1000, MostPerAddress = 100;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(300), Heartbeat = TimeSpan.FromSeconds(15);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var seats = new Seats(MostTotal, MostPerAddress);
        routes.MapGet("/v1/events", (HttpContext context, Changes changes, TimeProvider time, IHostApplicationLifetime lifetime) => ListenAsync(context, seats, changes, time, lifetime))
            .DisableRequestTimeout().WithTags("pages").WithSummary("Server-sent events that say what kind of thing changed.");
    }

    private static async Task ListenAsync(HttpContext context, Seats seats, Changes changes, TimeProvider time, IHostApplicationLifetime lifetime)
    {
        var address = Caller.Of(context);
        if (!seats.TryTake(address))
        {
            context.Response.Headers.RetryAfter = "30";
            await new ProblemResult(new Refusal("events.too_many", "Too many pages listen to this node.", "Close some, or load the page again from time to time.")).ExecuteAsync(context);
            return;
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.CacheControl = "no-store";
            context.Response.Headers["X-Accel-Buffering"] = "no"; // A proxy would hold events back until a buffer is full.
            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            await SpeakAsync(context.Response, changes, time, ending.Token);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException && ending.IsCancellationRequested)
        {
            // The reader left, or the node stops: the browser connects again by itself.
        }
        finally
        {
            seats.Free(address);
        }
    }

    private static async Task SpeakAsync(HttpResponse response, Changes changes, TimeProvider time, CancellationToken cancellationToken)
    {
        var told = changes.Stand();
        await response.WriteAsync("retry: 2000\n: listening\n\n", cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
        while (true)
        {
            var next = changes.Next;
            var stand = changes.Stand();
            if (Changes.Between(told, stand) is { Count: > 0 } topics)
            {
                told = stand;
                await response.WriteAsync($"event: changed\ndata: {{\"topics\":[{string.Join(',', topics.Select(topic => $"\"{topic.ToString().ToLowerInvariant()}\""))}]}}\n\n", cancellationToken);
                await response.Body.FlushAsync(cancellationToken);
                await Task.Delay(Pace, time, cancellationToken);
            }
            else if (!await Pulse.WaitAsync(next, Heartbeat, time, cancellationToken))
            {
                await response.WriteAsync(": still here\n\n", cancellationToken);
                await response.Body.FlushAsync(cancellationToken);
            }
        }
    }
}
