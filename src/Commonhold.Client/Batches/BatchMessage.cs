using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>A batch as validators sign it and the registry checks it.</summary>
/// <param name="Previous">The struct hash of the batch before; zero for the first.</param>
/// <param name="Points">The sum of this batch alone.</param>
/// <param name="RewardRoot">The tree of cumulative rewards after this batch.</param>
/// <param name="RewardPoints">The sum over all leaves of that tree.</param>
public record BatchMessage(
    BatchId BatchId,
    Bytes32 Previous,
    Bytes32 Root,
    uint Count,
    Points Points,
    Bytes32 RewardRoot,
    Points RewardPoints) : ITypedMessage
{
    private static readonly Bytes32 TypeHash = Keccak256.Hash(
        "Batch(uint256 batchId,bytes32 previous,bytes32 root,uint32 count,uint256 points,bytes32 rewardRoot,uint256 rewardPoints)"u8);

    public Bytes32 StructHash()
    {
        WordWriter words = new(stackalloc byte[8 * 32]);
        words.Add(TypeHash);
        words.Add(BatchId.Value);
        words.Add(Previous);
        words.Add(Root);
        words.Add(Count);
        words.Add(Points.Value);
        words.Add(RewardRoot);
        words.Add(RewardPoints.Value);
        return words.Hash();
    }

    public static BatchMessage Of(BatchManifest manifest, RewardTree rewards, Bytes32 previous) =>
        new(manifest.BatchId, previous, manifest.Root, (uint)manifest.Leaves.Count, manifest.TotalPoints, rewards.Root, rewards.Total);
}

/// <summary>A batch that the node wants signed: the message, its manifest, and a verdict for every leaf, in order.</summary>
public sealed record BatchProposal(
    BatchId BatchId,
    Bytes32 Previous,
    Bytes32 Root,
    uint Count,
    Points Points,
    Bytes32 RewardRoot,
    Points RewardPoints,
    ManifestJson Manifest,
    IReadOnlyList<VerdictSubmission> Verdicts) : BatchMessage(BatchId, Previous, Root, Count, Points, RewardRoot, RewardPoints)
{
    public static BatchProposal From(BatchMessage batch, BatchManifest manifest, IReadOnlyList<VerdictSubmission> verdicts) =>
        new(batch.BatchId, batch.Previous, batch.Root, batch.Count, batch.Points, batch.RewardRoot, batch.RewardPoints,
            manifest.ToWire(), verdicts);
}

/// <summary>One validator's signature under a batch.</summary>
public sealed record BatchSignature(Address Validator, Bytes32 StructHash, Signature Signature);
