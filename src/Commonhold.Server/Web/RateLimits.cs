using System.Globalization;
using System.Threading.RateLimiting;
using Commonhold.Client;
using Commonhold.Server.Operations;

namespace Commonhold.Server.Web;

/// <summary>Bounds what one address may write anonymously; reads are cheap and not limited.</summary>
internal static class RateLimits
{
    public const string Writes = "writes";

    public static IServiceCollection AddRateLimits(this IServiceCollection services, NodeOptions options) => services.AddRateLimiter(limiter =>
    {
        limiter.AddPolicy(Writes, context => RateLimitPartition.GetTokenBucketLimiter(
            Caller.Of(context), _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = options.Limits.WritesPerMinute, TokensPerPeriod = Math.Max(1, options.Limits.WritesPerMinute / 60),
                ReplenishmentPeriod = TimeSpan.FromSeconds(1), QueueLimit = 0, AutoReplenishment = true,
            }));
        limiter.OnRejected = async (rejected, _) =>
        {
            var seconds = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, (int)after.TotalSeconds) : 1;
            rejected.HttpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            await new ProblemResult(new Refusal("request.rate_limited", $"More than {options.Limits.WritesPerMinute} writes a minute from this address.",
                $"Wait {seconds} s.")).ExecuteAsync(rejected.HttpContext);
        };
    });
}
