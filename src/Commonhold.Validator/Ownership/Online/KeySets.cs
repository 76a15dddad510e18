using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Commonhold.Validator.Ownership.Online;

/// <summary>The keys that an issuer signs ID tokens with: pinned in the policy, or fetched and kept for an hour.</summary>
internal sealed class KeySets(EvidenceFetcher fetcher, TimeProvider time)
{
    private const int MaxBytes = 128 * 1024;
    private const int MaxKeys = 32;
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);
    private static readonly TimeSpan LeastBetween = TimeSpan.FromMinutes(5);
    private static readonly string[] MediaTypes = ["application/json", "application/jwk-set+json"];

    private readonly ConcurrentDictionary<string, (DateTimeOffset Fetched, IReadOnlyList<SecurityKey> Keys)> _fetched = new();

    /// <summary>RSA of at least 2,048 bits and P-256, for signatures: whatever else stands in a set is not for us.</summary>
    public static IReadOnlyList<SecurityKey> Parse(string json)
    {
        try
        {
            return [.. new JsonWebKeySet(json).Keys.Take(MaxKeys).Where(IsUsable)];
        }
        catch (Exception e) when (e is ArgumentException or JsonException)
        {
            return [];
        }
    }

    /// <param name="keyId">Of the token: an unknown one makes us look again, since issuers rotate their keys, but not often.</param>
    /// <exception cref="FetchFailedException">The set cannot be had.</exception>
    public async Task<IReadOnlyList<SecurityKey>> FetchAsync(string url, IReadOnlyList<string> hosts, string? keyId, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (_fetched.TryGetValue(url, out (DateTimeOffset Fetched, IReadOnlyList<SecurityKey> Keys) known)
            && (now - known.Fetched < LeastBetween || (now - known.Fetched < Lifetime && known.Keys.Any(k => k.KeyId == keyId))))
            return known.Keys;
        FetchedDocument document = await fetcher.FetchAsync(new FetchRequest(url, hosts, MediaTypes, MaxBytes), cancellationToken).ConfigureAwait(false);
        IReadOnlyList<SecurityKey> keys = Parse(Encoding.UTF8.GetString(document.Body));
        _fetched[url] = (now, keys);
        return keys;
    }

    private static bool IsUsable(JsonWebKey key) =>
        key.Use is null or "" or "sig" && key switch
        {
            { Kty: "RSA" } => key.KeySize >= 2048,
            { Kty: "EC", Crv: "P-256" } => true,
            _ => false,
        };
}
