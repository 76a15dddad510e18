using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Contributions;
using Commonhold.Server.Operations;
using Commonhold.Server.Web;

namespace Commonhold.Tests.Server;

public sealed class RulesTests
{
    private static readonly BatchingOptions Options = new() { MaxCount = 10, MaxAge = TimeSpan.FromSeconds(60) };

    [Theory]
    [InlineData("nothing waits", 0, 1_000, false)]
    [InlineData("few, and fresh", 9, 0, false)]
    [InlineData("few, one second too fresh", 9, 59, false)]
    [InlineData("few, and old enough", 1, 60, true)]
    [InlineData("full", 10, 0, true)]
    public void A_batch_is_made_when_it_is_full_or_its_oldest_waited_long_enough(string when, int waiting, long seconds, bool isDue)
    {
        Assert.NotEmpty(when);
        Assert.Equal(isDue, BatchingRules.IsDue(waiting, 1_000_000, Options, DateTimeOffset.FromUnixTimeSeconds(1_000_000 + seconds)));
    }

    [Theory]
    [InlineData("storage.full", 507)]
    [InlineData("upload.offset_mismatch", 409)]
    [InlineData("contribution.unknown", 404)]
    [InlineData("contribution.expired", 422)]
    [InlineData("relay.limit_reached", 429)]
    public void A_code_has_one_status(string code, int status) => Assert.Equal(status, ProblemResult.StatusOf(code));

    [Fact]
    public async Task A_beat_that_comes_after_the_look_is_not_missed()
    {
        var pulse = new Pulse();
        var beat = pulse.Next;
        pulse.Beat();
        Assert.True(await Pulse.WaitAsync(beat, TimeSpan.FromMinutes(1), TimeProvider.System, default));
        Assert.False(await Pulse.WaitAsync(pulse.Next, TimeSpan.Zero, TimeProvider.System, default));
    }

    [Fact]
    public void No_verdict_keeps_the_others_out_of_a_batch()
    {
        var rows = new[] { Row(1, owner: 1, account: 7, 5), Row(2, owner: 2, account: 7, 5), Row(3, owner: 3, account: 8, (1UL << 48) - 7), Row(4, owner: 1, account: 7, 1), Row(5, owner: 4, account: 9, 1) };
        Assert.Equal([1, 3, 4], BatchingRules.Signable(rows).Select(row => (int)row.CiphertextDigest.AsSpan()[31]));
    }

    private static ContributionRow Row(byte digest, byte owner, byte account, ulong points) => new()
    {
        CiphertextDigest = Bytes32.FromUInt256(digest), Owner = Address.FromSpan([.. new byte[19], owner]), Nullifier = Bytes32.FromUInt256(account), Points = new Points(points),
    };
}
