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
        return await BalanceAsync(cancellationToken) < Price(call, WithReserve(gas), fees) ? Unfunded(relayer.Key!.Address) : null;
    }

    public Task<BigInteger> BalanceAsync(CancellationToken cancellationToken) => relayer.Key is { } key
        ? node.BalanceAsync(key.Address, BlockReference.Latest, cancellationToken) : Task.FromResult(BigInteger.Zero);

    /// <summary>A third more than simulated: what is mined in between may touch other slots first.</summary>
    public static ulong WithReserve(ulong gas) => gas + (gas / 3);

    /// <summary>Wei that it may cost at most.</summary>
    public static BigInteger Price(Call call, ulong gasLimit, FeeSuggestion fees) => (gasLimit * fees.MaxFeePerGas) + (BigInteger)call.Value;

    /// <summary>The gas that it would take, or why it would fail.</summary>
    public async Task<Result<ulong>> EstimateAsync(Call call, CancellationToken cancellationToken)
    {
        if (relayer.Key is not { } key)
            return new Refusal("relay.unfunded", "This node relays nothing.", "Send the transaction yourself, or ask another node.");
        try
        {
            return await node.EstimateGasAsync(new CallRequest(call.To, call.Data, key.Address, call.Value), cancellationToken);
        }
        catch (ContractRevertException revert)
        {
            return new Refusal("relay.would_revert", revert.Message);
        }
        catch (RpcException refused) when (refused.Kind == RpcErrorKind.Rejected && refused.Message.Contains("insufficient funds", StringComparison.OrdinalIgnoreCase))
        {
            return Unfunded(key.Address);
        }
    }

    public static Refusal Unfunded(Address relayer) => new("relay.unfunded",
        string.Create(CultureInfo.InvariantCulture, $"The relayer {relayer} cannot pay for it."), "The operator has to send it gas.");
}

/// <summary>The account that pays; a node without one relays nothing.</summary>
internal sealed record Relayer(Secp256k1Key? Key);
