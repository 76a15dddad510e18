using System.Numerics;

namespace Commonhold.Ethereum;

/// <summary>What a typed signature is bound to; the members that are null are left out of the domain's type.</summary>
public sealed record Eip712Domain(
    string? Name = null, string? Version = null, BigInteger? ChainId = null, Address? VerifyingContract = null, Bytes32? Salt = null)
{
    /// <summary>The domain's own fields, in the order that EIP-712 fixes.</summary>
    public IReadOnlyList<Eip712Field> Fields => [.. Members().Select(m => m.Field)];

    public Bytes32 Separator() =>
        new Eip712Types(new Dictionary<string, IReadOnlyList<Eip712Field>> { [Eip712Types.DomainName] = Fields })
            .HashStruct(Eip712Types.DomainName, AbiValue.List(Members().Select(m => m.Value)));

    internal IEnumerable<(Eip712Field Field, AbiValue Value)> Members()
    {
        if (Name is not null)
            yield return (new Eip712Field("name", "string"), Name);
        if (Version is not null)
            yield return (new Eip712Field("version", "string"), Version);
        if (ChainId is { } chainId)
            yield return (new Eip712Field("chainId", "uint256"), chainId);
        if (VerifyingContract is { } contract)
            yield return (new Eip712Field("verifyingContract", "address"), contract);
        if (Salt is { } salt)
            yield return (new Eip712Field("salt", "bytes32"), salt);
    }
}
