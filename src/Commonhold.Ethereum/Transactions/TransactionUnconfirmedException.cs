namespace Commonhold.Ethereum;

/// <summary>A transaction was sent and its fate is open: not mined in time, or its nonce went to a transaction of somebody
/// else who holds the key. Look at the chain before doing the same thing again.</summary>
public sealed class TransactionUnconfirmedException : EthereumException
{
    internal TransactionUnconfirmedException(string message, ulong nonce, IReadOnlyList<Bytes32> hashes, Exception? innerException = null)
        : base(message, innerException)
    {
        Nonce = nonce;
        Hashes = hashes;
    }

    public ulong Nonce { get; }

    /// <summary>The transactions that were sent under the nonce; at most one of them can be mined.</summary>
    public IReadOnlyList<Bytes32> Hashes { get; }
}
