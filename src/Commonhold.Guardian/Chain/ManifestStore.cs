using System.Globalization;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Guardians.Chain;

/// <summary>What the chain binds of a batch.</summary>
internal readonly record struct BatchCommitment(Bytes32 Root, uint Count);

/// <summary>Gets a batch's manifest from the node, proves it against the chain's root, and keeps what is needed on the own disk.</summary>
internal sealed class ManifestStore(INodeClient node, DaoReference dao, string directory)
{
    /// <exception cref="GuardianException">The node does not give the manifest that the chain knows.</exception>
    public async Task<BatchShares> GetAsync(BatchId batch, BatchCommitment expected, CancellationToken cancellationToken)
    {
        // The root is in the name: after a reorganisation another batch may stand under the same number.
        var path = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{batch.Value}-{expected.Root}.shares"));
        if (File.Exists(path)
            && BatchShares.TryRead(await File.ReadAllBytesAsync(path, cancellationToken)) is { } kept
            && kept.Root == expected.Root && kept.Count == expected.Count)
            return kept;

        var shares = BatchShares.Of(await FetchAsync(batch, expected, cancellationToken));
        DurableFile.CreatePrivateDirectory(directory);
        await DurableFile.WriteCacheAsync(path, shares.ToBytes(), cancellationToken);
        return shares;
    }

    private async Task<BatchManifest> FetchAsync(
        BatchId batch, BatchCommitment expected, CancellationToken cancellationToken)
    {
        Result<BatchManifest> answer;
        try
        {
            answer = await node.GetManifestAsync(batch, cancellationToken);
        }
        catch (Exception e) when (e is CommonholdException or HttpRequestException)
        {
            throw new GuardianException(
                ReleaseCodes.ManifestUnavailable, $"The manifest of batch {batch} cannot be fetched: {e.Message}",
                "Ask again when the dataset's node is back.", e, isTransient: true);
        }

        if (!answer.TryGet(out var manifest, out var refusal))
            throw Mismatch(batch, refusal.Detail);
        if (manifest.Against(dao.ChainId, dao.Contributions.Address, batch, expected.Root, expected.Count) is { } fault)
            throw Mismatch(batch, fault.Detail);
        return manifest;
    }

    private static GuardianException Mismatch(BatchId batch, string detail) => new(
        ReleaseCodes.ManifestRootMismatch, detail,
        $"Nothing of batch {batch} or a later one is released until the node serves the manifest that is on chain.");
}
