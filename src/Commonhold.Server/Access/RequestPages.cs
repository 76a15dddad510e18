using Commonhold.Client;
using Commonhold.Server.Access.Pages;
using Commonhold.Server.Web;
using Commonhold.Server.Web.Layout;

namespace Commonhold.Server.Access;

internal static class RequestPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/requests", async (long? before, RequestDesk desk, CancellationToken token) =>
            (await desk.ListAsync(before, token)).TryGet(out var model, out var refusal) ? (IResult)Page.Of<RequestsPage, RequestsModel>(model) : new ProblemResult(refusal),
            new MenuEntry(MenuGroup.Buyers, 30, "Requests"));
        routes.MapPage("/requests/new", async (RequestDesk desk, CancellationToken token) =>
            (await desk.BeginAsync(token)).TryGet(out var model, out var refusal) ? (IResult)Page.Of<NewRequestPage, NewRequestModel>(model) : new ProblemResult(refusal),
            new MenuEntry(MenuGroup.Buyers, 20, "Ask for access"));
        routes.MapPage("/requests/{id}", async (string id, RequestDesk desk, CancellationToken token) =>
            ulong.TryParse(id, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) && number <= long.MaxValue
                && await desk.FindAsync(new GrantId(number), token) is { } model
                ? (IResult)Page.Of<RequestPage, RequestModel>(model)
                : new ProblemResult(new Refusal("grant.unknown", $"There is no request {(id.Length <= 20 ? id : "of that number")}.", "See all requests: /requests")));
    }
}
