using System.Security.Cryptography;
using System.Text;
using Commonhold.Ethereum;
using Commonhold.Exports.Reddit;
using Commonhold.Validator.State;
using Commonhold.Validator.Uniqueness;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Commonhold.Tests.Validator.Uniqueness;

public class RowKeyTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Theory]
    [InlineData(0, 0x726fdb47dd0e0e31UL)]
    [InlineData(1, 0x74f839c593dc67fdUL)]
    [InlineData(8, 0x93f5f5799a932462UL)]
    [InlineData(15, 0xa129ca6149be45e5UL)]
    public void SipHash_gives_the_values_of_its_paper(int length, ulong expected)
    {
        var data = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
        Assert.Equal(expected, SipHash.Compute(SipKey.From(Key), data));
    }

    [Fact]
    public void The_nullifier_is_the_one_of_the_protocol_and_knows_no_case()
    {
        var expected = HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes("reddit\0amber_otter_17"));
        Assert.Equal(Bytes32.FromSpan(expected), AccountNullifier.Of(Key, "reddit", "Amber_Otter_17"));
        Assert.NotEqual(AccountNullifier.Of(Key, "reddit", "a"), AccountNullifier.Of(new byte[32], "reddit", "a"));
    }

    [Theory]
    [InlineData("ed196k4", "ed196k4")]
    [InlineData("t1_ed196k4", "ed196k4")]
    [InlineData("t3_ED196K4", "ed196k4")]
    [InlineData("000ed196k4", "ed196k4")]
    [InlineData("ed196k4!", "")]
    [InlineData("", "")]
    [InlineData("zzzzzzzzzzzzzz", "")]
    public void An_id_has_one_spelling(string id, string expected)
    {
        Span<byte> canonical = stackalloc byte[64];
        var length = Base36.Canonicalise(Encoding.ASCII.GetBytes(id), canonical);
        Assert.Equal(expected, Encoding.ASCII.GetString(canonical[..length]));
    }

    [Fact]
    public void Authored_rows_and_cells_match_between_accounts_and_votes_do_not()
    {
        var one = new RowKeys(Key, AccountNullifier.Of(Key, "reddit", "one"));
        var two = new RowKeys(Key, AccountNullifier.Of(Key, "reddit", "two"));
        Assert.Equal(one.Authored(2, "ed196k4"u8), two.Authored(2, "ed196k4"u8));
        Assert.NotEqual(one.Authored(1, "ed196k4"u8), one.Authored(2, "ed196k4"u8));
        Assert.NotEqual(one.Own(4, "ed196k4"u8), two.Own(4, "ed196k4"u8));
        Assert.Equal(one.Cell(2, "ireland"u8, 8076), two.Cell(2, "ireland"u8, 8076));
    }

    [Fact]
    public void Row_key_sets_are_sets()
    {
        Prop.ForAll<ulong[], ulong[]>((a, b) =>
        {
            var (left, right) = (RowKeySet.From(a), RowKeySet.From(b));
            return left.Union(right).Keys.SequenceEqual(a.Union(b).Order().ToArray())
                && left.Except(right).Keys.SequenceEqual(a.Except(b).Order().ToArray())
                && left.CountShared(right) == a.Intersect(b).Count()
                && RowKeySet.FromBytes(left.ToBytes()).Keys.SequenceEqual(left.Keys)
                && a.All(left.Contains);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("nothing shared", 100, 0, false)]
    [InlineData("two planted rows", 3, 2, false)]
    [InlineData("three of thirty", 30, 3, true)]
    [InlineData("three of a hundred", 100, 3, false)]
    [InlineData("nineteen of a thousand", 1000, 19, false)]
    [InlineData("twenty of a thousand", 1000, 20, true)]
    [InlineData("everything", 5, 5, true)]
    public void Authored_rows_of_another_account_are_copying(string name, int authored, int shared, bool refused)
    {
        Assert.NotEmpty(name);
        var refusal = AuthoredOverlap.Judge(authored, [new SharedRows(new AccountNumber(1), shared)], Commonhold.Client.PolicyThresholds.Standard);
        Assert.Equal(refused ? "contribution.copied" : null, refusal?.Code);
    }
}
