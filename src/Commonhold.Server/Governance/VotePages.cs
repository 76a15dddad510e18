using Commonhold.Client;
using Commonhold.Server.Accounts;
using Commonhold.Server.Governance.Pages;
using Commonhold.Server.Web;
using Commonhold.Server.Web.Layout;

namespace Commonhold.Server.Governance;

internal static class VotePages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/vote", ListAsync, new MenuEntry(MenuGroup.Members, 30, "Vote"));
        routes.MapPage("/vote/new", ProposeAsync);
        routes.MapPage("/vote/{id}", FindAsync);
    }

    private static async Task<IResult> ListAsync(long? before, HttpContext context, VoteDesk desk, CancellationToken cancellationToken) =>
        Page.Of<VotesPage, VotesModel>(await desk.ListAsync(before, Sessions.Current(context), cancellationToken));

    private static async Task<IResult> FindAsync(string id, HttpContext context, VoteDesk desk, CancellationToken cancellationToken) =>
        ProposalBook.TryReadId(id, out var number) && await desk.FindAsync(number, Sessions.Current(context), cancellationToken) is { } model
            ? Page.Of<VotePage, VoteModel>(model)
            : new ProblemResult(new Refusal("proposal.unknown", $"There is no proposal {(id.Length <= 80 ? id : "of this number")}."));

    private static async Task<IResult> ProposeAsync(string? kind, ulong? request, VoteDesk desk, CancellationToken cancellationToken) =>
        Page.Of<ProposePage, ProposeModel>(await desk.ProposeAsync(ProposePage.Kinds.Any(known => known.Kind == kind) ? kind : null, request, cancellationToken));
}
