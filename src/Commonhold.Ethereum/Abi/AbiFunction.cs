namespace Commonhold.Ethereum;

/// <summary>A contract's function: encodes calls, decodes what they return.</summary>
public sealed class AbiFunction : AbiSignature
{
    private readonly AbiType[] _outputTypes;

    public AbiFunction(
        string name, IReadOnlyList<AbiParameter> inputs, IReadOnlyList<AbiParameter> outputs, string stateMutability = "nonpayable")
        : base(name, inputs)
    {
        Outputs = outputs;
        StateMutability = stateMutability;
        Selector = AbiSelector.FromSpan(Digest.AsSpan());
        _outputTypes = [.. outputs.Select(p => p.Type)];
    }

    public IReadOnlyList<AbiParameter> Outputs { get; }

    /// <summary><c>pure</c>, <c>view</c>, <c>nonpayable</c> or <c>payable</c>.</summary>
    public string StateMutability { get; }

    public bool IsReadOnly => StateMutability is "pure" or "view";

    public AbiSelector Selector { get; }

    /// <summary>Parses <c>function balanceOf(address owner) view returns (uint256)</c>; the first word may be missing.</summary>
    /// <exception cref="FormatException">Not a function's signature.</exception>
    public static AbiFunction Parse(string text) => AbiSignatureParser.ParseFunction(text);

    /// <summary>The call data: selector and encoded arguments.</summary>
    /// <exception cref="ArgumentException">An argument does not fit its type.</exception>
    public byte[] EncodeCall(params AbiValue[] arguments)
    {
        byte[] encoded = AbiEncoder.Encode(InputTypes, arguments);
        byte[] data = new byte[4 + encoded.Length];
        Selector.CopyTo(data);
        encoded.CopyTo(data, 4);
        return data;
    }

    /// <summary>The arguments of call data made for this function.</summary>
    /// <exception cref="AbiException">Another selector, or not an encoding of the inputs.</exception>
    public IReadOnlyList<AbiValue> DecodeCall(ReadOnlySpan<byte> data) =>
        data.Length >= 4 && AbiSelector.FromSpan(data) == Selector
            ? AbiDecoder.Decode(InputTypes, data[4..])
            : throw new AbiException($"The data are not a call of {Text}.");

    /// <exception cref="AbiException">Not an encoding of the outputs; no data at all means that there is no contract.</exception>
    public IReadOnlyList<AbiValue> DecodeResult(ReadOnlySpan<byte> data) =>
        data.IsEmpty && Outputs.Count > 0
            ? throw new AbiException($"{Text} returned nothing: no contract is at the address, or it has no such function.")
            : AbiDecoder.Decode(_outputTypes, data);
}
