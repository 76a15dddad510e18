using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Validator.State;

namespace Commonhold.Validator.Batches;

/// <summary>Signs a batch only if everything in it follows from verdicts that this validator believes (protocol.md §5).</summary>
/// <remarks>Believes its own verdicts, and those of the peers it was told of. Recomputes leaves, root, sums and the rewards of
/// everybody since the first batch; the node's figures are only compared. The chain refuses a batch whose <c>previous</c> is not
/// its head, so a history that a node invented leads nowhere.</remarks>
internal sealed class BatchSigner(
    INodeClient node, ValidatorState state, DatasetLedger ledger, ValidatorKey key, ValidatorOptions options) : IDisposable
{
    /// <summary>Leaves a proposal may have: what fits one transaction's signatures and one answer of the node.</summary>
    private const int MaxLeaves = 100_000;

    private readonly SemaphoreSlim _moving = new(1);

    public void Dispose() => _moving.Dispose();

    public async Task<Result<BatchSignature>> SignAsync(BatchProposal proposal, DaoInfo dao, CancellationToken cancellationToken)
    {
        Result<BatchManifest> read = BatchManifest.FromWire(proposal.Manifest, MaxLeaves);
        if (!read.TryGet(out BatchManifest? manifest, out Refusal? refusal))
            return refusal;
        // The hash is of the seven fields alone, so that a record with more of them hashes alike.
        Bytes32 structHash = proposal.StructHash();
        if (await MoveToAsync(proposal.Previous, proposal.BatchId, dao, cancellationToken).ConfigureAwait(false) is { } unknown)
            return unknown;
        if (proposal.BatchId.Value != ledger.Count)
            return new Refusal("batch.wrong_number", $"Batch {proposal.BatchId} cannot follow {ledger.Count} batches.");
        if (manifest.Against(dao.ChainId, dao.Contracts.Registry, proposal.BatchId, proposal.Root, proposal.Count) is { } other)
            return other;
        if (!Verdicts(proposal, manifest, dao).TryGet(out IReadOnlyList<LeafGrounds>? grounds, out Refusal? unsigned))
            return unsigned;
        if (ledger.Judge(manifest.Leaves, grounds) is { } conflict)
            return conflict;

        RewardTree rewards = ledger.RewardsWith(manifest.Leaves);
        if (manifest.TotalPoints != proposal.Points || rewards.Root != proposal.RewardRoot || rewards.Total != proposal.RewardPoints)
            return new Refusal("batch.wrong_totals", $"The points or rewards of batch {proposal.BatchId} do not follow from its leaves and the batches before.");

        state.AddBatch(structHash, proposal.Previous, manifest.ToJsonBytes(), manifest.Leaves.Zip(grounds).Where(l => l.Second.IsProved).Select(l => l.First.Nullifier));
        return new BatchSignature(key.Address, structHash, dao.RegistryDomain.Sign(key.Account, structHash));
    }

    /// <summary>Brings the ledger to the newest batch that the node shows.</summary>
    public async Task CatchUpAsync(DaoInfo dao, CancellationToken cancellationToken)
    {
        await _moving.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (await node.ListBatchesAsync(new BatchId(ledger.Count), cancellationToken).ConfigureAwait(false) is [.., var newest])
            {
                ulong before = ledger.Count;
                if (await MoveToAsync(newest.StructHash, new BatchId(newest.Batch.BatchId.Value + 1), dao, cancellationToken).ConfigureAwait(false) is { } refusal)
                    throw new CommonholdException(refusal, isTransient: true);
                if (ledger.Count <= before)
                    return;
            }
        }
        finally
        {
            _moving.Release();
        }
    }

    private Result<IReadOnlyList<LeafGrounds>> Verdicts(BatchProposal proposal, BatchManifest manifest, DaoInfo dao)
    {
        if (proposal.Verdicts.Count != manifest.Leaves.Count)
            return new Refusal("batch.verdict_missing", $"Batch {proposal.BatchId} has {manifest.Leaves.Count} leaves and {proposal.Verdicts.Count} verdicts.");
        LeafGrounds[] grounds = new LeafGrounds[manifest.Leaves.Count];
        HashSet<Address> current = [.. dao.Validators.Members.Select(v => v.Address)];
        for (int i = 0; i < manifest.Leaves.Count; i++)
        {
            VerdictSubmission verdict = proposal.Verdicts[i];
            if (!verdict.Accepted || verdict.ToLeaf((uint)i) != manifest.Leaves[i])
                return new Refusal("batch.verdict_other", $"Leaf {i} of batch {proposal.BatchId} is not what its verdict accepted.");
            Address? signer = verdict.Signer(dao.RegistryDomain);
            if (signer != key.Address && !(signer is { } peer && options.Peers.Contains(peer) && current.Contains(peer)))
                return new Refusal("batch.verdict_unsigned", $"The verdict of leaf {i} of batch {proposal.BatchId} is signed by {signer?.ToString() ?? "nobody"}, whom this validator does not know.");
            // The signature is over the report's digest: what it says of the account is the validator's word, not the node's.
            if (Report.DigestOf(verdict.Report) != verdict.ReportDigest)
                return new Refusal("batch.report_other", $"The report of leaf {i} of batch {proposal.BatchId} is not the one that its verdict was signed over.");
            if (!verdict.ReadReport().TryGet(out Report? report, out Refusal? unreadable))
                return unreadable;
            if (report.CiphertextDigest != verdict.CiphertextDigest || report.Points != verdict.Points || !report.Accepted)
                return new Refusal("batch.report_other", $"The report of leaf {i} of batch {proposal.BatchId} is about another verdict.");
            grounds[i] = new LeafGrounds(report.Level.IsProved() && report.Findings.Ownership.Outcome == CheckOutcome.Passed, report.PaidBefore);
        }

        return grounds;
    }

    /// <summary>Brings the ledger to the batch that the proposal builds on.</summary>
    private async Task<Refusal?> MoveToAsync(Bytes32 head, BatchId next, DaoInfo dao, CancellationToken cancellationToken)
    {
        List<(Bytes32 Hash, KnownBatch Batch)> path = [];
        Bytes32 at = head;
        for (ulong number = next.Value; at != ledger.Head && !at.IsZero; number--)
        {
            if (number == 0)
                return new Refusal("batch.previous_unknown", $"Nothing leads from {head} to the first batch.");
            Result<KnownBatch> found = await FindAsync(at, new BatchId(number - 1), dao, cancellationToken).ConfigureAwait(false);
            if (found.Refusal is { } refusal)
                return refusal;
            path.Add((at, found.Value));
            at = found.Value.Previous;
        }

        if (at != ledger.Head)
            ledger.Clear();
        for (int i = path.Count - 1; i >= 0; i--)
            ledger.Take(path[i].Hash, path[i].Batch.Manifest.Leaves, path[i].Batch.Proved);
        return null;
    }

    /// <summary>A batch by its struct hash: from memory, or from the node and proved by that hash.</summary>
    private async Task<Result<KnownBatch>> FindAsync(
        Bytes32 structHash, BatchId number, DaoInfo dao, CancellationToken cancellationToken)
    {
        if (state.FindBatch(structHash) is { } known)
            return new KnownBatch(Bytes32.FromSpan(known.Previous), BatchManifest.Parse(known.Manifest).Value, [.. known.ProvedAccounts]);

        IReadOnlyList<BatchInfo> listed = await node.ListBatchesAsync(number, cancellationToken).ConfigureAwait(false);
        if (listed.FirstOrDefault(b => b.Batch.BatchId == number && b.Batch.StructHash() == structHash) is not { } info)
            return new Refusal("batch.previous_unknown", $"The node does not know batch {number} with the hash {structHash}.");
        Result<BatchManifest> manifest = await node.GetManifestAsync(number, cancellationToken).ConfigureAwait(false);
        if (!manifest.TryGet(out BatchManifest? read, out Refusal? refusal))
            return refusal;
        if (read.Against(dao.ChainId, dao.Contracts.Registry, number, info.Batch.Root, info.Batch.Count) is { } mismatch)
            return mismatch;
        state.AddBatch(structHash, info.Batch.Previous, read.ToJsonBytes(), []);
        return new KnownBatch(info.Batch.Previous, read, []);
    }

    private sealed record KnownBatch(Bytes32 Previous, BatchManifest Manifest, IReadOnlyList<Bytes32> Proved);
}
