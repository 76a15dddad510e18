namespace Commonhold.Ethereum;

/// <summary>A signature that no key can have made, or one in the malleable form.</summary>
public sealed class SignatureException(string message) : EthereumException(message);
