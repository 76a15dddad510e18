using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Operations;
using Commonhold.Server.Storage;

namespace Commonhold.Server.Contributions;

/// <summary>Bounds what one caller's uploads take while nobody has judged what came of them: strangers pay nothing for an upload.</summary>
/// <remarks>Guarantee: one caller has at most <see cref="LimitOptions.WaitingPerCaller"/> of them, and together they were announced with at most a quarter
/// of the free disk, but for a single one. What was begun before a restart is not counted.</remarks>
internal sealed class UploadShares(IBlobStore store, ContributionTable table, NodeOptions options, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(10);
    private readonly SemaphoreSlim _gate = new(1);
    private readonly Dictionary<string, Share> _shares = [];

    /// <returns>Null when the upload may begin, and then it counts; <c>upload.too_many_waiting</c> otherwise.</returns>
    public async Task<Refusal?> TakeAsync(string caller, Bytes32 digest, long size, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            foreach (var (idle, _) in _shares.Where(share => share.Value.LastAt < now - options.Limits.UploadLifetime).ToList())
                _shares.Remove(idle);
            var share = _shares.TryGetValue(caller, out var known) ? known : _shares[caller] = new Share();
            if (!HasRoom(share, size) && now - share.LookedAt >= BetweenLooks)
            {
                share.LookedAt = now;
                foreach (var earlier in share.Sizes.Keys.ToList())
                    if (await IsSettledAsync(earlier, cancellationToken))
                        share.Sizes.Remove(earlier);
            }

            if (!HasRoom(share, size))
                return new Refusal("upload.too_many_waiting", "Too much from this address was uploaded that no validator has judged yet.", "Try again when some of it is judged, or from another address.");
            (share.Sizes[digest], share.LastAt) = (size, now);
            return null;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    // What the disk cannot hold at all the store refuses, in its own words.
    private bool HasRoom(Share share, long size) => share.Sizes.Count == 0 || (share.Sizes.Count < options.Limits.WaitingPerCaller
        && (store.AvailableBytes is var free && (size > free || share.Sizes.Values.Sum() + size <= free / 4)));

    private async Task<bool> IsSettledAsync(Bytes32 digest, CancellationToken cancellationToken) => await table.FindAsync(digest, cancellationToken) is { } row
        ? row.State != ContributionState.Waiting : await store.FindUploadAsync(digest, cancellationToken) is null;

    private sealed class Share
    {
        public Dictionary<Bytes32, long> Sizes { get; } = [];
        public DateTimeOffset LastAt { get; set; }
        public DateTimeOffset LookedAt { get; set; }
    }
}
