using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>Waits for what the relayer was asked to do.</summary>
public static class Relaying
{
    /// <returns>The transaction that did it.</returns>
    /// <exception cref="CommonholdException"><c>relay.failed</c> with the chain's reason.</exception>
    public static async Task<Bytes32> WaitForRelayAsync(
        this INodeClient node, string id, TimeSpan pollInterval, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            RelayStatus status = await node.GetRelayAsync(id, cancellationToken).ConfigureAwait(false);
            if (status is { State: RelayState.Mined, TransactionHash: { } hash })
                return hash;
            if (status.State == RelayState.Failed)
                throw new CommonholdException(new Refusal("relay.failed", $"The relayed operation {id} failed: {status.Error ?? "no reason given"}"));
            await Task.Delay(pollInterval, time, cancellationToken).ConfigureAwait(false);
        }
    }
}
