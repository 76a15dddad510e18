using System.Numerics;

namespace Commonhold.Ethereum;

/// <summary>A transaction of type 2 (EIP-1559), before it is signed.</summary>
/// <param name="MaxPriorityFeePerGas">Wei per gas for the block's producer.</param>
/// <param name="MaxFeePerGas">Wei per gas at most, base fee included.</param>
/// <param name="To">Null creates a contract.</param>
/// <param name="ValueWei">Wei sent along.</param>
public sealed record Eip1559Transaction(
    ulong ChainId,
    ulong Nonce,
    BigInteger MaxPriorityFeePerGas,
    BigInteger MaxFeePerGas,
    ulong GasLimit,
    Address? To,
    BigInteger ValueWei,
    ReadOnlyMemory<byte> Data)
{
    internal const byte Type = 2;

    /// <summary>Storage announced beforehand (EIP-2930); usually empty.</summary>
    public IReadOnlyList<AccessListEntry> AccessList { get; init; } = [];

    /// <summary>The digest that the sender signs.</summary>
    public Bytes32 SigningHash() => Keccak256.Hash([Type, .. Rlp.Encode(RlpItem.List(Fields()))]);

    public SignedTransaction Sign(Secp256k1Key key)
    {
        Signature signature = key.Sign(SigningHash());
        byte[] raw =
        [
            Type,
            .. Rlp.Encode(RlpItem.List(
            [
                .. Fields(),
                RlpItem.Number(signature.YParity),
                RlpItem.Number(signature.R.ToUInt256()),
                RlpItem.Number(signature.S.ToUInt256()),
            ])),
        ];
        return new SignedTransaction(raw, Keccak256.Hash(raw), key.Address, Nonce);
    }

    /// <summary>Reads a signed transaction and recovers who sent it.</summary>
    /// <exception cref="RlpException">Not a canonical transaction of type 2.</exception>
    /// <exception cref="SignatureException">Nobody can have signed it, or s is high.</exception>
    public static (Eip1559Transaction Transaction, Address From) Decode(ReadOnlyMemory<byte> raw)
    {
        if (raw.IsEmpty || raw.Span[0] != Type)
            throw new RlpException("Not a transaction of type 2.");

        IReadOnlyList<RlpItem> fields = Rlp.Decode(raw[1..]).AsList();
        if (fields.Count != 12)
            throw new RlpException($"A transaction of type 2 has 12 fields, not {fields.Count}.");

        var transaction = new Eip1559Transaction(
            fields[0].AsUInt64(), fields[1].AsUInt64(), fields[2].AsNumber(), fields[3].AsNumber(), fields[4].AsUInt64(),
            TransactionFields.Recipient(fields[5]), fields[6].AsNumber(), fields[7].AsBytes())
        {
            AccessList = [.. fields[8].AsList().Select(AccessListEntry.FromRlp)],
        };
        ulong parity = fields[9].AsUInt64();
        var signature = Signature.FromNumbers(fields[10].AsNumber(), fields[11].AsNumber(), (byte)Math.Min(parity, 2));
        return (transaction, Secp256k1Key.Recover(transaction.SigningHash(), signature));
    }

    private RlpItem[] Fields() =>
    [
        RlpItem.Number(ChainId),
        RlpItem.Number(Nonce),
        RlpItem.Number(MaxPriorityFeePerGas),
        RlpItem.Number(MaxFeePerGas),
        RlpItem.Number(GasLimit),
        TransactionFields.Recipient(To),
        RlpItem.Number(ValueWei),
        RlpItem.Bytes(Data),
        RlpItem.List([.. AccessList.Select(entry => entry.ToRlp())]),
    ];
}

/// <summary>An account and the storage slots of it that a transaction announces.</summary>
public sealed record AccessListEntry(Address Address, IReadOnlyList<Bytes32> StorageKeys)
{
    internal RlpItem ToRlp() => RlpItem.List(
        RlpItem.Bytes(Address.ToArray()), RlpItem.List([.. StorageKeys.Select(key => RlpItem.Bytes(key.ToArray()))]));

    internal static AccessListEntry FromRlp(RlpItem item)
    {
        IReadOnlyList<RlpItem> parts = item.AsList();
        return parts.Count == 2 && TransactionFields.Recipient(parts[0]) is { } address
            ? new AccessListEntry(address, [.. parts[1].AsList().Select(Key)])
            : throw new RlpException("An access list's entry is an address and storage keys.");
    }

    private static Bytes32 Key(RlpItem item) =>
        item.AsBytes() is { Length: 32 } bytes ? Bytes32.FromSpan(bytes.Span) : throw new RlpException("A storage key takes 32 bytes.");
}

internal static class TransactionFields
{
    public static RlpItem Recipient(Address? to) => to is { } address ? RlpItem.Bytes(address.ToArray()) : RlpItem.Empty;

    public static Address? Recipient(RlpItem item)
    {
        ReadOnlyMemory<byte> bytes = item.AsBytes();
        return bytes.Length switch
        {
            0 => null,
            Address.Length => Address.FromSpan(bytes.Span),
            _ => throw new RlpException($"A recipient of {bytes.Length} bytes."),
        };
    }
}
