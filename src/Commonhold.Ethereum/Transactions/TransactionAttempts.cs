using System.Numerics;

namespace Commonhold.Ethereum;

/// <summary>The transactions sent under one nonce, each paying more than the one before.</summary>
internal sealed class TransactionAttempts(Eip1559Transaction transaction, SignedTransaction signed, long sentAt)
{
    private readonly List<Bytes32> _hashes = [signed.Hash];
    private Eip1559Transaction _transaction = transaction;

    public ulong Nonce => _transaction.Nonce;

    public SignedTransaction Latest { get; private set; } = signed;

    public IReadOnlyList<Bytes32> Hashes => _hashes;

    /// <summary>When <see cref="Latest"/> was last given to the node; a timestamp of the sender's clock.</summary>
    public long LatestAt { get; set; } = sentAt;

    /// <summary>The node may not have <see cref="Latest"/>.</summary>
    public bool NeedsBroadcast { get; set; }

    /// <summary>How often in a row the nonce was used and none of ours had a receipt.</summary>
    public int LooksWithoutReceipt { get; set; }

    public Action<Bytes32>? OnBroadcast { get; set; }

    /// <summary>Today's fees, but at least the old ones raised by some per cent: nodes want both members raised.</summary>
    public FeeSuggestion Bump(FeeSuggestion today, int percent) => new(
        BigInteger.Max(today.MaxPriorityFeePerGas, Raise(_transaction.MaxPriorityFeePerGas, percent)),
        BigInteger.Max(today.MaxFeePerGas, Raise(_transaction.MaxFeePerGas, percent)));

    public void Replace(FeeSuggestion fees, Secp256k1Key key)
    {
        _transaction = _transaction with { MaxPriorityFeePerGas = fees.MaxPriorityFeePerGas, MaxFeePerGas = fees.MaxFeePerGas };
        Latest = _transaction.Sign(key);
        _hashes.Add(Latest.Hash);
        OnBroadcast?.Invoke(Latest.Hash);
    }

    // Rounded up, so that even a fee of one wei rises.
    private static BigInteger Raise(BigInteger fee, int percent) => fee + (((fee * percent) + 99) / 100);
}
