using System.Security.Cryptography;
using System.Text;
using Commonhold.Ethereum;
using Commonhold.Server.Storage;
using Dapper;
using Microsoft.AspNetCore.WebUtilities;

namespace Commonhold.Server.Creation;

/// <summary>Drafts of DAOs between one page and the next, found by a random token that only its author's browser has.</summary>
/// <remarks>Nothing in a draft is secret, and nothing that costs anything comes of one. There are at most <see cref="MostDrafts"/>: a newer one
/// takes the place of the oldest, and two weeks after the last change a draft is gone.</remarks>
internal sealed class DraftShelf(Database database, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(14);

    // All of them at their longest stay below what LimitOptions.ReservedBytes keeps for the database.
    private const int MostDrafts = 300, MaxBytes = 640 * 1024;

    public static string NewToken() => WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));

    public async Task<DaoDraft?> FindAsync(string? token, CancellationToken cancellationToken) =>
        token is { Length: 43 } && await database.FindAsync<string>(
            "SELECT draft FROM dao_drafts WHERE token_digest = @digest AND updated_at > @oldest", new { digest = DigestOf(token), oldest = Oldest }, cancellationToken) is { } json
            ? DaoDraft.Parse(json) : null;

    public Task SaveAsync(string token, DaoDraft draft, CancellationToken cancellationToken)
    {
        var json = draft.ToJsonBytes();
        if (json.Length > MaxBytes)
            throw new ArgumentException($"A draft has at most {MaxBytes} bytes.", nameof(draft));
        return database.InTransactionAsync(async transaction =>
        {
            var connection = transaction.Connection!;
            await connection.ExecuteAsync("""
                INSERT INTO dao_drafts (token_digest, draft, updated_at) VALUES (@digest, @text, @now)
                ON CONFLICT (token_digest) DO UPDATE SET draft = excluded.draft, updated_at = excluded.updated_at
                """, new { digest = DigestOf(token), text = Encoding.UTF8.GetString(json), now = Now }, transaction);
            return await connection.ExecuteAsync("""
                DELETE FROM dao_drafts WHERE updated_at <= @Oldest
                   OR token_digest NOT IN (SELECT token_digest FROM dao_drafts ORDER BY updated_at DESC, token_digest LIMIT @MostDrafts)
                """, new { Oldest, MostDrafts }, transaction);
        }, cancellationToken);
    }

    public Task DeleteAsync(string? token, CancellationToken cancellationToken) => token is null ? Task.CompletedTask
        : database.ExecuteAsync("DELETE FROM dao_drafts WHERE token_digest = @digest", new { digest = DigestOf(token) }, cancellationToken);

    private static Bytes32 DigestOf(string token) => Bytes32.FromSpan(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private long Now => time.GetUtcNow().ToUnixTimeSeconds();

    private long Oldest => Now - (long)Lifetime.TotalSeconds;
}
