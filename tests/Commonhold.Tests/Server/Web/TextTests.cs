using System.Globalization;
using System.Numerics;
using Commonhold.Server.Web.Components;

namespace Commonhold.Tests.Server.Web;

public sealed class TextTests
{
    [Theory]
    [InlineData("whole units", "1000000000", 6, "1,000")]
    [InlineData("a fraction, exactly", "1000000007", 6, "1,000.000007")]
    [InlineData("trailing zeros are left out", "1500000", 6, "1.5")]
    [InlineData("less than one", "7", 6, "0.000007")]
    [InlineData("nothing", "0", 18, "0")]
    [InlineData("no decimals", "12345", 0, "12,345")]
    [InlineData("less than nothing", "-1500000", 6, "−1.5")]
    [InlineData("the most that 256 bits hold", "115792089237316195423570985008687907853269984665640564039457584007913129639935", 18, "115,792,089,237,316,195,423,570,985,008,687,907,853,269,984,665,640,564,039,457.584007913129639935")]
    public void An_amount_is_written_exactly(string _, string value, int decimals, string written) =>
        Assert.Equal(written, Text.Units(BigInteger.Parse(value, CultureInfo.InvariantCulture), decimals));

    [Theory]
    [InlineData("two digits are enough to look at", "25809392", 6, "25.8")]
    [InlineData("never more than there is", "9999999", 6, "9.99")]
    [InlineData("something is not nothing", "9999", 6, "under 0.01")]
    [InlineData("nothing", "0", 18, "0")]
    [InlineData("no decimals", "12345", 0, "12,345")]
    public void An_amount_to_look_at_is_cut_to_two_digits(string _, string value, int decimals, string written) =>
        Assert.Equal(written, Text.Rounded(BigInteger.Parse(value, CultureInfo.InvariantCulture), decimals));

    [Theory]
    [InlineData(1, "the first batch")]
    [InlineData(3, "the first 3 batches")]
    public void The_first_of_many_is_counted_and_the_first_alone_is_not(int count, string written) => Assert.Equal(written, Text.FirstOf(count, "batch", "batches"));

    [Theory]
    [InlineData(0, "0 seconds")]
    [InlineData(1, "1 second")]
    [InlineData(90, "1 minute 30 seconds")]
    [InlineData(3600, "1 hour")]
    [InlineData(90_000, "1 day 1 hour")]
    [InlineData(31_536_000, "1 year")]
    public void A_duration_is_written_in_its_two_largest_units(long seconds, string written) => Assert.Equal(written, Text.Duration(seconds));

    [Theory]
    [InlineData(0, "0 bytes")]
    [InlineData(999, "999 bytes")]
    [InlineData(1500, "1.5 kB")]
    [InlineData(2_000_000_000, "2 GB")]
    public void A_size_is_written_with_its_unit(double bytes, string written) => Assert.Equal(written, Text.Bytes(bytes));

    [Fact]
    public void A_time_that_no_calendar_holds_is_the_last_that_it_does() => Assert.Equal("31 Dec 9999, 23:59 UTC", Text.Time(long.MaxValue));

    [Theory]
    [InlineData("Let 0x6C2aBaeAF2FCD28Dcc7Cb9513e7f536Cb8B96D47 read 12 contributions raw", 1)]
    [InlineData("0x6C2aBaeAF2FCD28Dcc7Cb9513e7f536Cb8B96D47, 0x6C2aBaeAF2FCD28Dcc7Cb9513e7f536Cb8B96D48", 2)]
    [InlineData("by the worker age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq, for 7 days", 1)]
    [InlineData("the policy with the digest 0x6C2aBaeAF2FCD28Dcc7Cb9513e7f536Cb8B96D476C2aBaeAF2FCD28Dcc7Cb951", 0)]
    [InlineData("nothing", 0)]
    [InlineData("", 0)]
    public void A_sentence_in_pieces_is_the_sentence_and_only_accounts_and_keys_stand_alone(string sentence, int accounts)
    {
        var pieces = Text.AroundAccounts(sentence);
        Assert.Equal(sentence, string.Concat(pieces));
        Assert.Equal(accounts, pieces.Count(Text.IsAccount));
        Assert.Equal(accounts, Text.Folded(sentence).Count(c => c == '…'));
    }
}
