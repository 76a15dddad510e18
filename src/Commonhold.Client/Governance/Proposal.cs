using System.Buffers;
using System.Numerics;
using System.Text;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>What a vote decides: calls that the timelock makes when it passes. Its number is a digest of all of it.</summary>
public sealed record Proposal(
    IReadOnlyList<Address> Targets, IReadOnlyList<BigInteger> Values, IReadOnlyList<ReadOnlyMemory<byte>> Calldatas, string Description)
{
    private const string Mark = "#proposer=0x";
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    public Bytes32 DescriptionHash => Keccak256.Hash(Encoding.UTF8.GetBytes(Description));

    /// <summary>OpenZeppelin <c>hashProposal</c>: keccak256(abi.encode(targets, values, calldatas, descriptionHash)).</summary>
    public BigInteger Id => new(
        Keccak256.Hash(AbiEncoder.Encode(
            [.. Types.Select(AbiType.Parse)],
            [
                AbiValue.List(Targets.Select(t => AbiValue.From(t))), AbiValue.List(Values.Select(v => AbiValue.From(v))),
                AbiValue.List(Calldatas.Select(c => AbiValue.From(c))), DescriptionHash,
            ])).AsSpan(), isUnsigned: true, isBigEndian: true);

    private static string[] Types => ["address[]", "uint256[]", "bytes[]", "bytes32"];

    /// <summary>Grants a request on exactly the terms whose hash is given.</summary>
    public static Proposal ToApprove(DaoContracts dao, GrantId request, Bytes32 termsHash, string description) =>
        Of(new AccessMarket(dao.Market).Approve(request, termsHash), description);

    /// <summary>Ends a grant; the unearned part of a rent goes back to the buyer.</summary>
    public static Proposal ToRevoke(DaoContracts dao, GrantId grant, string description) =>
        Of(new AccessMarket(dao.Market).Revoke(grant), description);

    /// <summary>Replaces the dataset's policy by the document with this digest.</summary>
    public static Proposal ToSetPolicy(DaoContracts dao, Bytes32 policyDigest, string description) =>
        Of(new ContributionRegistry(dao.Registry).SetPolicyDigest(policyDigest), description);

    /// <summary>One call of any contract.</summary>
    public static Proposal Of(ContractCall call, string description) => new([call.To], [BigInteger.Zero], [call.Data], description);

    /// <summary>The same for one proposer alone: the governor refuses a text that ends like this from any other account.</summary>
    /// <remarks>OpenZeppelin <c>_isValidDescriptionForProposer</c>. Without it whoever sees a proposal on its way could make it first, and then cancel it.</remarks>
    public Proposal By(Address proposer) => this with { Description = $"{Description}\n\n{Mark}{proposer.ToString()[2..]}" };

    /// <summary>The proposer's words without the mark of who may propose them: what is shown to people.</summary>
    public static string WordsOf(string description)
    {
        var at = description.Length - Mark.Length - (2 * Address.Length);
        return at >= 0 && description.AsSpan(at).StartsWith(Mark, StringComparison.Ordinal) && description.AsSpan(at + Mark.Length).ContainsAnyExcept(HexDigits) is false
            ? description[..at].TrimEnd() : description;
    }

    public ContractCall ToPropose(Address governor) => new DataGovernor(governor).Propose(Targets, Values, Calldatas, Description);

    public ContractCall ToQueue(Address governor) => new DataGovernor(governor).Queue(Targets, Values, Calldatas, DescriptionHash);

    public ContractCall ToExecute(Address governor) => new DataGovernor(governor).Execute(Targets, Values, Calldatas, DescriptionHash);
}

/// <summary>Where a proposal stands: the numbers of OpenZeppelin's <c>ProposalState</c>.</summary>
public enum ProposalState : byte
{
    Pending,
    Active,
    Canceled,
    Defeated,
    Succeeded,
    Queued,
    Expired,
    Executed,
}
