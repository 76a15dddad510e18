using Commonhold.Client;

namespace Commonhold.Guardians.Release;

/// <summary>How many contributions a guardian answers in a minute.</summary>
/// <param name="PerGrant">Contributions a minute for one grant.</param>
/// <param name="Total">Contributions a minute for all grants together.</param>
internal sealed record RateLimits(int PerGrant = 240_000, int Total = 600_000);

/// <summary>Token buckets, one a grant and one for all: a minute's worth may be used at once, then it refills evenly.</summary>
/// <remarks>Asked only for grants that are active on chain, so nobody can fill its memory with invented numbers.</remarks>
internal sealed class RateLimiter(RateLimits limits, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<GrantId, Bucket> _grants = [];
    private Bucket _total = new(limits.Total, time.GetTimestamp());

    /// <summary>Takes that many contributions, or none and says after how long it is worth asking again.</summary>
    public bool TryTake(GrantId grantId, int contributions, out TimeSpan retryAfter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(contributions, 1);
        lock (_gate)
        {
            var now = time.GetTimestamp();
            var all = Refill(_total, limits.Total, now);
            var grant = Refill(_grants.GetValueOrDefault(grantId, new(limits.PerGrant, now)), limits.PerGrant, now);
            var wait = Math.Max(
                SecondsUntil(all, limits.Total, contributions), SecondsUntil(grant, limits.PerGrant, contributions));
            if (wait == 0)
            {
                all = all with { Tokens = all.Tokens - contributions };
                grant = grant with { Tokens = grant.Tokens - contributions };
            }

            _total = all;
            _grants[grantId] = grant;
            retryAfter = TimeSpan.FromSeconds(Math.Ceiling(wait));
            return wait == 0;
        }
    }

    private static double SecondsUntil(Bucket bucket, int perMinute, int contributions) =>
        // More than a minute's worth in one call is let through when the bucket is full; otherwise it could never pass.
        Math.Max(0, (Math.Min(contributions, perMinute) - bucket.Tokens) * 60 / perMinute);

    private Bucket Refill(Bucket bucket, int perMinute, long now)
    {
        var minutes = time.GetElapsedTime(bucket.At, now).TotalMinutes;
        return new Bucket(Math.Min(perMinute, bucket.Tokens + (minutes * perMinute)), now);
    }

    private readonly record struct Bucket(double Tokens, long At);
}
