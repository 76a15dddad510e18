using System.Numerics;

namespace Commonhold.Ethereum;

/// <summary>What to do on chain; nonce and fees are the sender's business.</summary>
/// <param name="To">Null creates a contract from <paramref name="Data"/>.</param>
/// <param name="GasLimit">Null estimates it, which also finds out about reverts before anything is paid.</param>
public sealed record TransactionRequest(Address? To, ReadOnlyMemory<byte> Data, BigInteger ValueWei = default, ulong? GasLimit = null);
