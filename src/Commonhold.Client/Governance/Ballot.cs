using System.Globalization;
using System.Numerics;
using Commonhold.Ethereum;

namespace Commonhold.Client;

public enum VoteSupport : byte
{
    Against,
    For,
    Abstain,
}

/// <summary>A vote by signature, as OpenZeppelin's Governor takes it: whoever sends it can change nothing about it.</summary>
/// <param name="Nonce">The voter's, from the governor: a ballot counts once.</param>
/// <param name="Reason">Said in public with the vote; empty for none.</param>
public sealed record Ballot(BigInteger ProposalId, VoteSupport Support, Address Voter, BigInteger Nonce, string Reason = "")
{
    private static readonly Eip712Types Types = Eip712Types.Parse("Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)");

    private static readonly Eip712Types Extended = Eip712Types.Parse(
        "ExtendedBallot(uint256 proposalId,uint8 support,address voter,uint256 nonce,string reason,bytes params)");

    public Signature Sign(Secp256k1Key key, ulong chainId, Address governor)
    {
        var domain = new Eip712Domain("DataGovernor", "1", chainId, governor);
        return key.Sign((Reason.Length == 0
            ? new TypedData(domain, Types, "Ballot", AbiValue.List(ProposalId, (int)Support, Voter, Nonce))
            : new TypedData(domain, Extended, "ExtendedBallot", AbiValue.List(ProposalId, (int)Support, Voter, Nonce, Reason, Array.Empty<byte>()))).Hash());
    }

    /// <summary>The same for <c>POST /v1/relay/votes</c>.</summary>
    public RelayVote Signed(Secp256k1Key key, ulong chainId, Address governor) =>
        new(ProposalId.ToString(CultureInfo.InvariantCulture), (byte)Support, Voter, Sign(key, chainId, governor), Reason.Length == 0 ? null : Reason);
}
