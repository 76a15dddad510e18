using Commonhold.Ethereum;

namespace Commonhold.Server.Governance;

/// <summary>One call of a proposal, decoded as far as it can be.</summary>
/// <param name="Contract">Its name in this DAO; null when the target is no contract of it.</param>
/// <param name="Function">Null when the contract has none with this selector.</param>
/// <param name="Arguments">Flat: a tuple's parts stand by themselves, as <c>split.operatorsBps</c>. Empty when they are no encoding of the inputs.</param>
/// <param name="Values">The decoded arguments as they came; null when they could not be.</param>
/// <param name="Value">Wei sent with it, decimal.</param>
/// <param name="Bytes">Length of the calldata.</param>
internal sealed record ReadAction(
    Address Target, string? Contract, string? Function, IReadOnlyList<ReadArgument> Arguments, IReadOnlyList<AbiValue>? Values, string Value, int Bytes);

/// <param name="Value">As it stands in the calldata: a decimal integer, an address, hexadecimal bytes.</param>
/// <param name="Meaning">The same in a person's unit, where it has one.</param>
internal sealed record ReadArgument(string Name, string Value, string? Meaning);
