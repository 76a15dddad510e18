using Commonhold.Ethereum;

namespace Commonhold.Client.Contracts;

/// <summary>A call of one function of one contract, encoded: a node can run it, a sender can send it.</summary>
/// <param name="errors">What a revert of it is decoded against.</param>
public class ContractCall(Address to, AbiFunction function, byte[] data, AbiErrorSet errors)
{
    public Address To { get; } = to;

    public AbiFunction Function { get; } = function;

    public ReadOnlyMemory<byte> Data { get; } = data;

    public AbiErrorSet Errors { get; } = errors;

    public override string ToString() => $"{Function.Text} of {To}";
}

/// <summary>A call whose result has a type.</summary>
public sealed class ContractCall<T>(
    Address to, AbiFunction function, byte[] data, AbiErrorSet errors, Func<IReadOnlyList<AbiValue>, T> decode)
    : ContractCall(to, function, data, errors)
{
    /// <exception cref="AbiException">Not an encoding of the function's outputs.</exception>
    public T Decode(ReadOnlySpan<byte> result) => decode(Function.DecodeResult(result));
}
