using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using Commonhold.Age;
using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>The buyer's side of a grant: gathers the guardians' answers, downloads, decrypts and writes everything in scope.</summary>
/// <remarks>Guarantee: a file in the directory is the plaintext of the ciphertext whose digest is under the root on chain.
/// Trust: one's own chain node. The Commonhold node and the guardians are checked: manifests against roots, blobs against
/// digests, wrong answers by proofs that name who gave them. Flow: manifests → answers, a thousand at a time, while earlier ones
/// are downloaded and decrypted in parallel → what failed for a wrong answer once more without the liar. A run that was stopped
/// goes on where it was.</remarks>
public sealed class GrantOpener(
    INodeClient node, IChainView chain, IReadOnlyList<GuardianLink> guardians, X25519Identity identity, OpenOptions? options = null, TimeProvider? time = null)
{
    private readonly INodeClient _node = node;
    private readonly OpenOptions _options = options ?? new OpenOptions();
    private readonly ConcurrentDictionary<uint, ThresholdIdentity> _keys = new();
    private DaoContracts? _contracts;

    /// <summary>Opens everything in the grant's scope into a directory.</summary>
    /// <returns>Refused when the whole grant is: <c>grant.expired</c>, <c>guardian.too_few</c>, <c>manifest.root_mismatch</c> …</returns>
    public async Task<Result<OpenReport>> OpenAsync(
        GrantId grant, GrantTerms terms, string directory, IProgress<OpenProgress>? progress, CancellationToken cancellationToken)
    {
        if (terms.Recipient != Bytes32.FromSpan(identity.Recipient.Point))
            return new Refusal("grant.other_recipient", $"Grant {grant} is for another recipient than {identity.Recipient}.", "Use the identity that was named in the request.");

        _contracts = await chain.ContractsAsync(cancellationToken).ConfigureAwait(false);
        await using OpenJournal journal = OpenJournal.Open(directory);
        ReleaseGatherer gatherer = new(guardians, identity, grant, terms, _options, time ?? TimeProvider.System);
        using Run run = new(this, journal, gatherer, directory, progress);

        List<(BatchManifest Manifest, IReadOnlyList<Leaf> Leaves)> work = [];
        for (ulong batch = 0; batch < terms.Scope; batch++)
        {
            Result<BatchManifest> manifest = await ManifestAsync(new BatchId(batch), cancellationToken).ConfigureAwait(false);
            if (!manifest.TryGet(out BatchManifest? read, out Refusal? refusal))
                return refusal;
            work.Add((read, read.Leaves));
            run.Total += read.Leaves.Count;
        }

        // Each round excludes at least one guardian, so there are at most as many rounds as guardians.
        while (work.Count > 0)
        {
            int excluded = gatherer.ExcludedCount;
            if (await run.PassAsync(work, cancellationToken).ConfigureAwait(false) is { } refusal)
            {
                // What others opened stays opened when too few guardians are left for the few that are tried again.
                if (excluded == 0 || run.Results.IsEmpty)
                    return refusal;
                run.GiveUp(work, refusal);
                break;
            }

            work = run.TakeRetries(work, madeProgress: gatherer.ExcludedCount > excluded);
        }

        return new OpenReport([.. run.Results.OrderBy(r => r.BatchId.Value).ThenBy(r => r.Index)], gatherer.Liars, gatherer.Faults);
    }

    private async Task<Result<BatchManifest>> ManifestAsync(BatchId batch, CancellationToken cancellationToken)
    {
        if (await chain.BatchAsync(_contracts!.Registry, batch, cancellationToken).ConfigureAwait(false) is not { } known)
            return new Refusal("manifest.unknown", $"The chain has no batch {batch}.");
        Result<BatchManifest> manifest = await _node.GetManifestAsync(batch, cancellationToken).ConfigureAwait(false);
        if (!manifest.TryGet(out BatchManifest? read, out Refusal? refusal))
            return refusal;
        return read.Against(read.ChainId, _contracts.Registry, batch, known.Root, known.Count) is { } mismatch ? mismatch : read;
    }

    /// <returns>Refused when the chain has no such key: a leaf can name any number, and must not stop the others.</returns>
    private async Task<Result<ThresholdIdentity>> KeyAsync(uint epoch, CancellationToken cancellationToken)
    {
        if (_keys.TryGetValue(epoch, out ThresholdIdentity? known))
            return known;
        try
        {
            DatasetKey key = await chain.KeyAsync(_contracts!.Guardians, epoch, cancellationToken).ConfigureAwait(false);
            if (key.Commitments.Count > 0)
                return _keys[epoch] = new ThresholdIdentity(ThresholdKey.Parse(
                    key.Guardians.Count, key.Commitments.Select(c => (ReadOnlyMemory<byte>)c.ToArray())));
        }
        catch (Exception e) when (e is ContractRevertException or AgeException)
        {
            return UnknownEpoch(epoch, e.Message);
        }

        return UnknownEpoch(epoch, "its guardians never confirmed a key.");
    }

    private static Refusal UnknownEpoch(uint epoch, string why) => new(
        "contribution.unknown_epoch", $"The chain has no usable key of epoch {epoch}: {why}", "Its validators should never have signed it; the rest of the grant opens.");

    private sealed record Item(BatchId BatchId, Leaf Leaf, ThresholdIdentity Key, Answers Answers);

    /// <summary>One opening: its results so far, and what must be tried again.</summary>
    private sealed class Run(GrantOpener opener, OpenJournal journal, ReleaseGatherer gatherer, string directory, IProgress<OpenProgress>? progress)
        : IDisposable
    {
        private readonly ContributionOpener _files = new(opener._node, opener._options);
        private readonly ConcurrentBag<Item> _retries = [];
        private readonly SemaphoreSlim _court = new(1);
        private int _done;
        private long _bytes;
        private Refusal? _refusal;

        public ConcurrentBag<OpenedContribution> Results { get; } = [];

        public int Total { get; set; }

        public void Dispose() => _court.Dispose();

        public async Task<Refusal?> PassAsync(
            IReadOnlyList<(BatchManifest Manifest, IReadOnlyList<Leaf> Leaves)> work, CancellationToken cancellationToken)
        {
            Channel<Item> items = Channel.CreateBounded<Item>(2 * ReleaseRequest.MaxIndices);
            Task gathering = GatherAllAsync(work, items.Writer, cancellationToken);
            await Parallel.ForEachAsync(
                items.Reader.ReadAllAsync(cancellationToken),
                new ParallelOptions { MaxDegreeOfParallelism = opener._options.Parallelism, CancellationToken = cancellationToken },
                async (item, token) => await OpenAsync(item, token).ConfigureAwait(false)).ConfigureAwait(false);
            await gathering.ConfigureAwait(false);
            return _refusal;
        }

        /// <summary>What failed for a wrong answer, by batch; given up when no liar could be named.</summary>
        public List<(BatchManifest Manifest, IReadOnlyList<Leaf> Leaves)> TakeRetries(
            IReadOnlyList<(BatchManifest Manifest, IReadOnlyList<Leaf> Leaves)> work, bool madeProgress)
        {
            Item[] retries = [.. _retries];
            _retries.Clear();
            if (madeProgress)
            {
                return [.. retries.GroupBy(i => i.BatchId).Select(group =>
                    (work.First(w => w.Manifest.BatchId == group.Key).Manifest, (IReadOnlyList<Leaf>)[.. group.Select(i => i.Leaf)]))];
            }

            foreach (Item item in retries)
                Finish(item.BatchId, item.Leaf, OpenOutcome.Failed, new Refusal("contribution.unopenable", $"Contribution {item.Leaf.Index} of batch {item.BatchId} does not open though every answer is proved right.", "Its member encrypted it wrongly, or a validator was dishonest."));
            return [];
        }

        /// <summary>Reports what is left of a round that could not be finished.</summary>
        public void GiveUp(IReadOnlyList<(BatchManifest Manifest, IReadOnlyList<Leaf> Leaves)> work, Refusal refusal)
        {
            HashSet<(BatchId, uint)> finished = [.. Results.Select(r => (r.BatchId, r.Index))];
            foreach ((BatchManifest manifest, IReadOnlyList<Leaf> leaves) in work)
            {
                foreach (Leaf leaf in leaves.Where(l => !finished.Contains((manifest.BatchId, l.Index))))
                    Finish(manifest.BatchId, leaf, OpenOutcome.Failed, refusal);
            }
        }

        private async Task GatherAllAsync(
            IReadOnlyList<(BatchManifest Manifest, IReadOnlyList<Leaf> Leaves)> work, ChannelWriter<Item> items, CancellationToken cancellationToken)
        {
            Exception? failure = null;
            try
            {
                foreach ((BatchManifest manifest, IReadOnlyList<Leaf> leaves) in work)
                {
                    BatchId batch = manifest.BatchId;
                    string folder = FolderOf(batch);
                    Directory.CreateDirectory(folder);
                    List<Leaf> open = await SkipOpenedAsync(batch, leaves, cancellationToken).ConfigureAwait(false);
                    foreach (IGrouping<uint, Leaf> epoch in open.GroupBy(l => l.KeyEpoch))
                    {
                        Result<ThresholdIdentity> found = await opener.KeyAsync(epoch.Key, cancellationToken).ConfigureAwait(false);
                        if (!found.TryGet(out ThresholdIdentity? key, out Refusal? unknown))
                        {
                            foreach (Leaf leaf in epoch)
                                Finish(batch, leaf, OpenOutcome.Failed, unknown);
                            continue;
                        }

                        foreach (Leaf[] chunk in epoch.Chunk(opener._options.IndicesPerCall))
                        {
                            Result<IReadOnlyDictionary<uint, Answers>> gathered = await gatherer.GatherAsync(
                                batch, epoch.Key, [.. chunk.Select(l => l.Index)], key.Key.Threshold, cancellationToken).ConfigureAwait(false);
                            if (!gathered.TryGet(out IReadOnlyDictionary<uint, Answers>? answers, out Refusal? refusal))
                            {
                                _refusal = refusal;
                                return;
                            }

                            foreach (Leaf leaf in chunk)
                                await items.WriteAsync(new Item(batch, leaf, key, answers[leaf.Index]), cancellationToken).ConfigureAwait(false);
                        }
                    }
                }
            }
            catch (Exception e)
            {
                failure = e;
                throw;
            }
            finally
            {
                items.TryComplete(failure);
            }
        }

        private async Task<List<Leaf>> SkipOpenedAsync(BatchId batch, IReadOnlyList<Leaf> leaves, CancellationToken cancellationToken)
        {
            List<Leaf> open = [];
            foreach (Leaf leaf in leaves)
            {
                string path = PathOf(batch, leaf);
                OpenedLine? line = journal.Knows(batch, leaf.Index)
                    ? await journal.FindAsync(batch, leaf, path, cancellationToken).ConfigureAwait(false)
                    : null;
                if (line is null)
                    open.Add(leaf);
                else
                    Finish(batch, leaf, OpenOutcome.AlreadyOpened, null, path, line.PlaintextDigest, line.Bytes);
            }

            return open;
        }

        private async Task OpenAsync(Item item, CancellationToken cancellationToken)
        {
            int threshold = item.Key.Key.Threshold;
            if (item.Answers.Given.Count < threshold)
            {
                string code = item.Answers.Refused.Values.GroupBy(c => c).MaxBy(g => g.Count())!.Key;
                Finish(item.BatchId, item.Leaf, OpenOutcome.Refused, new Refusal(code, $"{item.Answers.Refused.Count} guardians refuse contribution {item.Leaf.Index} of batch {item.BatchId}."));
                return;
            }

            PartialAnswer[] answers = [.. item.Answers.Given.Select(g => g.Answer).Take(threshold)];
            string path = PathOf(item.BatchId, item.Leaf);
            try
            {
                IAgeIdentity identity = item.Key.For(item.Leaf.EphemeralShare.ToArray(), answers);
                (Bytes32 digest, long bytes) = await _files.OpenAsync(item.Leaf, identity, path, cancellationToken).ConfigureAwait(false);
                journal.Add(new OpenedLine(item.BatchId, item.Leaf.Index, item.Leaf.CiphertextDigest, digest, bytes));
                Finish(item.BatchId, item.Leaf, OpenOutcome.Opened, null, path, digest, bytes);
            }
            catch (AgeException e) when (e.Code == AgeErrors.WrongAnswer)
            {
                await JudgeAsync(item, answers, cancellationToken).ConfigureAwait(false);
                _retries.Add(item);
            }
            catch (AgeException e)
            {
                Finish(item.BatchId, item.Leaf, OpenOutcome.Failed, new Refusal(e.Code, e.Message, e.Hint));
            }
            catch (CommonholdException e)
            {
                Finish(item.BatchId, item.Leaf, OpenOutcome.Failed, e.Refusal ?? new Refusal("blob.unavailable", e.Message));
            }
        }

        /// <summary>One inquiry at a time: what the first finds out usually explains the others.</summary>
        private async Task JudgeAsync(Item item, PartialAnswer[] answers, CancellationToken cancellationToken)
        {
            await _court.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                if (!answers.Any(a => gatherer.IsExcluded((uint)a.Guardian)))
                    await gatherer.NameLiarsAsync(item.BatchId, item.Leaf, item.Key, answers.Select(a => a.Guardian), cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _court.Release();
            }
        }

        private void Finish(
            BatchId batch, Leaf leaf, OpenOutcome outcome, Refusal? refusal, string? path = null, Bytes32? digest = null, long bytes = 0)
        {
            Results.Add(new OpenedContribution(batch, leaf.Index, leaf.Owner, leaf.CiphertextDigest, outcome, path, digest, bytes, refusal));
            progress?.Report(new OpenProgress(Interlocked.Increment(ref _done), Total, Interlocked.Add(ref _bytes, bytes)));
        }

        private string FolderOf(BatchId batch) => Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"batch-{batch.Value:D6}"));

        private string PathOf(BatchId batch, Leaf leaf) =>
            Path.Combine(FolderOf(batch), string.Create(CultureInfo.InvariantCulture, $"{leaf.Index:D6}-{leaf.CiphertextDigest.ToString().AsSpan(2, 16)}.zip"));
    }
}
