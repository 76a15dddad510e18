using System.Text;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Accounts;
using Commonhold.Server.Revenue.Pages;
using Commonhold.Server.Web;
using Commonhold.Server.Web.Layout;

namespace Commonhold.Server.Revenue;

internal static class EarningsPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/earnings", ShowAsync, new MenuEntry(MenuGroup.Members, 40, "Earnings")).RequireRateLimiting(RateLimits.CostlyReads);
        routes.MapPost("/earnings/claims", ClaimAsync).RequireFormToken().RequireRateLimiting(RateLimits.Writes).ExcludeFromDescription();
        routes.MapGet("/earnings.csv", CsvAsync).RequireRateLimiting(RateLimits.CostlyReads).ExcludeFromDescription();
    }

    /// <summary>The signed-in account's, or any other's: what was paid to whom is public on the chain.</summary>
    private static async Task<IResult> ShowAsync(string? account, HttpContext context, EarningsDesk desk, CancellationToken cancellationToken)
    {
        if (Chosen(account, context) is { } chosen)
            return Page.Of<EarningsPage, EarningsModel>(await desk.OfAsync(chosen, chosen == Sessions.Current(context), [], cancellationToken));
        return Page.Of<WhoseEarningsPage, WhoseEarnings>(new WhoseEarnings(account), string.IsNullOrWhiteSpace(account) ? 200 : 422);
    }

    private static async Task<IResult> ClaimAsync(HttpContext context, EarningsDesk desk, CancellationToken cancellationToken)
    {
        // Not as a parameter: those are read before the form's token is looked at.
        var account = context.Request.HasFormContentType ? (await context.Request.ReadFormAsync(cancellationToken))["account"].ToString() : "";
        if (Chosen(account, context) is not { } chosen)
            return Page.Of<WhoseEarningsPage, WhoseEarnings>(new WhoseEarnings(account), 422);
        var isOwn = chosen == Sessions.Current(context);
        var refusals = await desk.ClaimAllAsync(chosen, cancellationToken);
        return refusals.Count == 0
            ? TypedResults.LocalRedirect(isOwn ? "/earnings" : $"/earnings?account={chosen}")
            : Page.Of<EarningsPage, EarningsModel>(await desk.OfAsync(chosen, isOwn, refusals, cancellationToken), ProblemResult.StatusOf(refusals[0].Code));
    }

    private static async Task<IResult> CsvAsync(string? account, HttpContext context, EarningsDesk desk, CancellationToken cancellationToken)
    {
        if (Chosen(account, context) is not { } chosen)
            return new ProblemResult(new Refusal("request.invalid", "Whose earnings?", "Sign in, or say so: /earnings.csv?account=0x…"));
        var model = await desk.OfAsync(chosen, false, [], cancellationToken);
        return TypedResults.File(Encoding.UTF8.GetBytes(EarningsCsv.Write(model.History)), "text/csv; charset=utf-8; header=present", $"earnings-{chosen}.csv");
    }

    private static Address? Chosen(string? account, HttpContext context) =>
        string.IsNullOrWhiteSpace(account) ? Sessions.Current(context) : Address.TryParse(account.Trim(), out var address) ? address : null;
}

/// <param name="Given">What was given for an account, when it is none.</param>
internal sealed record WhoseEarnings(string? Given);
