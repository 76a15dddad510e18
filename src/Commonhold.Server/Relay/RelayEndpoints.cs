using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Server.Operations;
using Commonhold.Server.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Commonhold.Server.Relay;

internal static class RelayEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/relay/{id}", FindAsync).WithTags("relay").WithSummary("What became of a relayed operation.");
        routes.MapPost("/v1/trial/faucet", FaucetAsync).WithTags("trial").RequireRateLimiting(RateLimits.Writes)
            .WithSummary("On a trial chain only: gas and test currency for an account.");
    }

    private static async Task<Results<Ok<RelayStatus>, ProblemResult>> FindAsync(string id, Outbox outbox, CancellationToken cancellationToken) =>
        (await outbox.FindAsync(id, cancellationToken)).ToOk(new Refusal("relay.unknown", "No such operation was asked for here."));

    private static async Task<Results<Accepted<FaucetReceipt>, ProblemResult>> FaucetAsync(
        FaucetWish request, NodeOptions options, Outbox outbox, TimeProvider time, CancellationToken cancellationToken)
    {
        if (options.Trial is not { } trial)
            return new ProblemResult(new Refusal("trial.not_trial", "This node serves a real chain; nothing here is for free."));
        // One gift a minute and account: asked for twice in between it is the same gift.
        var meaning = $"{request.Account}:{time.GetUtcNow().ToUnixTimeSeconds() / 60}";
        var gas = await outbox.EnqueueAsync("faucet-gas", meaning, [], new Call(request.Account, default, options.Relay.Gas.Faucet, trial.GasAmount), cancellationToken);
        if (gas.Refusal is { } noGas)
            return new ProblemResult(noGas);
        var receipts = new List<string> { gas.Value.Id };
        if (trial.Currency is { } currency)
        {
            var mint = await outbox.EnqueueAsync("faucet-currency", meaning, [], Call.Of(new TestCurrency(currency).Mint(request.Account, trial.CurrencyAmount), options.Relay.Gas.Faucet), cancellationToken);
            if (mint.Refusal is { } noCurrency)
                return new ProblemResult(noCurrency);
            receipts.Add(mint.Value.Id);
        }

        return TypedResults.Accepted($"/v1/relay/{receipts[0]}", new FaucetReceipt(true, receipts));
    }
}
