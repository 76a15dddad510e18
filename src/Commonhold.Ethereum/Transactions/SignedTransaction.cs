namespace Commonhold.Ethereum;

/// <summary>What <c>eth_sendRawTransaction</c> takes, and the hash under which the chain will know it.</summary>
public sealed record SignedTransaction(ReadOnlyMemory<byte> Raw, Bytes32 Hash, Address From, ulong Nonce);
