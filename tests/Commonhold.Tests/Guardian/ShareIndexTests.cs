using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Guardians;
using Commonhold.Guardians.Chain;
using FsCheck;
using FsCheck.Fluent;

namespace Commonhold.Tests.Guardian;

public sealed class ShareIndexTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly List<BatchManifest> served = [];
    private readonly FakeHttp http;

    public ShareIndexTests() => http = new FakeHttp(request =>
    {
        var batch = int.Parse(request.RequestUri!.Segments[^2].TrimEnd('/'), System.Globalization.CultureInfo.InvariantCulture);
        return new HttpResponseMessage { Content = new ByteArrayContent(served[batch].ToJsonBytes()) };
    });

    public void Dispose()
    {
        http.Dispose();
        directory.Dispose();
    }

    [Fact]
    public void The_first_leaf_of_the_dataset_that_carries_a_share_owns_it() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(30), Prop.ForAll(ArbMap.Default.ArbFor<byte[][]>(), batches =>
        {
            // Few different shares, so that they meet often.
            BatchManifest[] manifests =
            [
                .. batches.Where(batch => batch is { Length: > 0 }).Select((batch, i) =>
                    TestShares.Manifest((ulong)i, [.. batch.Select(b => TestShares.Share(b % 5))])),
            ];
            served.Clear();
            served.AddRange(manifests);
            using TemporaryDirectory own = new();
            using var index = Index(own);
            HashSet<Bytes32> seen = [];
            foreach (var manifest in manifests)
            {
                var batch = index.GetAsync(manifest.BatchId, new FakeBatches(manifests), default).GetAwaiter().GetResult();
                foreach (var leaf in manifest.Leaves)
                    Assert.Equal(seen.Add(leaf.EphemeralShare), batch.EarlierOwner(leaf.Index) is null);
            }
        }));

    [Fact]
    public async Task A_later_batch_is_not_answered_before_all_earlier_ones_are_known()
    {
        served.AddRange([TestShares.Manifest(0, TestShares.Share(1)), TestShares.Manifest(1, TestShares.Share(1), TestShares.Share(2))]);
        using var index = Index(directory);

        var batch = await index.GetAsync(new BatchId(1), new FakeBatches(served), default);

        Assert.Equal(new LeafPlace(0, 0), batch.EarlierOwner(0));
        Assert.Null(batch.EarlierOwner(1));
    }

    [Fact]
    public async Task A_manifest_that_is_not_the_chains_is_refused_and_nothing_of_it_is_kept()
    {
        var onChain = TestShares.Manifest(0, TestShares.Share(1));
        served.Add(TestShares.Manifest(0, TestShares.Share(2)));
        using var index = Index(directory);

        var refused = await Assert.ThrowsAsync<GuardianException>(() => index.GetAsync(new BatchId(0), new FakeBatches(onChain), default));

        Assert.Equal("manifest.root_mismatch", refused.Code);
        served[0] = onChain;
        Assert.Equal(TestShares.Share(1), (await index.GetAsync(new BatchId(0), new FakeBatches(onChain), default)).Share(0));
    }

    [Fact]
    public async Task After_a_restart_the_own_disk_is_enough_and_a_rotten_cache_is_fetched_again()
    {
        served.Add(TestShares.Manifest(0, TestShares.Share(1)));
        using (var first = Index(directory))
            await first.GetAsync(new BatchId(0), new FakeBatches(served), default);
        Assert.Equal(1, http.Requests);
        using (var again = Index(directory))
            await again.GetAsync(new BatchId(0), new FakeBatches(served), default);
        Assert.Equal(1, http.Requests);

        var file = Assert.Single(Directory.GetFiles(directory.File("batches")));
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[45] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
        using var third = Index(directory);
        Assert.Equal(TestShares.Share(1), (await third.GetAsync(new BatchId(0), new FakeBatches(served), default)).Share(0));
        Assert.Equal(2, http.Requests);
    }

    [Fact]
    public async Task When_a_reorganisation_took_the_last_reading_away_the_index_is_made_anew()
    {
        var gone = TestShares.Manifest(0, TestShares.Share(1));
        var instead = TestShares.Manifest(0, TestShares.Share(2));
        served.Add(gone);
        using var index = Index(directory);
        await index.GetAsync(new BatchId(0), new FakeBatches(gone), default);
        served[0] = instead;

        FakeBatches after = new(instead) { Block = new BlockPoint(10, Keccak256.Hash([11]), 100), Canonical = false };
        Assert.Equal(TestShares.Share(2), (await index.GetAsync(new BatchId(0), after, default)).Share(0));
    }

    private ShareIndex Index(TemporaryDirectory place)
    {
        HttpClient client = new(http, disposeHandler: false) { BaseAddress = new Uri("http://node") };
        DaoReference dao = new(31337, TestShares.Registry, new ContributionRegistry(TestShares.Registry), new AccessMarket(default), new GuardianRegistry(default));
        return new ShareIndex(new ManifestStore(new NodeClient(client, new HttpLimits { Attempts = 1 }), dao, place.File("batches")));
    }
}
