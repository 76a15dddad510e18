using System.Security.Cryptography;
using System.Text;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Storage;

namespace Commonhold.Server.Access;

/// <summary>The purpose statements that requests name by their digest.</summary>
/// <remarks>Guarantee: a text goes by its digest, so nobody is shown another one than the terms name; one that a request names is kept for
/// good. Trust: nobody. A buyer gives the text before the request is on chain, so it is taken from anybody, but not for longer than a day and
/// not in any number: strangers cannot fill the disk, and a text that a request names is always taken.</remarks>
internal sealed class PurposeShelf(IBlobStore store, Database database, TimeProvider time) : IDisposable
{
    /// <summary>Longest text, in bytes of UTF-8.</summary>
    public const int MaxBytes = 4096;

    /// <summary>Most texts that no request names yet.</summary>
    public const int MostWaiting = 1000;

    /// <summary>How long a text waits for its request.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMinutes(1);
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private readonly SemaphoreSlim _gate = new(1);
    private Dictionary<Bytes32, DateTimeOffset>? _waiting;
    private DateTimeOffset _tidiedFull;

    /// <returns>Null, or why it was not taken: <c>purpose.invalid</c>, <c>purpose.digest_mismatch</c>, <c>purpose.too_many_waiting</c>.</returns>
    public async Task<Refusal?> PutAsync(Bytes32 digest, ReadOnlyMemory<byte> text, CancellationToken cancellationToken)
    {
        if (Fault(text.Span) is { } fault)
            return new Refusal("purpose.invalid", fault, $"Write it in words, in at most {MaxBytes:N0} bytes of UTF-8.");
        if (DigestOf(text.Span) is var found && found != digest)
            return new Refusal("purpose.digest_mismatch", $"The text has the digest {found}, not {digest}.", "The digest is SHA-256 of the text's UTF-8 bytes.");
        if (await store.ExistsAsync(NameOf(digest), cancellationToken))
            return null;
        var isNamed = await IsNamedAsync(digest, cancellationToken);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var waiting = await TidyAsync(cancellationToken);
            if (!isNamed && waiting.Count >= MostWaiting)
                return new Refusal("purpose.too_many_waiting", $"{MostWaiting:N0} purposes already wait for their requests.", "Make the request first and give the text again: one that a request names is always taken.");
            await store.WriteAsync(NameOf(digest), text, cancellationToken);
            if (!isNamed)
                waiting[digest] = time.GetUtcNow();
            return null;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The text with that digest; null when this node was not given it.</summary>
    public async Task<string?> FindAsync(Bytes32 digest, CancellationToken cancellationToken)
    {
        await using var file = await store.OpenAsync(NameOf(digest), cancellationToken);
        if (file is null)
            return null;
        var bytes = new byte[MaxBytes + 1];
        var length = await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        // The disk is the operator's: what is shown is held against its digest like anybody's.
        return length <= MaxBytes && DigestOf(bytes.AsSpan(0, length)) == digest ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }

    public static Bytes32 DigestOf(ReadOnlySpan<byte> text) => Bytes32.FromSpan(SHA256.HashData(text));

    public void Dispose() => _gate.Dispose();

    /// <summary>Forgets what waited in vain; reads what waits from the store once, since it outlives the process.</summary>
    private async Task<Dictionary<Bytes32, DateTimeOffset>> TidyAsync(CancellationToken cancellationToken)
    {
        if (_waiting is null)
        {
            _waiting = [];
            await foreach (var blob in store.ListAsync("purposes", cancellationToken))
                _waiting[Bytes32.Parse("0x" + Path.GetFileNameWithoutExtension(blob.Name.ToString()))] = blob.WrittenAt;
        }

        var before = time.GetUtcNow() - Patience;
        // While it is full everybody's text would have every entry looked up again: once a minute is enough.
        var looksUpAll = _waiting.Count >= MostWaiting && time.GetUtcNow() - _tidiedFull >= BetweenLooks;
        if (looksUpAll)
            _tidiedFull = time.GetUtcNow();
        // Asked about only when it matters: while there is room, a named one in the list does no harm.
        foreach (var (digest, at) in _waiting.ToList())
        {
            if (at >= before && !looksUpAll)
                continue;
            if (await IsNamedAsync(digest, cancellationToken))
                _waiting.Remove(digest);
            else if (at < before)
            {
                await store.DeleteAsync(NameOf(digest), cancellationToken);
                _waiting.Remove(digest);
            }
        }

        return _waiting;
    }

    private async Task<bool> IsNamedAsync(Bytes32 digest, CancellationToken cancellationToken) => await database.FindAsync<long>(
        "SELECT COUNT(*) FROM requests WHERE terms LIKE @digest", new { digest = $"%\"purposeDigest\":\"{digest}\"%" }, cancellationToken) > 0;

    private static string? Fault(ReadOnlySpan<byte> text)
    {
        if (text.Length is 0 or > MaxBytes)
            return $"A purpose has 1 to {MaxBytes:N0} bytes, not {text.Length:N0}.";
        try
        {
            var words = Strict.GetString(text);
            return string.IsNullOrWhiteSpace(words) ? "The purpose is blank."
                : words.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')) ? "The purpose has control characters." : null;
        }
        catch (DecoderFallbackException)
        {
            return "The purpose is not UTF-8.";
        }
    }

    private static BlobName NameOf(Bytes32 digest) => BlobName.Parse($"purposes/{digest.ToString()[2..4]}/{digest.ToString()[2..]}.txt");
}
