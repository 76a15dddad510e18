namespace Commonhold.Ethereum;

/// <summary>Bytes that are not the strict ABI encoding of the types expected, or a value outside the range its reader accepts.</summary>
public sealed class AbiException(string message) : EthereumException(message);
