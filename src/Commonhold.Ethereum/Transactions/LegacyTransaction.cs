using System.Numerics;

namespace Commonhold.Ethereum;

/// <summary>A transaction from before typed ones, with EIP-155's protection against replay on other chains.</summary>
public sealed record LegacyTransaction(
    ulong ChainId, ulong Nonce, BigInteger GasPrice, ulong GasLimit, Address? To, BigInteger ValueWei, ReadOnlyMemory<byte> Data)
{
    // EIP-155: the chain id stands where the signature will be.
    public Bytes32 SigningHash() =>
        Keccak256.Hash(Rlp.Encode(RlpItem.List([.. Fields(), RlpItem.Number(ChainId), RlpItem.Empty, RlpItem.Empty])));

    public SignedTransaction Sign(Secp256k1Key key)
    {
        Signature signature = key.Sign(SigningHash());
        byte[] raw = Rlp.Encode(RlpItem.List(
        [
            .. Fields(),
            RlpItem.Number(((BigInteger)ChainId * 2) + 35 + signature.YParity),
            RlpItem.Number(signature.R.ToUInt256()),
            RlpItem.Number(signature.S.ToUInt256()),
        ]));
        return new SignedTransaction(raw, Keccak256.Hash(raw), key.Address, Nonce);
    }

    /// <summary>Reads a signed transaction and recovers who sent it.</summary>
    /// <exception cref="RlpException">Not a canonical legacy transaction with replay protection.</exception>
    /// <exception cref="SignatureException">Nobody can have signed it, or s is high.</exception>
    public static (LegacyTransaction Transaction, Address From) Decode(ReadOnlyMemory<byte> raw)
    {
        IReadOnlyList<RlpItem> fields = Rlp.Decode(raw).AsList();
        if (fields.Count != 9)
            throw new RlpException($"A legacy transaction has 9 fields, not {fields.Count}.");

        BigInteger v = fields[6].AsNumber();
        if (v < 35 || (v - 35) / 2 > ulong.MaxValue)
            throw new RlpException("The transaction is not bound to a chain (EIP-155).");

        var transaction = new LegacyTransaction(
            (ulong)((v - 35) / 2), fields[0].AsUInt64(), fields[1].AsNumber(), fields[2].AsUInt64(),
            TransactionFields.Recipient(fields[3]), fields[4].AsNumber(), fields[5].AsBytes());
        var signature = Signature.FromNumbers(fields[7].AsNumber(), fields[8].AsNumber(), v.IsEven ? (byte)1 : (byte)0);
        return (transaction, Secp256k1Key.Recover(transaction.SigningHash(), signature));
    }

    private RlpItem[] Fields() =>
    [
        RlpItem.Number(Nonce),
        RlpItem.Number(GasPrice),
        RlpItem.Number(GasLimit),
        TransactionFields.Recipient(To),
        RlpItem.Number(ValueWei),
        RlpItem.Bytes(Data),
    ];
}
