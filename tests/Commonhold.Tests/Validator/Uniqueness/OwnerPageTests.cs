using Commonhold.Validator.Uniqueness.Owners;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Commonhold.Tests.Validator.Uniqueness;

public class OwnerPageTests
{
    // Keys of every density: as hashes lie, neighbours, and the ends of the range.
    private static readonly Gen<ulong> Key = Gen.OneOf(
        ArbMap.Default.GeneratorFor<ulong>(),
        from bits in Gen.Choose(0, 63) from low in Gen.Choose(0, 40) select (1UL << bits) + (ulong)low,
        Gen.Elements(0UL, 1UL, ulong.MaxValue, ulong.MaxValue - 1));

    [Fact]
    public void A_page_gives_back_every_key_and_knows_no_other() =>
        Prop.ForAll(Key.NonEmptyListOf().ToArbitrary(), Key.ToArbitrary(), Gen.Choose(1, int.MaxValue).ToArbitrary(), (list, other, highest) =>
        {
            var keys = list.Distinct().Order().ToArray();
            var accounts = keys.Select((_, i) => (uint)((i * 7919L % highest) + 1)).ToArray();
            var bits = 64 - System.Numerics.BitOperations.LeadingZeroCount((ulong)highest + 1);
            var count = OwnerPage.CountThatFits(keys, Math.Min(32, bits), 3);
            var page = new byte[OwnerPage.BufferBytes];
            OwnerPage.Write(page, keys.AsSpan(0, count), accounts, Math.Min(32, bits));
            var readKeys = new ulong[OwnerPage.MaxKeys];
            var readAccounts = new uint[OwnerPage.MaxKeys];
            return count > 0 && OwnerPage.IsIntact(page)
                && OwnerPage.Read(page, readKeys, readAccounts) == count
                && readKeys.AsSpan(0, count).SequenceEqual(keys.AsSpan(0, count))
                && readAccounts.AsSpan(0, count).SequenceEqual(accounts.AsSpan(0, count))
                && Enumerable.Range(0, count).All(i => OwnerPage.Find(page, keys[i]) == accounts[i])
                && (keys.AsSpan(0, count).Contains(other) || OwnerPage.Find(page, other) == 0);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("a flipped bit in a key", 100)]
    [InlineData("in the checksum", 1)]
    [InlineData("in the last byte", OwnerPage.Bytes - 1)]
    [InlineData("in the count", 4)]
    public void A_damaged_page_is_not_intact(string name, int at)
    {
        Assert.NotEmpty(name);
        var page = new byte[OwnerPage.BufferBytes];
        OwnerPage.Write(page, [1, 5, 900], [1, 2, 3], 2);
        Assert.True(OwnerPage.IsIntact(page));
        page[at] ^= 0x10;
        Assert.False(OwnerPage.IsIntact(page));
    }
}
