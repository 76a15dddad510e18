namespace Commonhold.Ethereum;

/// <summary>A custom error of a contract.</summary>
public sealed class AbiError : AbiSignature
{
    public AbiError(string name, IReadOnlyList<AbiParameter> inputs)
        : base(name, inputs) => Selector = AbiSelector.FromSpan(Digest.AsSpan());

    /// <summary><c>revert("…")</c> and <c>require(…, "…")</c>.</summary>
    public static AbiError Error { get; } = Parse("error Error(string message)");

    /// <summary>Failed assertions and arithmetic; the codes are in Solidity's documentation, "Panic via assert".</summary>
    public static AbiError Panic { get; } = Parse("error Panic(uint256 code)");

    public AbiSelector Selector { get; }

    /// <summary>Parses <c>error InsufficientBalance(uint256 available, uint256 required)</c>.</summary>
    /// <exception cref="FormatException">Not an error's signature.</exception>
    public static AbiError Parse(string text) => AbiSignatureParser.ParseError(text);

    /// <exception cref="ArgumentException">An argument does not fit its type.</exception>
    public byte[] Encode(params AbiValue[] arguments)
    {
        byte[] encoded = AbiEncoder.Encode(InputTypes, arguments);
        byte[] data = new byte[4 + encoded.Length];
        Selector.CopyTo(data);
        encoded.CopyTo(data, 4);
        return data;
    }

    /// <exception cref="AbiException">Another selector, or not an encoding of the inputs.</exception>
    public IReadOnlyList<AbiValue> Decode(ReadOnlySpan<byte> data) =>
        data.Length >= 4 && AbiSelector.FromSpan(data) == Selector
            ? AbiDecoder.Decode(InputTypes, data[4..])
            : throw new AbiException($"The data are not the error {Text}.");
}
