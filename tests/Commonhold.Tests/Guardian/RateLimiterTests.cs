using Commonhold.Client;
using Commonhold.Guardians.Release;

namespace Commonhold.Tests.Guardian;

public sealed class RateLimiterTests
{
    private readonly TestClock clock = new();

    [Fact]
    public void A_grant_gets_its_minute_at_once_and_then_waits()
    {
        RateLimiter limiter = new(new RateLimits(PerGrant: 100, Total: 1000), clock);

        Assert.True(limiter.TryTake(new GrantId(1), 100, out _));
        Assert.False(limiter.TryTake(new GrantId(1), 50, out var retryAfter));
        Assert.Equal(TimeSpan.FromSeconds(30), retryAfter);

        clock.Advance(retryAfter);
        Assert.True(limiter.TryTake(new GrantId(1), 50, out _));
        Assert.False(limiter.TryTake(new GrantId(1), 1, out _));
    }

    [Fact]
    public void One_grants_use_leaves_the_other_grants_alone_until_the_total_is_used_up()
    {
        RateLimiter limiter = new(new RateLimits(PerGrant: 100, Total: 250), clock);

        Assert.True(limiter.TryTake(new GrantId(1), 100, out _));
        Assert.True(limiter.TryTake(new GrantId(2), 100, out _));
        Assert.False(limiter.TryTake(new GrantId(3), 100, out _));
        Assert.True(limiter.TryTake(new GrantId(3), 50, out _));
    }

    [Fact]
    public void A_refused_call_uses_nothing_up()
    {
        RateLimiter limiter = new(new RateLimits(PerGrant: 100, Total: 1000), clock);
        Assert.True(limiter.TryTake(new GrantId(1), 60, out _));

        Assert.False(limiter.TryTake(new GrantId(1), 60, out _));

        Assert.True(limiter.TryTake(new GrantId(1), 40, out _));
    }

    [Fact]
    public void A_call_larger_than_a_minute_passes_once_the_bucket_is_full()
    {
        RateLimiter limiter = new(new RateLimits(PerGrant: 10, Total: 10), clock);

        Assert.True(limiter.TryTake(new GrantId(1), 1000, out _));
        Assert.False(limiter.TryTake(new GrantId(1), 1, out var retryAfter));

        clock.Advance(retryAfter);
        Assert.True(limiter.TryTake(new GrantId(1), 1, out _));
    }
}
