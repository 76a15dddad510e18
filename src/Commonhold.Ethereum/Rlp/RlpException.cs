namespace Commonhold.Ethereum;

/// <summary>Bytes that are not canonical RLP, or not the structure that was expected in it.</summary>
public sealed class RlpException(string message) : EthereumException(message);
