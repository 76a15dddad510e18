using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Commonhold.Server.Governance;

internal static class GovernanceEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var proposals = routes.MapGroup("/v1/proposals").WithTags("governance");
        proposals.MapGet("", ListAsync).WithSummary("Proposals with state and tally, newest first.");
        proposals.MapGet("{id}", FindAsync).WithSummary("One proposal.");
        proposals.MapGet("{id}/votes", VotesAsync).WithSummary("Its votes in the order they were cast.");
        routes.MapGet("/v1/voting-power/{account}", PowerAsync).WithTags("governance").WithSummary("What an account holds, whom it votes through, and who votes through it.");
        routes.MapPost("/v1/relay/votes", VoteAsync).WithTags("relay").RequireRateLimiting(RateLimits.Writes).WithSummary("Sends a voter's signed ballot.");
        routes.MapPost("/v1/relay/delegations", DelegateAsync).WithTags("relay").RequireRateLimiting(RateLimits.Writes).WithSummary("Sends an account's signed choice of who votes with its tokens.");
        routes.MapPost("/v1/relay/proposals/{id}/steps", CarryOutAsync).WithTags("relay").RequireRateLimiting(RateLimits.Writes)
            .WithSummary("Does what is due for a proposal that passed: queues it, or executes it once the timelock is over.");
    }

    private static async Task<Ok<IReadOnlyList<ProposalView>>> ListAsync(
        long? before, int? limit, HttpContext context, ProposalBook book, CancellationToken cancellationToken)
    {
        var most = Math.Min(50, Paging.Limit(limit));
        var views = (await book.BeforeAsync(before ?? long.MaxValue, most + 1, cancellationToken)).Select(told => told.View).ToList();
        return TypedResults.Ok(context.Page(views, most, "before", row => row.Position));
    }

    private static async Task<Results<Ok<ProposalView>, ProblemResult>> FindAsync(string id, ProposalBook book, CancellationToken cancellationToken) =>
        (ProposalBook.TryReadId(id, out var number) ? (await book.FindAsync(number, cancellationToken))?.View : null)
            .ToOk(new Refusal("proposal.unknown", $"There is no proposal {(id.Length <= 80 ? id : "of this number")}."));

    private static async Task<Results<Ok<IReadOnlyList<VoteView>>, ProblemResult>> VotesAsync(
        string id, int? after, int? limit, HttpContext context, ProposalBook book, CancellationToken cancellationToken)
    {
        if (!ProposalBook.TryReadId(id, out var number))
            return new ProblemResult(new Refusal("proposal.unknown", "That is no proposal's number."));
        var (skip, most) = (Math.Max(0, after ?? 0), Paging.Limit(limit));
        return TypedResults.Ok(context.Page(await book.VotesAsync(number, skip, most + 1, cancellationToken), most, "after", _ => skip + most));
    }

    private static async Task<Results<Accepted<RelayReceipt>, ProblemResult>> VoteAsync(RelayVote vote, ProposalBook book, CancellationToken cancellationToken) =>
        (await book.VoteAsync(vote, cancellationToken)).ToAccepted(receipt => $"/v1/relay/{receipt.Id}");

    private static async Task<Ok<VotingPower>> PowerAsync(Address account, Delegations delegations, CancellationToken cancellationToken) =>
        TypedResults.Ok(await delegations.OfAsync(account, cancellationToken));

    private static async Task<Results<Accepted<RelayReceipt>, ProblemResult>> DelegateAsync(RelayDelegation wish, Delegations delegations, CancellationToken cancellationToken) =>
        (await delegations.RelayAsync(wish, cancellationToken)).ToAccepted(receipt => $"/v1/relay/{receipt.Id}");

    private static async Task<Results<Accepted<ProposalStep>, ProblemResult>> CarryOutAsync(string id, CarryOut carryOut, CancellationToken cancellationToken) =>
        ProposalBook.TryReadId(id, out var number)
            ? (await carryOut.StepAsync(number, cancellationToken)).ToAccepted(step => $"/v1/relay/{step.Id}")
            : new ProblemResult(new Refusal("proposal.unknown", "That is no proposal's number."));
}
