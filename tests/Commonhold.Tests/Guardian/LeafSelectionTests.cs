using System.Collections.Concurrent;
using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Guardians.Chain;
using Commonhold.Guardians.Release;

namespace Commonhold.Tests.Guardian;

public sealed class LeafSelectionTests
{
    private static readonly KeyShare[] Shares = TestShares.Ceremony(2, 3);

    [Fact]
    public void Two_guardians_answers_open_each_file_of_a_long_call()
    {
        var files = Enumerable.Range(0, 200).Select(i => AgeFile.Seal([(byte)i], Shares[0].Key.Recipient)).ToArray();
        var batch = Batch([.. files.Select(file => Bytes32.FromSpan(AgeHeader.Parse(file).X25519Shares[0].Span))]);
        uint[] asked = [.. Enumerable.Range(0, 200).Select(i => (uint)i)];
        using var first = Answered(batch, asked, Shares[0]);
        using var second = Answered(batch, asked, Shares[2]);

        ThresholdIdentity threshold = new(Shares[0].Key);
        for (var i = 0; i < files.Length; i++)
        {
            PartialAnswer[] answers = [new(1, first.Answers.Slice(i * 32, 32).ToArray()), new(3, second.Answers.Slice(i * 32, 32).ToArray())];
            using var plaintext = AgeFile.Open(files[i], threshold.For(batch.Share((uint)i).ToArray(), answers));
            Assert.Equal((byte)i, plaintext.Span[0]);
        }
    }

    [Fact]
    public void A_share_that_is_no_point_of_the_subgroup_is_refused_and_the_others_keep_their_places()
    {
        var good = Bytes32.FromSpan(AgeHeader.Parse(AgeFile.Seal([1], Shares[0].Key.Recipient)).X25519Shares[0].Span);
        var batch = Batch([Bytes32.Zero, good, Bytes32.Parse("0x" + new string('f', 64))]);

        using var selection = Answered(batch, [0, 1, 2], Shares[0]);

        Assert.Equal([1U], selection.Indices);
        Assert.Equal(Shares[0].Answer(good.AsSpan()).Point.ToArray(), selection.Answers[..32].ToArray());
        Assert.Equal([new IndexRefusal(0, "contribution.share_invalid"), new IndexRefusal(2, "contribution.share_invalid")], selection.Refused);
    }

    [Fact]
    public void Every_reason_against_one_contribution_has_its_code()
    {
        var shared = TestShares.Share(1);
        BatchManifest manifest = TestShares.Manifest(0, [shared, shared, TestShares.Share(2), TestShares.Share(3)]);
        manifest = new BatchManifest(31337, TestShares.Registry, new BatchId(0), [.. manifest.Leaves.Select(l => l.Index == 3 ? l with { KeyEpoch = 2 } : l)]);
        var batch = Indexed(manifest);

        using var selection = LeafSelection.Of(batch, [1, 2, 3, 4], epoch: 1, new HashSet<uint> { 2 });

        Assert.Empty(selection.Indices);
        Assert.Equal(
            ["contribution.share_reused", "contribution.withdrawn", "contribution.other_epoch", "contribution.unknown"],
            selection.Refused.Select(refusal => refusal.Code));
        Assert.Equal(2U, batch.EpochOf([9, 3, 0]));
    }

    [Fact]
    public void A_proof_shows_that_the_answer_was_made_with_the_registered_share()
    {
        var share = AgeHeader.Parse(AgeFile.Seal([1], Shares[0].Key.Recipient)).X25519Shares[0];
        using var selection = Answered(Batch([Bytes32.FromSpan(share.Span)]), [0], Shares[1]);

        var proof = DleqProof.Parse(Assert.Single(selection.Prove(Shares[1])));

        Assert.True(proof.Proves(Shares[1].Key, share.Span, new PartialAnswer(2, selection.Answers.ToArray())));
    }

    private static LeafSelection Answered(IndexedBatch batch, IReadOnlyList<uint> asked, KeyShare share)
    {
        var selection = LeafSelection.Of(batch, asked, epoch: 1, new HashSet<uint>());
        selection.Answer(share);
        return selection;
    }

    private static IndexedBatch Batch(IReadOnlyList<Bytes32> shares) => Indexed(TestShares.Manifest(0, shares));

    private static IndexedBatch Indexed(BatchManifest manifest)
    {
        ConcurrentDictionary<Bytes32, LeafPlace> owners = new();
        foreach (var leaf in manifest.Leaves)
            owners.TryAdd(leaf.EphemeralShare, new LeafPlace(manifest.BatchId.Value, leaf.Index));
        return new IndexedBatch(manifest.BatchId, BatchShares.Of(manifest), owners);
    }
}
