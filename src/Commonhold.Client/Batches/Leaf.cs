using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>One contribution in a batch, as its root binds it (protocol.md §1).</summary>
public sealed record Leaf(
    uint Index,
    Address Owner,
    Bytes32 CiphertextDigest,
    ulong Size,
    Bytes32 EphemeralShare,
    Bytes32 Schema,
    uint KeyEpoch,
    Points Points,
    Bytes32 Nullifier)
{
    /// <summary>keccak256(keccak256(abi.encode(…))): hashed twice, so that no inner node can pass for a leaf.</summary>
    public Bytes32 Hash()
    {
        WordWriter words = new(stackalloc byte[9 * 32]);
        words.Add(Index);
        words.Add(Owner);
        words.Add(CiphertextDigest);
        words.Add(Size);
        words.Add(EphemeralShare);
        words.Add(Schema);
        words.Add(KeyEpoch);
        words.Add(Points.Value);
        words.Add(Nullifier);
        Bytes32 inner = words.Hash();
        return Keccak256.Hash(inner.AsSpan());
    }
}
