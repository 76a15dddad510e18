using System.Globalization;
using System.Numerics;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Server.Relay;

/// <summary>Runs a call on the chain's pending state before gas is spent on it.</summary>
internal sealed class RelaySimulator(EthereumNode node, Relayer relayer)
{
    /// <summary>Null when the chain would take it and the relayer can pay for it.</summary>
    public async Task<Refusal?> CheckAsync(Call call, CancellationToken cancellationToken)
    {
        if (!(await EstimateAsync(call, cancellationToken)).TryGet(out var gas, out var refusal))
            return refusal;
        var fees = await node.SuggestFeesAsync(cancellationToken);
        return await BalanceAsync(cancellationToken) < Price(call, Limit(gas, call), fees) ? Unfunded(relayer.Key!.Address) : null;
    }

    public Task<BigInteger> BalanceAsync(CancellationToken cancellationToken) => relayer.Key is { } key
        ? node.BalanceAsync(key.Address, BlockReference.Latest, cancellationToken) : Task.FromResult(BigInteger.Zero);

    /// <summary>A third more than simulated, because what is mined in between may touch other slots first; never more than the call's most.</summary>
    public static ulong Limit(ulong gas, Call call) => Math.Min(gas + (gas / 3), call.MostGas);

    /// <summary>Wei that it may cost at most.</summary>
    public static BigInteger Price(Call call, ulong gasLimit, FeeSuggestion fees) => (gasLimit * fees.MaxFeePerGas) + (BigInteger)call.Value;

    /// <summary>The gas that it would take, or why it would fail.</summary>
    public async Task<Result<ulong>> EstimateAsync(Call call, CancellationToken cancellationToken)
    {
        if (relayer.Key is not { } key)
            return new Refusal("relay.unfunded", "This node relays nothing.", "Send the transaction yourself, or ask another node.");
        try
        {
            // Some endpoints take the limit as a wish: what they answer is held against it, too.
            var gas = await node.EstimateGasAsync(Request(call, key.Address, call.MostGas), cancellationToken);
            return gas <= call.MostGas ? gas : TooMuch(call, gas);
        }
        catch (ContractRevertException revert)
        {
            // A contract that ran out of gas looks like one that refuses without a reason.
            return await UnboundedAsync(call, key.Address, cancellationToken) is { } gas ? TooMuch(call, gas) : new Refusal("relay.would_revert", revert.Message);
        }
        catch (RpcException refused) when (refused.Kind == RpcErrorKind.Rejected && Says(refused, "insufficient funds"))
        {
            return Unfunded(key.Address);
        }
        catch (RpcException refused) when (refused.Kind == RpcErrorKind.Rejected && Says(refused, "gas required exceeds"))
        {
            return TooMuch(call, await UnboundedAsync(call, key.Address, cancellationToken));
        }
    }

    /// <summary>What it would take if gas were no matter; null when it would fail all the same.</summary>
    private async Task<ulong?> UnboundedAsync(Call call, Address from, CancellationToken cancellationToken)
    {
        try
        {
            return await node.EstimateGasAsync(Request(call, from, null), cancellationToken);
        }
        catch (Exception failed) when (failed is ContractRevertException or RpcException { Kind: RpcErrorKind.Rejected })
        {
            return null;
        }
    }

    private static CallRequest Request(Call call, Address from, ulong? gas) => new(call.To, call.Data, from, call.Value, gas);

    private static bool Says(RpcException refused, string words) => refused.Message.Contains(words, StringComparison.OrdinalIgnoreCase);

    private static Refusal TooMuch(Call call, ulong? gas) => new("relay.too_much_gas",
        string.Create(CultureInfo.InvariantCulture, $"It would take {(gas is { } units ? $"{units:N0}" : "more")} gas, and the relayer spends at most {call.MostGas:N0} on such a transaction."),
        "Send the transaction from an account with gas of its own, after you have looked at which contracts it calls.");

    public static Refusal Unfunded(Address relayer) => new("relay.unfunded",
        string.Create(CultureInfo.InvariantCulture, $"The relayer {relayer} cannot pay for it."), "The operator has to send it gas.");
}

/// <summary>The account that pays; a node without one relays nothing.</summary>
internal sealed record Relayer(Secp256k1Key? Key);
