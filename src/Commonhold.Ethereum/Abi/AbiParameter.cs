namespace Commonhold.Ethereum;

/// <summary>A named place for a value: a parameter, a returned value, a tuple's component.</summary>
/// <param name="Name">As in the source; empty when it has none.</param>
/// <param name="IsIndexed">True for an event's topics.</param>
/// <param name="InternalType">What the Solidity source calls the type (<c>struct Terms</c>, <c>GrantId</c>), when known.</param>
public sealed record AbiParameter(string Name, AbiType Type, bool IsIndexed = false, string? InternalType = null)
{
    public override string ToString() =>
        Type.CanonicalName + (IsIndexed ? " indexed" : "") + (Name.Length > 0 ? " " + Name : "");
}
