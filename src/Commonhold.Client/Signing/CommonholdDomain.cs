using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>The EIP-712 domain of one contract of one DAO on one chain: a signature for one is worthless on any other.</summary>
public sealed record CommonholdDomain
{
    private static readonly Bytes32 TypeHash = Keccak256.Hash(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"u8);

    private static readonly Bytes32 Name = Keccak256.Hash("Commonhold"u8);
    private static readonly Bytes32 Version = Keccak256.Hash("1"u8);

    public CommonholdDomain(ulong chainId, Address verifyingContract)
    {
        ChainId = chainId;
        VerifyingContract = verifyingContract;
        Separator = HashDomain(chainId, verifyingContract);
    }

    // No setters: a `with` would copy the separator of another domain.
    public ulong ChainId { get; }

    public Address VerifyingContract { get; }

    public Bytes32 Separator { get; }

    /// <summary>What is signed: keccak(0x1901 ‖ domain separator ‖ struct hash) (EIP-712).</summary>
    public Bytes32 Digest(Bytes32 structHash)
    {
        Span<byte> message = stackalloc byte[66];
        message[0] = 0x19;
        message[1] = 0x01;
        Separator.CopyTo(message[2..]);
        structHash.CopyTo(message[34..]);
        return Keccak256.Hash(message);
    }

    public Signature Sign(Secp256k1Key key, Bytes32 structHash) => key.Sign(Digest(structHash));

    /// <summary>Whoever signed; null when the signature is of no key.</summary>
    public Address? Recover(Bytes32 structHash, Signature signature) =>
        Secp256k1Key.TryRecover(Digest(structHash), signature, out Address signer) ? signer : null;

    private static Bytes32 HashDomain(ulong chainId, Address verifyingContract)
    {
        WordWriter words = new(stackalloc byte[5 * 32]);
        words.Add(TypeHash);
        words.Add(Name);
        words.Add(Version);
        words.Add(chainId);
        words.Add(verifyingContract);
        return words.Hash();
    }
}

/// <summary>A message of protocol.md §2.</summary>
public interface ITypedMessage
{
    /// <summary>EIP-712 hashStruct: keccak(typeHash ‖ encodeData).</summary>
    Bytes32 StructHash();
}

public static class TypedMessageSigning
{
    public static Signature Sign(this ITypedMessage message, Secp256k1Key key, CommonholdDomain domain) =>
        domain.Sign(key, message.StructHash());

    /// <summary>True when exactly this account signed exactly this message for this domain.</summary>
    public static bool IsSignedBy(this ITypedMessage message, Address signer, Signature signature, CommonholdDomain domain) =>
        domain.Recover(message.StructHash(), signature) is { } recovered && recovered == signer;
}
