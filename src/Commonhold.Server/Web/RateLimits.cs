using System.Globalization;
using System.Threading.RateLimiting;
using Commonhold.Client;
using Commonhold.Server.Operations;
using Microsoft.AspNetCore.RateLimiting;

namespace Commonhold.Server.Web;

/// <summary>Bounds what one address may write anonymously, and read where an answer costs a lot; other reads are cheap and not limited.</summary>
internal static class RateLimits
{
    public const string Writes = "writes";

    /// <summary>For answers that ask the chain many times, whose endpoint may be paid by the call, or build a whole tree.</summary>
    public const string CostlyReads = "costly-reads";

    public static IServiceCollection AddRateLimits(this IServiceCollection services, NodeOptions options) => services.AddRateLimiter(limiter =>
    {
        limiter.AddPolicy(Writes, context => Bucket(context, options.Limits.WritesPerMinute));
        limiter.AddPolicy(CostlyReads, context => Bucket(context, options.Limits.CostlyReadsPerMinute));
        limiter.OnRejected = async (rejected, _) =>
        {
            var seconds = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)) : 1;
            rejected.HttpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            var isRead = rejected.HttpContext.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName == CostlyReads;
            await new ProblemResult(new Refusal("request.rate_limited",
                isRead ? $"More than {options.Limits.CostlyReadsPerMinute} reads a minute of what is costly to look up, from this address."
                    : $"More than {options.Limits.WritesPerMinute} writes a minute from this address.",
                $"Wait {seconds} s.")).ExecuteAsync(rejected.HttpContext);
        };
    });

    /// <summary>As many as the limit at once, and then as many a minute: about every second some, or one at a time when that is too often.</summary>
    private static RateLimitPartition<string> Bucket(HttpContext context, int perMinute) => RateLimitPartition.GetTokenBucketLimiter(
        Caller.Of(context), _ =>
        {
            var tokens = Math.Max(1, perMinute / 60);
            return new TokenBucketRateLimiterOptions
            {
                TokenLimit = perMinute, TokensPerPeriod = tokens, ReplenishmentPeriod = TimeSpan.FromMinutes((double)tokens / perMinute), QueueLimit = 0, AutoReplenishment = true,
            };
        });
}
