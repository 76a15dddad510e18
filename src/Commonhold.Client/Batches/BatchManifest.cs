using System.Text.Json;
using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>The public list of a batch's leaves. The JSON is not trusted: whoever reads it compares <see cref="Root"/> with the chain.</summary>
public sealed class BatchManifest
{
    public const int CurrentVersion = 1;

    /// <summary>More than any batch that one transaction and one proposal can carry.</summary>
    public const int MaxLeaves = 1_000_000;

    /// <summary>A leaf takes less than 700 bytes of JSON; with this a reader of hostile input never takes more memory.</summary>
    public const long MaxBytes = 700L * MaxLeaves;

    private readonly Lazy<MerkleTree> _tree;

    /// <exception cref="ArgumentException">There is no leaf, or a leaf's index is not its place.</exception>
    public BatchManifest(ulong chainId, Address registry, BatchId batchId, IReadOnlyList<Leaf> leaves)
    {
        if (Fault(leaves) is { } fault)
            throw new ArgumentException(fault, nameof(leaves));

        ChainId = chainId;
        Registry = registry;
        BatchId = batchId;
        Leaves = leaves;
        TotalPoints = leaves.Aggregate(Points.Zero, (sum, leaf) => sum + leaf.Points);
        _tree = new Lazy<MerkleTree>(() => new MerkleTree(HashAll(leaves)));
    }

    public ulong ChainId { get; }

    public Address Registry { get; }

    public BatchId BatchId { get; }

    public IReadOnlyList<Leaf> Leaves { get; }

    /// <summary>The sum over all leaves.</summary>
    public Points TotalPoints { get; }

    public MerkleTree Tree => _tree.Value;

    public Bytes32 Root => Tree.Root;

    public byte[] ToJsonBytes() => JsonSerializer.SerializeToUtf8Bytes(ToWire(), WireJson.Default.ManifestJson);

    /// <summary>Reads a manifest from anybody: bounded, strict, and refused as <c>manifest.invalid</c> or <c>manifest.too_large</c>.</summary>
    public static Result<BatchManifest> Parse(ReadOnlySpan<byte> json, int maxLeaves = MaxLeaves)
    {
        try
        {
            ManifestJson? wire = JsonSerializer.Deserialize(json, WireJson.Default.ManifestJson);
            return wire is null ? new Refusal("manifest.invalid", "The manifest is null.") : FromWire(wire, maxLeaves);
        }
        catch (JsonException e)
        {
            return new Refusal("manifest.invalid", $"The manifest cannot be read: {e.Message}");
        }
    }

    /// <summary>Reads at most <see cref="MaxBytes"/> from the stream.</summary>
    public static async Task<Result<BatchManifest>> ReadAsync(
        Stream json, int maxLeaves = MaxLeaves, CancellationToken cancellationToken = default)
    {
        try
        {
            await using BoundedStream bounded = new(json, Math.Min(MaxBytes, 1024L + (700L * maxLeaves)), leaveOpen: true);
            ManifestJson? wire = await JsonSerializer.DeserializeAsync(bounded, WireJson.Default.ManifestJson, cancellationToken).ConfigureAwait(false);
            return wire is null ? new Refusal("manifest.invalid", "The manifest is null.") : FromWire(wire, maxLeaves);
        }
        catch (TooLargeException e)
        {
            return new Refusal("manifest.too_large", e.Message);
        }
        catch (JsonException e)
        {
            return new Refusal("manifest.invalid", $"The manifest cannot be read: {e.Message}");
        }
    }

    /// <summary>Refuses a manifest that is not the one the chain knows under this number.</summary>
    public Refusal? Against(ulong chainId, Address registry, BatchId batchId, Bytes32 root, uint count)
    {
        if (ChainId != chainId || Registry != registry || BatchId != batchId)
            return new Refusal("manifest.other_batch", $"The manifest is of batch {BatchId} of {Registry} on chain {ChainId}, not of batch {batchId} of {registry} on chain {chainId}.");
        if ((uint)Leaves.Count != count || Root != root)
            return new Refusal("manifest.root_mismatch", $"The manifest of batch {batchId} has root {Root} over {Leaves.Count} leaves; the chain has {root} over {count}.");
        return null;
    }

    public ManifestJson ToWire() => new(CurrentVersion, ChainId, Registry, BatchId, Leaves);

    /// <summary>Checks a manifest that came as part of another message.</summary>
    public static Result<BatchManifest> FromWire(ManifestJson wire, int maxLeaves = MaxLeaves)
    {
        if (wire.Version != CurrentVersion)
            return new Refusal("manifest.version_unknown", $"The manifest has version {wire.Version}; this program reads {CurrentVersion}.", "Update this program.");
        if (wire.Leaves.Count > maxLeaves)
            return new Refusal("manifest.too_large", $"The manifest has {wire.Leaves.Count} leaves; the limit is {maxLeaves}.");
        if (Fault(wire.Leaves) is { } fault)
            return new Refusal("manifest.invalid", fault);
        try
        {
            return new BatchManifest(wire.ChainId, wire.Registry, wire.BatchId, wire.Leaves);
        }
        catch (OverflowException)
        {
            return new Refusal("manifest.invalid", "The sum of the manifest's points exceeds 128 bits.");
        }
    }

    private static string? Fault(IReadOnlyList<Leaf> leaves)
    {
        if (leaves.Count == 0)
            return "A batch has at least one leaf.";
        for (int i = 0; i < leaves.Count; i++)
        {
            if (leaves[i] is null)
                return $"Leaf {i} is null.";
            if (leaves[i].Index != i)
                return $"Leaf {i} says that its index is {leaves[i].Index}.";
        }

        return null;
    }

    private static Bytes32[] HashAll(IReadOnlyList<Leaf> leaves)
    {
        Bytes32[] hashes = new Bytes32[leaves.Count];
        if (leaves.Count < 1024)
        {
            for (int i = 0; i < hashes.Length; i++)
                hashes[i] = leaves[i].Hash();
        }
        else
            Parallel.For(0, hashes.Length, i => hashes[i] = leaves[i].Hash());
        return hashes;
    }
}

/// <summary>The manifest's JSON (protocol.md §5).</summary>
public sealed record ManifestJson(int Version, ulong ChainId, Address Registry, BatchId BatchId, IReadOnlyList<Leaf> Leaves);
