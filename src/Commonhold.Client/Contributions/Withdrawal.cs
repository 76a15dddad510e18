using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>An owner takes a contribution out of the dataset for good.</summary>
/// <param name="Leaf">The leaf's hash.</param>
public sealed record Withdrawal(BatchId BatchId, uint Index, Bytes32 Leaf, ulong Deadline) : ITypedMessage
{
    private static readonly Bytes32 TypeHash = Keccak256.Hash("Withdrawal(uint256 batchId,uint32 index,bytes32 leaf,uint64 deadline)"u8);

    public Bytes32 StructHash()
    {
        WordWriter words = new(stackalloc byte[5 * 32]);
        words.Add(TypeHash);
        words.Add(BatchId.Value);
        words.Add(Index);
        words.Add(Leaf);
        words.Add(Deadline);
        return words.Hash();
    }
}
