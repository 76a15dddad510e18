namespace Commonhold.Ethereum;

/// <summary>Which nonces of one account are taken: by the chain, by the node's pool, or by this process.</summary>
/// <remarks>Only used under the sender's lock. Nothing needs to survive a restart: the node's pending count knows what the
/// process before had sent.</remarks>
internal sealed class NonceLedger
{
    private readonly HashSet<ulong> _inFlight = [];
    private ulong _floor;

    /// <summary>The lowest free nonce, now taken.</summary>
    /// <remarks>A gap that a dropped transaction left is filled first, or everything behind it would wait for ever.</remarks>
    public ulong Take(ulong pendingCount)
    {
        ulong nonce = Math.Max(pendingCount, _floor);
        while (!_inFlight.Add(nonce))
            nonce++;
        return nonce;
    }

    /// <summary>The nonce is nobody's: its transaction was refused, or given up.</summary>
    public void Release(ulong nonce) => _inFlight.Remove(nonce);

    /// <summary>The chain has used the nonce, even if a lagging node still says otherwise.</summary>
    public void Used(ulong nonce)
    {
        _inFlight.Remove(nonce);
        _floor = Math.Max(_floor, nonce + 1);
    }
}
