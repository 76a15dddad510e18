using System.Numerics;
using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>Whom an account's tokens vote through, by signature, as OpenZeppelin's Votes takes it (<c>delegateBySig</c>).</summary>
/// <param name="Delegatee">The account itself to vote itself; the zero address to let the tokens rest.</param>
/// <param name="Nonce">The account's, from the token; its permits count in the same row.</param>
/// <param name="Expiry">Chain time after which nobody can send it any more.</param>
public sealed record Delegation(Address Delegatee, BigInteger Nonce, BigInteger Expiry)
{
    private static readonly Eip712Types Types = Eip712Types.Parse("Delegation(address delegatee,uint256 nonce,uint256 expiry)");

    /// <param name="name">The token's name, which is its domain's too.</param>
    public Bytes32 Digest(string name, ulong chainId, Address token) => new TypedData(
        new Eip712Domain(name, "1", chainId, token), Types, "Delegation", AbiValue.List(Delegatee, Nonce, Expiry)).Hash();

    /// <summary>The same for <c>POST /v1/relay/delegations</c>.</summary>
    public RelayDelegation Signed(Secp256k1Key key, string name, ulong chainId, Address token) =>
        new(key.Address, Delegatee, new Wei(Nonce), (ulong)Expiry, key.Sign(Digest(name, chainId, token)));
}
