using System.Security.Cryptography;
using Commonhold.Ethereum;
using Commonhold.Server.Storage;
using Microsoft.AspNetCore.WebUtilities;

namespace Commonhold.Server.Accounts;

/// <summary>Who is signed in. A session is a random token in a cookie; only its digest is kept.</summary>
/// <remarks>Guarantee: who reads the database cannot enter with it; a session ends after twelve hours or when its person signs out, for good.
/// A session decides what pages show. Every act is authorised by its own signature.</remarks>
internal sealed class Sessions(Database database, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private const int TokenBytes = 32;

    /// <summary>The account that this request's cookie signs in, if any.</summary>
    public static Address? Current(HttpContext context) => context.Features.Get<SignedIn>()?.Address;

    /// <returns>Null when the nonce has opened a session before.</returns>
    public async Task<NewSession?> OpenAsync(Address address, string nonce, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var token = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(TokenBytes));
        await database.ExecuteAsync("DELETE FROM sessions WHERE expires_at <= @Now", new { Now = now.ToUnixTimeSeconds() }, cancellationToken);
        var opened = await database.ExecuteAsync("""
            INSERT INTO sessions (nonce, token_digest, address, created_at, expires_at) VALUES (@Nonce, @TokenDigest, @Address, @CreatedAt, @ExpiresAt)
            ON CONFLICT (nonce) DO NOTHING
            """, new { Nonce = nonce, TokenDigest = Digest(token), Address = address, CreatedAt = now.ToUnixTimeSeconds(), ExpiresAt = (now + Lifetime).ToUnixTimeSeconds() }, cancellationToken);
        return opened == 1 ? new NewSession(address, token, now + Lifetime) : null;
    }

    public async Task<SignedIn?> FindAsync(string token, CancellationToken cancellationToken) =>
        IsToken(token)
            ? await database.FindAsync<SignedIn>("SELECT address, expires_at AS ExpiresAt FROM sessions WHERE token_digest = @TokenDigest AND expires_at > @Now AND ended_at IS NULL",
                new { TokenDigest = Digest(token), Now = time.GetUtcNow().ToUnixTimeSeconds() }, cancellationToken)
            : null;

    /// <summary>Its row stays until it would have expired, so that the signature that opened it opens nothing again.</summary>
    public Task EndAsync(string token, CancellationToken cancellationToken) => database.ExecuteAsync(
        "UPDATE sessions SET ended_at = @Now WHERE token_digest = @TokenDigest AND ended_at IS NULL", new { TokenDigest = Digest(token), Now = time.GetUtcNow().ToUnixTimeSeconds() }, cancellationToken);

    private static bool IsToken(string token) => token.Length == 43 && token.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static Bytes32 Digest(string token) => Bytes32.FromSpan(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(token)));
}

/// <param name="Token">The secret of the cookie; it is nowhere else.</param>
internal sealed record NewSession(Address Address, string Token, DateTimeOffset ExpiresAt);

internal sealed record SignedIn
{
    public Address Address { get; init; }

    /// <summary>Unix seconds.</summary>
    public long ExpiresAt { get; init; }
}
