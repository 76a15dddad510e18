using System.Diagnostics;
using Commonhold.Client;
using Commonhold.Ethereum;
using FsCheck;
using FsCheck.Fluent;

namespace Commonhold.Tests.Client;

public sealed class MerkleTreeTests
{
    [Fact]
    public void Every_leaf_of_a_tree_of_any_size_proves_itself_and_nothing_else() =>
        Prop.ForAll(Gen.Choose(1, 300).ToArbitrary(), count =>
        {
            Bytes32[] leaves = Leaves(count);
            MerkleTree tree = new(leaves);
            Bytes32 stranger = Keccak256.Hash("not in it"u8);
            return Enumerable.Range(0, count).All(i =>
                MerkleTree.Verify(tree.Root, leaves[i], tree.Proof(i)) && !MerkleTree.Verify(tree.Root, stranger, tree.Proof(i)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_root_of_one_leaf_is_the_leaf()
    {
        Bytes32 leaf = Keccak256.Hash("one"u8);
        Assert.Equal(leaf, new MerkleTree([leaf]).Root);
        Assert.Empty(new MerkleTree([leaf]).Proof(0));
    }

    [Fact]
    public void An_odd_last_node_moves_up_unchanged()
    {
        Bytes32[] leaves = Leaves(3);
        Bytes32 pair = leaves[0] < leaves[1] ? Keccak256.Hash(leaves[0], leaves[1]) : Keccak256.Hash(leaves[1], leaves[0]);
        Bytes32 root = pair < leaves[2] ? Keccak256.Hash(pair, leaves[2]) : Keccak256.Hash(leaves[2], pair);
        Assert.Equal(root, new MerkleTree(leaves).Root);
    }

    [Fact]
    public void No_leaf_has_no_root() => Assert.Throws<ArgumentException>(() => new MerkleTree([]));

    [Fact]
    [Trait("Speed", "slow")]
    public void A_million_leaves_take_seconds_not_minutes()
    {
        long start = Stopwatch.GetTimestamp();
        Leaf[] leaves = [.. Enumerable.Range(0, 1_000_000).Select(i => SomeLeaf((uint)i))];
        BatchManifest manifest = new(1, default, new BatchId(0), leaves);
        Assert.True(MerkleTree.Verify(manifest.Root, leaves[777_777].Hash(), manifest.Tree.Proof(777_777)));
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 60);
    }

    [Fact]
    public void Rewards_are_the_same_in_any_order_and_leave_out_who_earned_nothing()
    {
        Address[] accounts = [.. Enumerable.Range(1, 50).Select(i => Address.FromSpan(Keccak256.Hash([(byte)i]).AsSpan()[..20]))];
        KeyValuePair<Address, Points>[] rewards = [.. accounts.Select((a, i) => KeyValuePair.Create(a, new Points((UInt128)(i * 10))))];
        RewardTree tree = new(rewards);

        Assert.Equal(tree.Root, new RewardTree(rewards.Reverse()).Root);
        Assert.Equal(49, tree.Count);
        Assert.Equal(new Points(12_250), tree.Total);
        Assert.Null(tree.Find(accounts[0]));
        Assert.All(accounts[1..], account => Assert.True(MerkleTree.Verify(
            tree.Root, RewardTree.HashLeaf(account, tree.Find(account)!.CumulativePoints), tree.Find(account)!.Proof)));
    }

    private static Bytes32[] Leaves(int count) => [.. Enumerable.Range(0, count).Select(i => Keccak256.Hash(BitConverter.GetBytes(i)))];

    private static Leaf SomeLeaf(uint index)
    {
        Bytes32 digest = Bytes32.FromUInt256(index);
        return new Leaf(index, default, digest, 1, digest, digest, 1, new Points(index), digest);
    }
}
