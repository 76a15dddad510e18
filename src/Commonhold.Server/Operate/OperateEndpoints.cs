using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Accounts;
using Commonhold.Server.Operate.Pages;
using Commonhold.Server.Web;
using Commonhold.Server.Web.Layout;

namespace Commonhold.Server.Operate;

internal static class OperateEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/operate", async (long? did, HttpContext context, OperateDesk desk, CancellationToken cancellationToken) =>
            Page.Of<OperatePage, OperateModel>(await desk.ReadAsync(Sessions.Current(context), did, cancellationToken)), new MenuEntry(MenuGroup.Everyone, 30, "Operate"));
        Act(routes, "make-batch", "Make a batch now", (desk, _, cancellationToken) => desk.MakeBatchAsync(cancellationToken));
        Act(routes, "pause", "Pause new contributions", (desk, _, cancellationToken) => desk.SwitchIntakeAsync(isOpen: false, cancellationToken));
        Act(routes, "resume", "Take new contributions again", (desk, _, cancellationToken) => desk.SwitchIntakeAsync(isOpen: true, cancellationToken));
        Act(routes, "remove-uploads", "Remove abandoned uploads", (desk, _, cancellationToken) => desk.RemoveUploadsAsync(cancellationToken));
        Act(routes, "retry-relay", "Try a failed relay again", (desk, form, cancellationToken) => desk.RetryRelayAsync(form["id"].ToString(), cancellationToken), form => form["id"].ToString());
    }

    /// <summary>A form of the page: by an operator, with the form's token, written down whatever comes of it.</summary>
    private static void Act(
        IEndpointRouteBuilder routes, string name, string title, Func<OperateDesk, IFormCollection, CancellationToken, Task<string>> act, Func<IFormCollection, string>? subject = null) =>
        routes.MapPost($"/operate/{name}", async (HttpContext context, OperateDesk desk, OperationsLog log, CancellationToken cancellationToken) =>
        {
            var form = await context.Request.ReadFormAsync(cancellationToken);
            var what = subject is null ? title : $"{title}: {Bounded(subject(form))}";
            var account = Sessions.Current(context)!.Value;
            string outcome;
            try
            {
                outcome = await act(desk, form, cancellationToken);
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                await log.AddAsync(account, what, "Failed; the node's log says why.", CancellationToken.None);
                throw;
            }

            // To the top, where the notice says what came of it.
            return TypedResults.Redirect($"/operate?did={await log.AddAsync(account, what, outcome, CancellationToken.None)}");
        }).RequireOperator().RequireFormToken().RequireRateLimiting(RateLimits.Writes).ExcludeFromDescription();

    private static RouteHandlerBuilder RequireOperator(this RouteHandlerBuilder endpoint) => endpoint.AddEndpointFilter(async (context, next) =>
    {
        var visitor = Sessions.Current(context.HttpContext);
        if (visitor is null)
            return new ProblemResult(new Refusal("operator.not_signed_in", "Only a signed-in operator of this node may do this.", "Sign in on the account page."));
        return context.HttpContext.RequestServices.GetRequiredService<Operators>().Contains(visitor)
            ? await next(context)
            : new ProblemResult(new Refusal("operator.not_one", $"{visitor} is no operator of this node.", "Whoever runs the machine can make it one: commonhold operator add ADDRESS."));
    });

    private static string Bounded(string text) => text.Length > 64 ? text[..64] + "…" : text;
}
