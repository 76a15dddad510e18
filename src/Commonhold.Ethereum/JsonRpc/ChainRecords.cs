using System.Numerics;

namespace Commonhold.Ethereum;

/// <summary>The part of a block's header that readers of logs need.</summary>
/// <param name="Timestamp">Unix seconds.</param>
/// <param name="BaseFeePerGas">Wei; null on chains without EIP-1559.</param>
public sealed record BlockHeader(ulong Number, Bytes32 Hash, Bytes32 ParentHash, ulong Timestamp, ulong GasLimit, BigInteger? BaseFeePerGas);

/// <summary>A transaction that creates a contract.</summary>
/// <param name="Address">Where the contract stands if it succeeded.</param>
/// <param name="InitCode">Creation code and the constructor's arguments.</param>
public sealed record ContractCreation(Bytes32 TransactionHash, Address From, Address Address, ReadOnlyMemory<byte> InitCode);

/// <summary>One event as a contract emitted it.</summary>
/// <param name="LogIndex">Its position in the block.</param>
public sealed record LogEntry(
    Address Address,
    IReadOnlyList<Bytes32> Topics,
    ReadOnlyMemory<byte> Data,
    ulong BlockNumber,
    Bytes32 BlockHash,
    Bytes32 TransactionHash,
    ulong LogIndex)
{
    /// <exception cref="AbiException">Not a log of that event.</exception>
    public AbiEventValues Decode(AbiEvent @event) => @event.Decode(Topics, Data.Span);
}

/// <summary>Logs of an unbroken range of blocks, in chain order.</summary>
public sealed record LogPage(ulong FromBlock, ulong ToBlock, IReadOnlyList<LogEntry> Logs);

/// <summary>What a mined transaction did.</summary>
/// <param name="Succeeded">False when it reverted.</param>
/// <param name="ContractAddress">Of the contract it created, if it created one.</param>
/// <param name="EffectiveGasPrice">Wei per gas paid.</param>
public sealed record TransactionReceipt(
    Bytes32 TransactionHash,
    ulong BlockNumber,
    Bytes32 BlockHash,
    Address From,
    Address? To,
    Address? ContractAddress,
    bool Succeeded,
    ulong GasUsed,
    BigInteger EffectiveGasPrice,
    IReadOnlyList<LogEntry> Logs);

/// <summary>A message to a contract, to be run without a transaction.</summary>
/// <param name="To">Null runs <paramref name="Data"/> as init code.</param>
public sealed record CallRequest(Address? To, ReadOnlyMemory<byte> Data, Address? From = null, BigInteger ValueWei = default, ulong? GasLimit = null);

/// <summary>Fees that should get a transaction into one of the next blocks; wei per gas.</summary>
public sealed record FeeSuggestion(BigInteger MaxPriorityFeePerGas, BigInteger MaxFeePerGas);

/// <summary>Which logs to read.</summary>
/// <param name="Addresses">Contracts; empty for any.</param>
/// <param name="Topics">By position, the values allowed there; null or empty for any.</param>
public sealed record LogFilter(IReadOnlyList<Address> Addresses, IReadOnlyList<IReadOnlyList<Bytes32>?> Topics)
{
    /// <summary>All logs of contracts.</summary>
    public static LogFilter Of(params Address[] addresses) => new(addresses, []);

    /// <summary>Logs of one event, with the indexed values given; null stands for any.</summary>
    public static LogFilter Of(Address address, AbiEvent @event, params AbiValue?[] indexedValues) =>
        new([address], [.. @event.FilterTopics(indexedValues).Select(t => t is { } topic ? new[] { topic } : null)]);

    internal bool Matches(LogEntry log)
    {
        if (Addresses.Count > 0 && !Addresses.Contains(log.Address))
            return false;

        for (int i = 0; i < Topics.Count; i++)
        {
            if (Topics[i] is { Count: > 0 } allowed && (i >= log.Topics.Count || !allowed.Contains(log.Topics[i])))
                return false;
        }

        return true;
    }
}
